from frappe.model.document import Document


class TPTwilioSettings(Document):
	pass
