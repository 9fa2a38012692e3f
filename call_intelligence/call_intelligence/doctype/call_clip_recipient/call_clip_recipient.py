from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import WrittenWithParent


class CallClipRecipient(WrittenWithParent, PlainDocument):
	"""A user who received a clip."""
