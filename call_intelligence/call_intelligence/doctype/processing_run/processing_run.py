from call_intelligence.texts.document import PlainDocument

from call_intelligence.rows import KeepsToItsRows


class ProcessingRun(KeepsToItsRows, PlainDocument):
	pass
