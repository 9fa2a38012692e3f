from frappe.model.document import Document


class TrackedTermPhrase(Document):
	pass
