"""The rule for plain text: text fields of this app's DocTypes contain nothing that could be read as markup.

Frappe renders plain fields as markup in print views, e-mails and some lists; its Kanban boards decode entities first and put titles into
attributes. Its sanitiser removes only closed tags, lets JSON through, and doesn't apply to writes by query.

So typographic characters replace angle brackets, double quotes and their entities: "a < b" and "Anna <anna@example.com>" stay readable,
and texts don't get longer. Long texts keep their quotes, since some are JSON.
"""

import html
import re
from collections.abc import Iterable

import frappe
from frappe.model import data_fieldtypes

# sanitised markup (by richtext.py for our fields, else by Frappe), never shown, or one of a few options
NOT_PLAIN = {"Text Editor", "HTML Editor", "Markdown Editor", "Password", "Select"}
LINKS = {"Link", "Dynamic Link"}
# may be JSON, which needs its quotes; no view puts these texts into attributes
LONG_TEXTS = {"Long Text", "Code", "JSON", "Geolocation"}
# a text without these is plain
SUSPECT = ("<", ">", "&", '"')
STAND_INS = str.maketrans({"<": "‹", ">": "›", '"': "”", "'": "’"})
# browsers also decode entities without a semicolon that are followed by letters
ENTITY = re.compile(r"&#?[0-9A-Za-z]+;?")
OPENING_QUOTE = re.compile(r'(?:(?<=[\s(\[{‹])|^)"(?=\S)')


def without_brackets(text: str) -> str:
	"""The text without angle brackets, written as entities or not. JSON stays JSON."""
	if "&" in text:
		text = ENTITY.sub(plain_entity, text)
	return text.replace("<", "‹").replace(">", "›")


def plain_entity(found: re.Match) -> str:
	text = html.unescape(found[0])
	return text.translate(STAND_INS) if set(text) & set("<>\"'") else found[0]


def plain(text: str) -> str:
	"""The text without angle brackets and double quotes."""
	text = without_brackets(text)
	return OPENING_QUOTE.sub("“", text).replace('"', "”") if '"' in text else text


def rule_for(df):
	"""The function that converts text for a DocField"""
	return without_brackets if df.fieldtype in LONG_TEXTS else plain


def is_text(df) -> bool:
	"""Whether a DocField holds plain text."""
	return df.fieldtype in data_fieldtypes and df.fieldtype not in NOT_PLAIN


def plain_values(doctype: str, values: dict) -> dict:
	"""The same {field: value}, with plain text in the text fields of the DocType."""
	found = {}
	for field, value in values.items():
		if isinstance(value, str) and any(character in value for character in SUSPECT):
			df = frappe.get_meta(doctype).get_field(field)
			if df and is_text(df) and not is_record(df, value, values):
				value = rule_for(df)(value)
		found[field] = value
	return found


def is_record(df, name: str, values: dict) -> bool:
	"""Whether a link points to an existing record: names may contain quotes, and in older versions of Frappe angle brackets."""
	if df.fieldtype not in LINKS:
		return False
	target = df.options if df.fieldtype == "Link" else values.get(df.options)
	return bool(target and frappe.db.exists("DocType", target) and frappe.db.exists(target, name))


def plain_rows(doctype: str, fields: Iterable[str], rows: Iterable[Iterable]) -> list[tuple]:
	"""Rows of values for `fields`, for bulk inserts, with plain text in the text fields of the DocType."""
	meta = frappe.get_meta(doctype)
	dfs = [meta.get_field(field) for field in fields]
	rules = [rule_for(df) if df and is_text(df) and df.fieldtype not in LINKS else None for df in dfs]
	return [
		tuple(
			rule(value) if rule and isinstance(value, str) else value
			for value, rule in zip(row, rules, strict=True)
		)
		for row in rows
	]
