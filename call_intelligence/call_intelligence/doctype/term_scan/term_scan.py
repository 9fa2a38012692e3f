from call_intelligence.terms import scan
from call_intelligence.texts.document import PlainDocument


class TermScan(PlainDocument):
	"""Older calls are searched for terms that are new or have changed: see terms/scan.py and jobs/scan.py."""

	def on_trash(self):
		if self.status != "Succeeded":
			scan.give_back(self.name)
