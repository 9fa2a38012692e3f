from frappe.model.document import Document


class HDTicketPriority(Document):
	pass
