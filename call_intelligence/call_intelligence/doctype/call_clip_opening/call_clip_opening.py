from call_intelligence.core.document import PlainDocument


class CallClipOpening(PlainDocument):
	"""Somebody opened a clip. Written by clips/openings.py."""
