from call_intelligence.core.document import PlainDocument


class CallClipOpening(PlainDocument):
	"""One opening of a clip. Written by clips/openings.py."""
