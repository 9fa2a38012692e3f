from frappe.model.document import Document


class ProcessingRun(Document):
	pass
