from call_intelligence.core.document import PlainDocument
from call_intelligence.terms import scans


class TermScan(PlainDocument):
	"""A search of older calls for terms that are new or have changed: see terms/scans.py and terms/jobs.py."""

	def on_trash(self):
		if self.status != "Succeeded":
			scans.give_back(self.name)
