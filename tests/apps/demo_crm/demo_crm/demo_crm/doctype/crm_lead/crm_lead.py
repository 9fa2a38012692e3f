from frappe.model.document import Document


class CRMLead(Document):
	def validate(self):
		self.lead_name = " ".join(part for part in (self.first_name, self.last_name) if part)
