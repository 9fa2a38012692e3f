from frappe.model.document import Document

from call_intelligence.terms import categories


class TrackedTermCategory(Document):
	def validate(self):
		categories.check(self)

	def on_trash(self):
		categories.remove_terms(self.name)
