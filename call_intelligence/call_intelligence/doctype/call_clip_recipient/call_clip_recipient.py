from frappe.model.document import Document

from call_intelligence.rows import WrittenWithParent


class CallClipRecipient(WrittenWithParent, Document):
	"""Somebody in the house who received a clip."""
