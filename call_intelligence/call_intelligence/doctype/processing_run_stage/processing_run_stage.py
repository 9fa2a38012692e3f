from frappe.model.document import Document


class ProcessingRunStage(Document):
	pass
