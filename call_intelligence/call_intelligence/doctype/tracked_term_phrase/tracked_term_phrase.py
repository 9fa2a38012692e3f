from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import WrittenWithParent


class TrackedTermPhrase(WrittenWithParent, PlainDocument):
	pass
