from frappe.model.document import Document


class CRMTwilioSettings(Document):
	pass
