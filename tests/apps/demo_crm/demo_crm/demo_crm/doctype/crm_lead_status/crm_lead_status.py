from frappe.model.document import Document


class CRMLeadStatus(Document):
	pass
