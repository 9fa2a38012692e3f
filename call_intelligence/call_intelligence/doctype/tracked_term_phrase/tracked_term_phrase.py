from call_intelligence.texts.document import PlainDocument

from call_intelligence.rows import WrittenWithParent


class TrackedTermPhrase(WrittenWithParent, PlainDocument):
	pass
