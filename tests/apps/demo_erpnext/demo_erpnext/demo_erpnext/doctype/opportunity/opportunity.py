from frappe.model.document import Document


class Opportunity(Document):
	def validate(self):
		self.title = self.customer_name or self.party_name
