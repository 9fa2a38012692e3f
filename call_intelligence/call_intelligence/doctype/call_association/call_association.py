from call_intelligence.linking import VanishingLinks
from call_intelligence.rows import WrittenWithParent
from call_intelligence.texts.document import PlainDocument


class CallAssociation(WrittenWithParent, VanishingLinks, PlainDocument):
	vanishing = (("link_doctype", "link_name"),)
