"""The base of classes that are mixed into documents.

For the type checker it is Document; at run time it is `object`, since a document has one base Document.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from frappe.model.document import Document as Mixin
else:
	Mixin = object
