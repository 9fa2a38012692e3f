from call_intelligence.rows import KeepsToItsRows
from call_intelligence.terms import rules, scan
from call_intelligence.texts.document import PlainDocument


class TrackedTerm(KeepsToItsRows, PlainDocument):
	def validate(self):
		rules.check(self)
		scan.note_change(self)

	def on_update(self):
		scan.request_if_needed(self)

	def on_trash(self):
		scan.forget_term(self.name)
