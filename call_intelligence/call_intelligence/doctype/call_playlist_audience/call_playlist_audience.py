from frappe.model.document import Document

from call_intelligence.rows import WrittenWithParent


class CallPlaylistAudience(WrittenWithParent, Document):
	pass
