from frappe.model.document import Document


class HDTicketComment(Document):
	pass
