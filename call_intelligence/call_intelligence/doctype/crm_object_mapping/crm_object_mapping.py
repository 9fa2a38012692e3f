from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import WrittenWithParent


class CRMObjectMapping(WrittenWithParent, PlainDocument):
	def get_invalid_links(self, *args, **kwargs):
		"""The app of a DocType that is named here may have been removed: that shall not keep anybody from saving Settings."""
		return [], []
