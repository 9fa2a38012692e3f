from call_intelligence.texts.document import PlainDocument

from call_intelligence.rows import WrittenWithParent


class ProcessingRunStage(WrittenWithParent, PlainDocument):
	pass
