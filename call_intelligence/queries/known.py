"""Looks up names from a request before they are used.

Most of Frappe's generic functions take names of fields, operators, orders and DocTypes from requests, and some put them into SQL
unchecked. Here a name is only used if the DocType's meta or the list of operators has it. All functions raise frappe.ValidationError with
the name otherwise.
"""

import json
import math

import frappe
from frappe import _
from frappe.boot import get_additional_filters_from_hooks
from frappe.model import child_table_fields, default_fields, get_permitted_fields, optional_fields

from call_intelligence.queries import record_names

OPERATORS = (
	"=", "!=", ">", "<", ">=", "<=", "like", "not like", "in", "not in", "is", "between", "timespan", "previous", "next",
	"ancestors of", "descendants of", "not ancestors of", "not descendants of", "descendants of (inclusive)",
)  # fmt: skip
ORDERS = ("asc", "desc")
MOST_FILTERS = 100


def doctype(name) -> str:
	"""The exact name of a DocType of this site; the database alone would accept "CALL", "call " and "Cáll" for Call."""
	if not isinstance(name, str) or frappe.db.exists("DocType", name, cache=True) != name:
		refuse(_("Unknown DocType: {0}"), name)
	return name


def field(doctype: str, name, parent: str | None = None) -> str:
	"""The name of a column that the session's user may read; parent: for a child table, the DocType that it belongs to."""
	if not isinstance(name, str) or name not in readable_fields(doctype, parent):
		refuse(_("Unknown field: {0}"), name)
	return name


def readable_fields(doctype: str, parent: str | None = None) -> set[str]:
	meta = frappe.get_meta(doctype)
	standard = {*default_fields, *optional_fields, *(child_table_fields if meta.istable else ())}
	readable = {*standard, *get_permitted_fields(doctype, parenttype=parent)}
	return readable & {*meta.get_valid_columns(), *standard}


def column(doctype: str, name) -> str:
	"""The name of a column, without a permission check: for functions that check it themselves."""
	if not isinstance(name, str) or name not in {
		*frappe.get_meta(doctype).get_valid_columns(),
		*optional_fields,
	}:
		refuse(_("Unknown field: {0}"), name)
	return name


def operator(name) -> str:
	"""An operator of Frappe, or of apps with the hook filters_config."""
	if not isinstance(name, str) or name.lower() not in operators():
		refuse(_("Unknown operator: {0}"), name)
	return name.lower()


def operators() -> set[str]:
	return {*OPERATORS, *(sign.lower() for sign in get_additional_filters_from_hooks())}


def order(name) -> str:
	if not isinstance(name, str) or name.lower() not in ORDERS:
		refuse(_("Unknown order: {0}"), name)
	return name.lower()


def filters(doctype: str, given, parent: str | None = None) -> list[list]:
	"""Filters in any form that Frappe accepts: JSON, {field: value}, {field: [operator, value]}, [field, operator, value] or
	[DocType, field, operator, value], the DocType being this one or one of its child tables. -> [[DocType, field, operator, value]]
	"""
	given = parsed(given)
	if not given:
		return []
	rows = list(given.items()) if isinstance(given, dict) else given
	if not isinstance(rows, list) or len(rows) > MOST_FILTERS:
		refuse(_("Invalid filters: {0}"), given)
	return [one_filter(doctype, row, parent) for row in rows]


def one_filter(doctype: str, row, parent: str | None) -> list:
	if isinstance(row, dict) and len(row) == 1:
		row = next(iter(row.items()))
	if isinstance(row, tuple):
		name, value = row
		row = [name, *value] if isinstance(value, list) and len(value) == 2 else [name, "=", value]
	if not isinstance(row, list) or len(row) < 3:
		refuse(_("Invalid filters: {0}"), row)
	if len(row) == 3:
		row = [doctype, *row]
	# Desk sends a fifth value, whether the filter is hidden
	table, name, sign, value = row[:4]
	if table == doctype:
		name = filtered_field(doctype, name, parent)
	else:
		tables = {column.options for column in frappe.get_meta(doctype).get_table_fields()}
		if not isinstance(table, str) or table not in tables:
			refuse(_("Unknown DocType: {0}"), table)
		name = filtered_field(table, name, doctype)
	return [table, name, *operator_and_value(sign, value)]


def filtered_field(doctype: str, name, parent: str | None) -> str:
	return name if record_names.is_filter(doctype, name) else field(doctype, name, parent)


def operator_and_value(sign, value) -> tuple:
	"""Check operator and value: a value is a number, a text or a list of them, as SQL parameters can be."""
	sign = operator(sign)
	values = value if isinstance(value, list) else [value]
	if not all(one is None or isinstance(one, str | int) or is_finite(one) for one in values):
		refuse(_("Invalid value of a filter: {0}"), value)
	if sign == "is" and value not in ("set", "not set"):
		refuse(_("Invalid value of a filter: {0}"), value)
	return sign, value


def is_finite(value) -> bool:
	return isinstance(value, float) and math.isfinite(value)


def parsed(given):
	if not isinstance(given, str):
		return given
	try:
		return json.loads(given) if given.strip() else None
	except (ValueError, RecursionError):
		refuse(_("Invalid JSON: {0}"), given)


def texts(given) -> list[str]:
	"""A list of names or values, or its JSON."""
	found = parsed(given) or []
	if not isinstance(found, list) or not all(isinstance(text, str | int) for text in found):
		refuse(_("Not a list of texts: {0}"), given)
	return [str(text) for text in found]


def mapping(given) -> dict:
	"""A JSON object."""
	found = parsed(given) or {}
	if not isinstance(found, dict):
		refuse(_("Not a JSON object: {0}"), given)
	return found


def refuse(message: str, name) -> None:
	frappe.throw(message.format(frappe.utils.escape_html(str(name)[:100])), frappe.ValidationError)
