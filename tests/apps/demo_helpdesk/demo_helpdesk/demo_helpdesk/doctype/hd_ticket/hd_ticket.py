from frappe.model.document import Document


class HDTicket(Document):
	pass
