from frappe.model.document import Document


class Employee(Document):
	pass
