from frappe.model.document import Document


class CRMCallLog(Document):
	pass
