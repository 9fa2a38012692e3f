import frappe

from call_intelligence.core.document import PlainDocument


class TermMention(PlainDocument):
	"""Where a tracked term was said. Written in bulk by terms/mentions.py and read by query, never row by row."""


def on_doctype_update():
	frappe.db.add_index("Term Mention", ["recording", "term"])
