"""The rule for plain text: no angle brackets, in no text field of any DocType of this app.

Frappe draws plain fields as markup in print views, e-mails and some lists. Its own check at saving removes closed tags only, lets
JSON through, and never sees what is written by query. Without "<" there is no tag, closed or not. Typographic brackets stand in for
them, so that "a < b" and "Anna <anna@example.com>" can still be read, no text gets longer, and JSON stays JSON.
"""

from collections.abc import Iterable

import frappe
from frappe.model import data_fieldtypes

# made safe as markup: by richtext.py where the field is one of ours, else by Frappe; never shown; or one of a few words
NOT_PLAIN = {"Text Editor", "HTML Editor", "Markdown Editor", "Password", "Select"}
LINKS = {"Link", "Dynamic Link"}


def plain(text: str) -> str:
	"""The text without angle brackets, as long as before."""
	return text.replace("<", "‹").replace(">", "›")


def is_text(df) -> bool:
	"""Whether a DocField holds plain text; names of linked records are text as well."""
	return df.fieldtype in data_fieldtypes and df.fieldtype not in NOT_PLAIN


def plain_values(doctype: str, values: dict) -> dict:
	"""The same {field: value}, with plain text in the text fields of the DocType."""
	found = {}
	for field, value in values.items():
		if isinstance(value, str) and ("<" in value or ">" in value):
			df = frappe.get_meta(doctype).get_field(field)
			if df and is_text(df) and not is_record(df, value, values):
				value = plain(value)
		found[field] = value
	return found


def is_record(df, name: str, values: dict) -> bool:
	"""Whether a link leads to a record of just that name: older versions of Frappe allowed angle brackets in names."""
	if df.fieldtype not in LINKS:
		return False
	target = df.options if df.fieldtype == "Link" else values.get(df.options)
	return bool(target and frappe.db.exists("DocType", target) and frappe.db.exists(target, name))


def plain_rows(doctype: str, fields: Iterable[str], rows: Iterable[Iterable]) -> list[tuple]:
	"""Rows of values for `fields`, as they are inserted many at once, with plain text in the text fields of the DocType."""
	meta = frappe.get_meta(doctype)
	dfs = [meta.get_field(field) for field in fields]
	texts = [bool(df and is_text(df) and df.fieldtype not in LINKS) for df in dfs]
	return [
		tuple(
			plain(value) if is_text and isinstance(value, str) else value
			for value, is_text in zip(row, texts, strict=True)
		)
		for row in rows
	]
