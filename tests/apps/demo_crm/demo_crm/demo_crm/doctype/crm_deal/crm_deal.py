from frappe.model.document import Document


class CRMDeal(Document):
	pass
