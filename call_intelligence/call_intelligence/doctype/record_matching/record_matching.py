from call_intelligence.texts.document import PlainDocument


class RecordMatching(PlainDocument):
	"""A Contact or Lead whose earlier calls are still to be found: see matching/later.py and jobs/match.py. No role reads these."""
