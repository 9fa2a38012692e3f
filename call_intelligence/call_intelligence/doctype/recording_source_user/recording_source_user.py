from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import WrittenWithParent


class RecordingSourceUser(WrittenWithParent, PlainDocument):
	pass
