from call_intelligence.linking import VanishingLinks
from call_intelligence.record_names.documents import NamesReadableRecord
from call_intelligence.rows import WrittenWithParent
from call_intelligence.texts.document import PlainDocument


class CallAssociation(NamesReadableRecord, WrittenWithParent, VanishingLinks, PlainDocument):
	vanishing = (("link_doctype", "link_name"),)
