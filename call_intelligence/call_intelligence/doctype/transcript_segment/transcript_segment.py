import frappe

from call_intelligence.core.document import PlainDocument


class TranscriptSegment(PlainDocument):
	"""One utterance. Written in bulk by jobs/results.py and read by query, never row by row."""


def on_doctype_update():
	frappe.db.add_index("Transcript Segment", ["recording", "position"])
	index = "call_intelligence_text"
	if frappe.db.db_type == "mariadb" and not frappe.db.has_index("tabTranscript Segment", index):
		frappe.db.sql_ddl(f"alter table `tabTranscript Segment` add fulltext index `{index}` (`text`)")
