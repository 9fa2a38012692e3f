from frappe.model.document import Document


class CallParticipant(Document):
	pass
