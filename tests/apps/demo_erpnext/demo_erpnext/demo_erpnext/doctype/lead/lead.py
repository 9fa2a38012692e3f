from frappe.model.document import Document


class Lead(Document):
	def validate(self):
		self.lead_name = " ".join(part for part in (self.first_name, self.last_name) if part)
		self.title = self.company_name or self.lead_name
