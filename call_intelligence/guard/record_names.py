"""Refuses filters and orders that would disclose names of CRM records which the user may not read.

Frappe hides columns by their permission level but lets everyone filter by them: whether a list is empty discloses whether a call has
a contact whose name begins with "A". A request about calls may use the columns of `core.record_names` as follows:

- a filter is `=` or `in` with names of records that the user may read, or `is` set or not set
- they are not used in an order, group, function or view

This holds for filters anywhere in a request, including JSON within JSON, and for everyone except users who may list these columns.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

import frappe
from frappe import _

from call_intelligence import permissions
from call_intelligence.guard.filters import ESCAPE, parsed
from call_intelligence.guard.ours import as_compared, our_doctype
from call_intelligence.integrations.registry import association_doctypes
from call_intelligence.queries import known, sql
from call_intelligence.queries.record_names import COLUMNS, NAMES, reads_all

COLUMN = re.compile(rf"(?<!\w)({'|'.join(NAMES)})(?!\w)", re.IGNORECASE)
# parameters and keys whose values are DocTypes, except reference_doctype: a link search names its form by it
DOCTYPE_KEY = re.compile(r"(?<!reference_)doc_?type|document_type|^dt$|^parent")
REPORT_KEYS = ("report_name", "report")
# columns that are only read: Frappe leaves out those that the user may not list
SELECTIONS = {"fields", "fieldname", "field", "field_name", "columns", "column", "filter_fields", "pluck"}
ARRANGEMENT = re.compile(r"order|sort|group|based_on|aggregate|axis|field|column|stats")
# tables of a call: their rows are written, not searched
TABLES = ("associations", "participants")
NOT_SET = (None, "")


@dataclass
class Place:
	"""A value of the request, and the path of keys to it"""

	value: Any
	keys: tuple[str, ...] = ()
	alternatives: bool = False
	"""conditions in it are joined by "or" """
	in_list: bool = False

	@property
	def key(self) -> str:
		return self.keys[-1] if self.keys else ""

	def under(self, key, value) -> "Place":
		return Place(value, (*self.keys, str(key)), self.alternatives or str(key).startswith("or_"))

	def item(self, value, alternatives: bool) -> "Place":
		return Place(value, self.keys, self.alternatives or alternatives, in_list=True)


@dataclass
class Condition:
	column: str
	operator: object
	value: Any
	doctype: str | None = None
	"""of the record, where a condition beside it says so"""


def check_request() -> None:
	"""Hook auth_hooks. Raises frappe.PermissionError."""
	check(frappe.local.request.path, frappe.local.form_dict)


def check(path: str, arguments: dict) -> None:
	check_export(path, arguments)
	if not any(is_suspect(value) for value in arguments.values()) or frappe.session.user == "Guest":
		return
	places = list(walk(arguments))
	if not is_about_calls(path, places) or reads_all():
		return
	conditions = []
	for place in places:
		if isinstance(place.value, str):
			check_text(place)
		else:
			conditions += conditions_of(place)
	check_values(conditions)


def check_export(path: str, arguments: dict) -> None:
	"""Frappe's export of a DocType with its tables ignores the permission levels of the tables' columns."""
	functions = [str(name).strip("/") for name in (path, arguments.get("cmd"))]
	if not any(name.endswith(".export_data") for name in functions):
		return
	doctypes = {our_doctype(arguments.get(key)) for key in ("doctype", "parent_doctype")}
	if doctypes & set(COLUMNS) and not reads_all():
		frappe.throw(
			_("This export would name records that you may not read. Export calls from their report view."),
			frappe.PermissionError,
		)


def is_suspect(argument) -> bool:
	text = argument if isinstance(argument, str) else str(argument)
	# JSON may write any character as an escape
	return bool(COLUMN.search(text)) or ESCAPE in text


def walk(arguments: dict):
	"""Each value of the request. Without recursion, as the client decides how deeply it is nested."""
	waiting = [Place(value, (key,), key.startswith("or_")) for key, value in arguments.items()]
	while waiting:
		place = waiting.pop()
		if isinstance(place.value, str):
			found = parsed(place.value)
			place = place if found is None else replace(place, value=found)
		yield place
		if isinstance(place.value, dict):
			waiting += [place.under(key, value) for key, value in place.value.items()]
		elif isinstance(place.value, list) and not is_condition(place):
			alternatives = has_or(place.value)
			waiting += [place.item(value, alternatives) for value in place.value]


def has_or(rows: list) -> bool:
	return any(isinstance(row, str) and row.lower() == "or" for row in rows)


# ------------------------------------------------------------------------------------------------ requests about calls


def is_about_calls(path: str, places: list[Place]) -> bool:
	if any(our_doctype(part) for part in unquote(path).split("/") if part):
		return True
	return any(map(names_calls, places))


def names_calls(place: Place) -> bool:
	value = place.value
	if isinstance(value, str):
		if "tabcall" in value.lower() or (DOCTYPE_KEY.search(place.key) and our_doctype(value)):
			return True
		if place.key in REPORT_KEYS:
			return bool(our_doctype(frappe.db.get_value("Report", value, "ref_doctype", cache=True)))
	# [DocType, field, operator, value]
	return (
		isinstance(value, list)
		and len(value) > 3
		and isinstance(value[0], str)
		and bool(our_doctype(value[0]))
	)


# ------------------------------------------------------------------------------------------------ filters


def is_condition(place: Place) -> bool:
	return place.key not in SELECTIONS and any(is_operator(sign) for sign in place.value[1:3])


def is_operator(sign) -> bool:
	return isinstance(sign, str) and sign.lower() in operators()


def operators() -> set[str]:
	"""Kept for the request, as each value is checked against them"""
	found = getattr(frappe.local, "call_intelligence_operators", None)
	if not found:
		found = frappe.local.call_intelligence_operators = known.operators()
	return found


def conditions_of(place: Place) -> list[Condition]:
	if isinstance(place.value, dict):
		return conditions_in_dict(place)
	if isinstance(place.value, list) and place.key not in SELECTIONS:
		return conditions_in_list(place)
	return []


def conditions_in_dict(place: Place) -> list[Condition]:
	"""{field: value} or {field: [operator, value]}"""
	given = place.value
	is_document = isinstance(given.get("doctype"), str) or place.key in TABLES
	found = []
	for name, value in given.items():
		column = column_in(name)
		if not column or (is_document and not isinstance(value, list)):
			continue
		sign, value = pair(value)
		doctype = None if place.alternatives else of_equality(given.get(NAMES[column] or ""))
		found.append(Condition(column, sign, value, doctype))
	return found


def conditions_in_list(place: Place) -> list[Condition]:
	"""The conditions in [[field, operator, value], [DocType, field, operator, value] ...], or in a single one of these"""
	if is_condition(place):
		# one in a list is handled with that list, which may tell its DocType
		return [] if place.in_list else list(filter(None, [condition(place.value)]))
	rows = [row for row in place.value if isinstance(row, list)]
	doctypes = {}
	alternatives = place.alternatives or has_or(place.value)
	for name, sign, value in map(field_of, rows):
		if sign == "=" and isinstance(value, str) and not alternatives:
			doctypes[name] = value
	found = list(filter(None, map(condition, rows)))
	for one in found:
		one.doctype = doctypes.get(NAMES[one.column])
	return found


def condition(row: list) -> Condition | None:
	name, sign, value = field_of(row)
	column = column_in(name)
	return Condition(column, sign, value) if column else None


def field_of(row: list) -> tuple:
	"""(field, operator, value)"""
	if len(row) > 3:
		return tuple(row[1:4]) if our_doctype(row[0]) else (None, None, None)
	if len(row) == 2:
		return row[0], "=", row[1]
	return tuple(row) if len(row) == 3 else (None, None, None)


def pair(value) -> tuple:
	if isinstance(value, list):
		return tuple(value) if len(value) == 2 else ("", value)
	return "=", value


def of_equality(value) -> str | None:
	sign, value = pair(value)
	return value if sign == "=" and isinstance(value, str) else None


def column_in(name) -> str | None:
	"""The column of record names that a filter's field refers to; an expression with one is refused."""
	found = COLUMN.search(name) if isinstance(name, str) else None
	if not found:
		return None
	if "(" in name:
		refuse(found[1])
	return found[1].lower()


