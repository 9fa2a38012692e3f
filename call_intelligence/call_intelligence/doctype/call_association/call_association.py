from frappe.model.document import Document

from call_intelligence.linking import VanishingLinks


class CallAssociation(VanishingLinks, Document):
	vanishing = (("link_doctype", "link_name"),)
