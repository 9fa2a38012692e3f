from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import WrittenWithParent


class CallClipRecipient(WrittenWithParent, PlainDocument):
	"""Somebody in the house who received a clip."""
