from call_intelligence.texts.document import PlainDocument

from call_intelligence.terms import categories


class TrackedTermCategory(PlainDocument):
	def validate(self):
		categories.check(self)

	def on_trash(self):
		categories.remove_terms(self.name)
