from call_intelligence.rows import KeepsToItsRows
from call_intelligence.texts.document import PlainDocument


class ProcessingRun(KeepsToItsRows, PlainDocument):
	pass
