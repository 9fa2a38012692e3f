from frappe.model.document import Document


class TPCallLog(Document):
	pass
