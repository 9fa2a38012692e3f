from call_intelligence.core.document import PlainDocument


class RecordMatching(PlainDocument):
	"""A Contact or Lead whose earlier calls are still to be found: see people/matching/later.py and job.py there. No role reads these."""
