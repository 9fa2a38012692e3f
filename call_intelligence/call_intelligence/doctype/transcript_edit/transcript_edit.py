from call_intelligence.core.document import PlainDocument


class TranscriptEdit(PlainDocument):
	"""One change of a transcript by a person: `owner` and `creation` say who and when. Written by editing/, never changed."""
