from frappe.model.document import Document


class CRMExotelSettings(Document):
	pass
