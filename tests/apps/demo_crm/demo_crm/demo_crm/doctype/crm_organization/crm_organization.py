from frappe.model.document import Document


class CRMOrganization(Document):
	pass
