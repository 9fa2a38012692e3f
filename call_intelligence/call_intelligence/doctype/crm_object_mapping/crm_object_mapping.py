from frappe.model.document import Document


class CRMObjectMapping(Document):
	def get_invalid_links(self, *args, **kwargs):
		"""The app of a DocType that is named here may have been removed: that shall not keep anybody from saving Settings."""
		return [], []
