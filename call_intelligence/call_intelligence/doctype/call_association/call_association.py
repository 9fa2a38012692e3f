from call_intelligence.texts.document import PlainDocument

from call_intelligence.linking import VanishingLinks
from call_intelligence.rows import WrittenWithParent


class CallAssociation(WrittenWithParent, VanishingLinks, PlainDocument):
	vanishing = (("link_doctype", "link_name"),)
