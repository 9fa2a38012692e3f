from call_intelligence.rows import WrittenWithParent
from call_intelligence.texts.document import PlainDocument


class CallClipRecipient(WrittenWithParent, PlainDocument):
	"""Somebody in the house who received a clip."""
