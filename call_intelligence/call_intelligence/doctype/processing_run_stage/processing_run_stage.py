from frappe.model.document import Document

from call_intelligence.rows import WrittenWithParent


class ProcessingRunStage(WrittenWithParent, Document):
	pass
