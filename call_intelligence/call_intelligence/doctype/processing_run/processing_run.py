from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import KeepsToItsRows


class ProcessingRun(KeepsToItsRows, PlainDocument):
	pass
