from call_intelligence.rows import WrittenWithParent
from call_intelligence.texts.document import PlainDocument


class CRMObjectMapping(WrittenWithParent, PlainDocument):
	def get_invalid_links(self, *args, **kwargs):
		"""The app of a DocType that is named here may have been removed: that shall not keep anybody from saving Settings."""
		return [], []
