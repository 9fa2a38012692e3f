from frappe.model.document import Document


class CommunicationMedium(Document):
	pass
