"""Removes names of CRM records from the history of calls written by earlier versions; see associations/name_history.py."""

import frappe

from call_intelligence.associations.name_history import without_names

ROWS_AT_ONCE = 500


def execute():
	"""By name, `ROWS_AT_ONCE` in each transaction, so that an interrupted patch keeps its progress."""
	version = frappe.qb.DocType("Version")
	last = ""
	while True:
		rows = (
			frappe.qb.from_(version)
			.select(version.name, version.data)
			.where((version.ref_doctype == "Call") & (version.name > last))
			.orderby(version.name)
			.limit(ROWS_AT_ONCE)
		).run()
		for name, data in rows:
			strip(name, data)
		if len(rows) < ROWS_AT_ONCE:
			return
		last = rows[-1][0]
		if not frappe.flags.in_test:
			frappe.db.commit()


def strip(name: str, data: str | None) -> None:
	try:
		before = frappe.parse_json(data or "{}")
		after = without_names(before)
	except (ValueError, TypeError, AttributeError):
		# Frappe cannot show it either
		return
	if after != before:
		frappe.db.set_value(
			"Version",
			name,
			"data",
			frappe.as_json(after, indent=None, separators=(",", ":")),
			update_modified=False,
		)
