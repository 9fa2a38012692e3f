from call_intelligence.core.document import PlainDocument
from call_intelligence.terms import categories


class TrackedTermCategory(PlainDocument):
	def before_insert(self):
		# the title becomes the name
		categories.check(self)

	def validate(self):
		categories.check(self)

	def on_trash(self):
		categories.remove_terms(self.name)
