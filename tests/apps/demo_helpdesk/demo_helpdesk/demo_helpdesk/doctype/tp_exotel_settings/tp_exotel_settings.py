from frappe.model.document import Document


class TPExotelSettings(Document):
	pass
