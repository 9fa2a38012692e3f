from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import WrittenWithParent


class CRMObjectMapping(WrittenWithParent, PlainDocument):
	def get_invalid_links(self, *args, **kwargs):
		"""A DocType named here may have been removed with its app, which must not prevent saving Settings."""
		return [], []
