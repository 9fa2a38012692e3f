from call_intelligence.texts.document import PlainDocument


class CallClipOpening(PlainDocument):
	"""Somebody opened a clip. Written by clips/openings.py."""
