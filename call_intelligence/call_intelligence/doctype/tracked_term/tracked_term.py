from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import KeepsToItsRows
from call_intelligence.terms import rules, scans


class TrackedTerm(KeepsToItsRows, PlainDocument):
	def validate(self):
		rules.check(self)
		scans.note_change(self)

	def on_update(self):
		scans.request_if_needed(self)

	def on_trash(self):
		scans.forget_term(self.name)
