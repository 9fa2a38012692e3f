from frappe.model.document import Document


class ExotelSettings(Document):
	pass
