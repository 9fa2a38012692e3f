from call_intelligence.texts.document import PlainDocument

from call_intelligence.rows import WrittenWithParent


class CallClipRecipient(WrittenWithParent, PlainDocument):
	"""Somebody in the house who received a clip."""
