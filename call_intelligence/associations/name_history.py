"""Removes names of CRM records from a call's history, because Frappe shows it to everyone who sees the call."""

import frappe

from call_intelligence.queries.record_names import COLUMNS

TABLES = {"associations": "Call Association", "participants": "Call Participant"}


def strip(version, method: str | None = None) -> None:
	"""Hook before_insert of Version."""
	if version.ref_doctype == "Call" and version.data:
		version.data = frappe.as_json(
			without_names(frappe.parse_json(version.data)), indent=None, separators=(",", ":")
		)


def without_names(data: dict) -> dict:
	"""data: Frappe's `get_diff` of two versions of a Call -> the same without the columns with names"""
	kept = dict(data)
	if "changed" in data:
		kept["changed"] = without_columns("Call", data["changed"])
	for change in ("added", "removed"):
		if change in data:
			kept[change] = [[table, row_without_names(table, row)] for table, row in data[change]]
	if "row_changed" in data:
		rows = (
			[table, number, name, without_columns(TABLES.get(table), changed)]
			for table, number, name, changed in data["row_changed"]
		)
		kept["row_changed"] = [row for row in rows if row[3]]
	return kept


def without_columns(doctype: str | None, changed: list) -> list:
	columns = COLUMNS.get(doctype or "", {})
	hidden = {*columns, *columns.values()} if doctype == "Call" else set(columns)
	return [change for change in changed if change[0] not in hidden]


def row_without_names(table: str, row: dict) -> dict:
	hidden = COLUMNS.get(TABLES.get(table, ""), {})
	return {field: value for field, value in row.items() if field not in hidden}
