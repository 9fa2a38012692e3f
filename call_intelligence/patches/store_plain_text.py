"""Text that older versions have stored with angle brackets; see texts/plain.py."""

import frappe

from call_intelligence.texts import writing
from call_intelligence.texts.plain import is_text, plain_values

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
	"""By name, `ROWS_AT_ONCE` in each transaction: a table of utterances may be long, and what is done stays done."""
	columns = frappe.db.get_table_columns(doctype)
	fields = [df.fieldname for df in frappe.get_meta(doctype).fields if is_text(df) and df.fieldname in columns]
	if not fields:
		return
	table = frappe.qb.DocType(doctype)
	has_brackets = None
	for field in fields:
		condition = table[field].like("%<%") | table[field].like("%>%")
		has_brackets = has_brackets | condition if has_brackets else condition
	last = ""
	while True:
		rows = (
			frappe.qb.from_(table)
			.select(table.name, *(table[field] for field in fields))
			.where((table.name > last) & has_brackets)
			.orderby(table.name)
			.limit(ROWS_AT_ONCE)
		).run(as_dict=True)
		for row in rows:
			name = row.pop("name")
			changed = {field: value for field, value in plain_values(doctype, row).items() if value != row[field]}
			if changed:
				writing.set_value(doctype, name, changed, update_modified=False)
		if len(rows) < ROWS_AT_ONCE:
			return
		last = name
		if not frappe.flags.in_test:
			frappe.db.commit()