# ------------------------------------------------------------------------------------------------ their values


def check_values(conditions: list[Condition]) -> None:
	wanted: dict[str | None, dict[str, str]] = defaultdict(dict)
	for one in conditions:
		sign = (one.operator or "=").lower().strip() if isinstance(one.operator, str | None) else None
		values = one.value
		if sign == "is" and isinstance(values, str) and values.lower() in ("set", "not set"):
			continue
		if sign in ("=", "!=") and values in NOT_SET:
			continue
		if sign == "in":
			values = values.split(",") if isinstance(values, str) else values
		elif sign == "=":
			values = [values]
		else:
			refuse(one.column)
		if not isinstance(values, list) or not NAMES[one.column]:
			refuse(one.column)
		for value in values:
			if value in NOT_SET:
				continue
			# to the database, a number equals every name that begins with it
			if not isinstance(value, str):
				refuse(one.column)
			wanted[one.doctype][value.strip()] = one.column
	for doctype, columns in wanted.items():
		readable = readable_names(doctype, list(columns))
		for value, column in columns.items():
			if value not in readable:
				refuse(column)


def readable_names(doctype: str | None, wanted: list[str]) -> set[str]:
	"""Those of the names that belong only to records that the session's user may read, of `doctype` or of any DocType that may be linked."""
	possible = [*association_doctypes(), "User"]
	found: set[str] = set()
	hidden: set[str] = set()
	for each in [doctype] if doctype in possible else possible:
		# names of users are no secret to colleagues
		readable = (
			permissions.EVERYTHING
			if each == "User"
			else permissions.readable_records(each, frappe.session.user) or permissions.NOTHING
		)
		for name, told in sql.run(
			f"select `name`, {{readable}} from `tab{each}` where `name` in %(names)s",
			{"names": wanted},
			conditions={"readable": f"ifnull(({readable}), 0)"},
		):
			(found if told else hidden).add(str(name))
	# names of two DocTypes may differ in ways that the database ignores
	not_these = set(map(as_compared, hidden))
	return {name for name in found if as_compared(name) not in not_these}


# ------------------------------------------------------------------------------------------------ orders and functions


def check_text(place: Place) -> None:
	found = COLUMN.search(place.value)
	if not found:
		return
	if "export_fields" in place.keys:
		# Frappe leaves out these columns of the call, but not those of its tables
		told = place.key in TABLES
	elif place.key in SELECTIONS:
		told = "(" in place.value
	elif "filters" in place.key:
		# conditions as text, which some of Frappe's functions accept
		told = place.in_list
	else:
		told = any(map(ARRANGEMENT.search, place.keys)) and not any("filters" in key for key in place.keys)
	if told:
		refuse(found[1])


def refuse(column: str) -> None:
	frappe.throw(
		_(
			"Calls can be filtered by {0} only with the exact names of records that you may read, and not sorted or grouped by it."
		).format(frappe.utils.escape_html(column)),
		frappe.PermissionError,
	)
