from call_intelligence.associations.linking import VanishingLinks
from call_intelligence.associations.record_names import NamesReadableRecord
from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import WrittenWithParent


class CallAssociation(NamesReadableRecord, WrittenWithParent, VanishingLinks, PlainDocument):
	vanishing = (("link_doctype", "link_name"),)
