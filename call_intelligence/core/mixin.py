"""The base of classes that are mixed into documents.

The type checker finds the methods of a document in it. While the app runs it is nothing, since a document has one base Document.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from frappe.model.document import Document as Mixin
else:
	Mixin = object
