from call_intelligence.rows import WrittenWithParent
from call_intelligence.texts.document import PlainDocument


class ProcessingRunStage(WrittenWithParent, PlainDocument):
	pass
