from frappe.model.document import Document


class CallAssociation(Document):
	pass
