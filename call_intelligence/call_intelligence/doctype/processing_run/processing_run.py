from frappe.model.document import Document

from call_intelligence.rows import KeepsToItsRows


class ProcessingRun(KeepsToItsRows, Document):
	pass
