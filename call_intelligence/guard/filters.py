"""Refuses requests with SQL in their filters, before any function is called.

Frappe's queries put parts of filters into SQL unchecked: the name of a field with "ifnull(" or a backtick, and a text in a list of
filters in place of a filter. Its lists and REST check some of this, but number cards, the calendar, link search and others don't: with
`["1=1 or 1=1"]` they return every document, regardless of permissions. Hence every argument named like filters is checked here, in
requests about any DocType, as a query about one can read the tables of another. The same holds for what number cards, the calendar
and others select and order by: a query in brackets there can read any table.
"""

import json
import re

import frappe
from frappe import _

from call_intelligence.queries.known import OPERATORS

SIGN = "ifnull("
# JSON may write any character as an escape
ESCAPE = "\\u"
# filters, or_filters, current_filters, filters_json; columns that the calendar puts into an expression
FILTERS = re.compile(r"(\w+_)?filters(_json)?", re.ASCII)
COLUMNS = "field_map"
# columns that number cards and charts put into an expression
BASED_ON = re.compile(r"(aggregate_function|value|group_by)_based_on", re.ASCII)
# selected or ordered by; functions of columns are harmless there, queries, comments and functions that wait are not
SELECTED = (
	"fields", "filter_fields", "order_by", "group_by", "sort_field", "sort_by", "searchfield",
	"aggregate_on", "aggregate_on_field", "aggregate_function",
)  # fmt: skip
QUERY = re.compile(
	r"\(\s*select\b|/\*|\*/|--|[#;@]|\b(sleep|benchmark|get_lock|load_file)\s*\(",
	re.IGNORECASE,
)
# pairs of words in this order, with anything between them
PARTS_OF_A_QUERY = [
	(re.compile(rf"\b{first}\b", re.IGNORECASE), re.compile(rf"\b{then}\b", re.IGNORECASE))
	for first, then in (("select", "from"), ("union", "select"))
]
# Frappe's intended use of "ifnull(": a column, and a value for NULL
HARMLESS = re.compile(
	r"""ifnull\(\s*(`tab[\w \-]+`\.)?`?\w+`?\s*,\s*('[\w :.\-]*'|"[\w :.\-]*"|\d+)\s*\)""",
	re.ASCII | re.IGNORECASE,
)
# a column, also of another table; Frappe quotes it, so a space is harmless
NAME = re.compile(r"(`tab[\w \-]+`\.)?`\w+`|[\w \-.:/&%+]*")
# a text in a list of filters becomes a condition, without quotes
CONDITION = re.compile(r"[\w .]*")
JOINS = re.compile(r"\b(or|xor|union)\b", re.IGNORECASE)
CONNECTORS = ("and", "or")


def check_request() -> None:
	"""Hook before_request. Raises frappe.ValidationError."""
	check(dict(frappe.local.form_dict))


def check(argument) -> None:
	"""Check all values of the request, including documents and JSON within JSON, for filters."""
	waiting = [argument]
	while waiting:
		value = waiting.pop()
		if isinstance(value, str):
			value = parsed(value) if may_hold_filters(value) else None
		if isinstance(value, dict):
			names, inner = list(value.keys()), list(value.values())
			for name, entry in value.items():
				check_entry(name, entry)
		elif isinstance(value, list):
			names, inner = value[:2], value
		else:
			continue
		for name in names:
			if isinstance(name, str) and holds_sign(name) and parsed(name) is None:
				check_name(name)
		waiting.extend(inner)


def may_hold_filters(text: str) -> bool:
	return (
		holds_sign(text)
		or ESCAPE in text
		or any(name in text for name in ("filters", COLUMNS, "based_on", *SELECTED))
	)


def holds_sign(text: str) -> bool:
	return SIGN in text.lower()


def check_entry(name, value) -> None:
	if not isinstance(name, str):
		return
	if FILTERS.fullmatch(name):
		check_filters(parsed(value) if isinstance(value, str) else value)
	elif name == COLUMNS:
		columns = parsed(value) if isinstance(value, str) else value
		for column in columns.values() if isinstance(columns, dict) else ():
			check_column(column)
	elif BASED_ON.fullmatch(name):
		check_column(value)
	elif name in SELECTED:
		check_selected(value)


def check_column(name) -> None:
	if isinstance(name, str) and not re.fullmatch(r"\w*", name, re.ASCII):
		refuse(name)


def check_selected(value) -> None:
	"""A text, or lists of them, or their JSON"""
	waiting = [(parsed(value) or value) if isinstance(value, str) else value]
	while waiting:
		found = waiting.pop()
		if isinstance(found, str) and holds_query(found):
			refuse(found)
		if isinstance(found, list):
			waiting.extend(found)


def holds_query(text: str) -> bool:
	if QUERY.search(text):
		return True
	return any(
		(found := first.search(text)) and then.search(text, found.end()) for first, then in PARTS_OF_A_QUERY
	)


def check_filters(filters) -> None:
	"""In each form that Frappe accepts: {field: value}, a single filter, a list of these and of connectors"""
	waiting = [filters]
	while waiting:
		value = waiting.pop()
		if isinstance(value, dict):
			for name in value:
				check_name(name)
		elif isinstance(value, list):
			if any(isinstance(entry, dict | list) for entry in value) and not is_filter(value):
				waiting.extend(check_connectors(value))
			else:
				check_filter(value, alone=value is filters)


def is_filter(value: list) -> bool:
	"""[field, operator, value] or [DocType, field, operator, value], whose value may be a list"""
	return len(value) >= 3 and all(isinstance(entry, str) for entry in value[:2])


def check_connectors(value: list) -> list:
	"""-> the entries of the list other than "and" and "or\""""
	for entry in value:
		if isinstance(entry, str) and entry.lower() not in CONNECTORS:
			refuse(entry)
	return [entry for entry in value if isinstance(entry, dict | list)]


def check_filter(value: list, alone: bool) -> None:
	"""alone: there is no other filter; some versions of Frappe treat its texts as conditions then"""
	place = 1 if len(value) <= 3 else 2
	for name in value[:place]:
		check_name(name)
	if not alone:
		return
	operator = value[place] if len(value) >= 3 else None
	# an operator among the conditions makes the query invalid
	conditions = value[:place] if isinstance(operator, str) and operator.lower() in OPERATORS else value
	for text in conditions:
		if isinstance(text, str) and (not CONDITION.fullmatch(text) or JOINS.search(text)):
			refuse(text)


def check_name(name) -> None:
	if isinstance(name, str) and not NAME.fullmatch(name) and not HARMLESS.fullmatch(name.strip()):
		refuse(name)


def parsed(text: str):
	"""The dict or list that the text contains as JSON; None for any other text."""
	try:
		found = json.loads(text)
	except (ValueError, RecursionError):
		return None
	return found if isinstance(found, dict | list) else None


def refuse(name) -> None:
	# half of a surrogate pair can't be sent back
	text = str(name)[:100].encode("utf-8", "replace").decode()
	frappe.throw(_("Unknown field: {0}").format(frappe.utils.escape_html(text)), frappe.ValidationError)
