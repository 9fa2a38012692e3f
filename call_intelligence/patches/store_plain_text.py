"""Replaces angle brackets and the like in texts stored by earlier versions; see core/plain.py."""

import frappe
from pypika.terms import Criterion

from call_intelligence.core import writing
from call_intelligence.core.plain import LONG_TEXTS, SUSPECT, is_text, plain_values

MODULE = "Call Intelligence"
ROWS_AT_ONCE = 500


def execute():
	for doctype, single in frappe.get_all(
		"DocType", filters={"module": MODULE}, fields=["name", "issingle"], as_list=True
	):
		make_single_plain(doctype) if single else make_plain(doctype)


def make_single_plain(doctype: str) -> None:
	stored = frappe.db.get_singles_dict(doctype)
	for field, value in plain_values(doctype, stored).items():
		if value != stored[field]:
			frappe.db.set_single_value(doctype, field, value, update_modified=False)


def make_plain(doctype: str) -> None:
	"""By name, `ROWS_AT_ONCE` in each transaction: a table of utterances may be long, and an interrupted patch keeps its progress."""
	columns = frappe.db.get_table_columns(doctype)
	dfs = [df for df in frappe.get_meta(doctype).fields if is_text(df) and df.fieldname in columns]
	fields = [df.fieldname for df in dfs]
	if not fields:
		return
	table = frappe.qb.DocType(doctype)
	suspect = Criterion.any(
		table[df.fieldname].like(f"%{character}%")
		for df in dfs
		for character in SUSPECT
		# JSON always contains some
		if character != '"' or df.fieldtype not in LONG_TEXTS
	)
	last = ""
	while True:
		rows = (
			frappe.qb.from_(table)
			.select(table.name, *(table[field] for field in fields))
			.where((table.name > last) & suspect)
			.orderby(table.name)
			.limit(ROWS_AT_ONCE)
		).run(as_dict=True)
		for row in rows:
			name = row.pop("name")
			changed = {
				field: value for field, value in plain_values(doctype, row).items() if value != row[field]
			}
			if changed:
				write(doctype, name, changed)
		if len(rows) < ROWS_AT_ONCE:
			return
		last = name
		if not frappe.flags.in_test:
			frappe.db.commit()


def write(doctype: str, name: str, values: dict) -> None:
	"""If a text that must be unique is a duplicate now, append the name of the row to it."""
	frappe.db.savepoint("plain_text")
	try:
		writing.set_value(doctype, name, values, update_modified=False)
	except Exception as error:
		if not frappe.db.is_duplicate_entry(error):
			raise
		frappe.db.rollback(save_point="plain_text")
		meta = frappe.get_meta(doctype)
		for field in values:
			if meta.get_field(field).fieldtype == "Data":
				values[field] = f"{values[field][:100]} {name}"
		writing.set_value(doctype, name, values, update_modified=False)
