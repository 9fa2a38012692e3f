from frappe.model.document import Document

from call_intelligence.linking import VanishingLinks
from call_intelligence.rows import WrittenWithParent


class CallAssociation(WrittenWithParent, VanishingLinks, Document):
	vanishing = (("link_doctype", "link_name"),)
