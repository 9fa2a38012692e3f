from frappe.model.document import Document


class Prospect(Document):
	pass
