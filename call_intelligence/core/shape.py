"""Checks the values of a request against the types of a document's fields before Frappe uses them.

Frappe accepts objects, lists and impossible dates: some become query conditions, others cause database errors.
"""

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model import child_table_fields, default_fields, optional_fields
from frappe.model.base_document import BaseDocument
from frappe.utils import get_time

from call_intelligence.core.times import site_time

# exclusive upper limits of the columns
NUMBERS: dict[str, float] = {
	"Int": 2**31, "Check": 2, "Rating": 2, "Float": 1e12, "Currency": 1e12, "Percent": 1e12, "Duration": 1e12,
}  # fmt: skip
MOMENTS = ("Date", "Datetime")
STANDARD = {"creation": "Datetime", "modified": "Datetime", "idx": "Int", "docstatus": "Check"}
# bytes of Frappe's columns for Small Text and Text, and for every value of a Single
LONGEST = 65_535
ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}", re.ASCII)
STORED = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d{1,6})?)?", re.ASCII)
COLUMNS = {*default_fields, *optional_fields, *child_table_fields}


def checked(doc, values) -> dict:
	"""values: {field: value} for a document of ours; -> values of its fields, with numbers converted to text for text fields.

	Other names are left out: they are not stored, and as attributes they would replace the document's methods. Raises
	frappe.ValidationError.
	"""
	if isinstance(values, BaseDocument):
		return values
	if not isinstance(values, dict):
		frappe.throw(_("A document must be an object with its fields."))
	fields, is_single = doc.meta._fields, bool(doc.meta.issingle)
	found = {}
	for name, value in values.items():
		field = fields.get(name)
		if field:
			label = _(field.label) if field.label else name
			found[name] = checked_value(field.fieldtype, label, value, short=is_single)
		elif name == "idx" and value is None:
			# the column is NOT NULL
			found[name] = 0
		elif name in COLUMNS:
			found[name] = checked_value(STANDARD.get(name, "Data"), name, value)
		elif str(name).startswith("__") or name in doc._reserved_keywords:
			found[name] = value
	return found


def checked_value(kind: str, label: str, value, short: bool = False):
	"""kind: type of the field; short: whether its column is limited to LONGEST bytes"""
	if kind in frappe.model.table_fields:
		return checked_rows(label, value)
	if value is None or (kind == "JSON" and isinstance(value, dict | list)):
		return value
	if kind in NUMBERS:
		return checked_number(kind, label, value)
	if kind in MOMENTS:
		return checked_moment(label, value)
	if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
		value = str(value)
	if kind == "Time" and isinstance(value, timedelta):
		return value
	if not isinstance(value, str):
		frappe.throw(_("{0} must be a text.").format(label))
	if kind == "Time" and value:
		return checked_time(label, value)
	check_text(label, value, short or kind in ("Small Text", "Text"))
	return value


def checked_rows(label: str, value):
	if value is None or (
		isinstance(value, list | tuple) and all(isinstance(row, dict | BaseDocument) for row in value)
	):
		return value
	frappe.throw(_("{0} must be a list of rows, each an object with its fields.").format(label))


def checked_number(kind: str, label: str, value):
	number = value
	if isinstance(value, str):
		try:
			number = float(value.replace(",", "") or 0)
		except ValueError:
			number = math.nan
	if not isinstance(number, int | float | Decimal) or number != number:
		frappe.throw(_("{0} must be a number.").format(label))
	size: Any = abs(number)
	if size >= NUMBERS[kind]:
		frappe.throw(_("The number is too large for {0}.").format(label))
	return value


def checked_moment(label: str, value):
	if isinstance(value, date | datetime) or value == "":
		return value
	if isinstance(value, str) and ISO.match(value):
		try:
			# convert to the site's time, since zones are not stored
			moment = site_time(value)
			return value if STORED.fullmatch(value) else moment
		except (ValueError, OverflowError, TypeError):
			pass
	frappe.throw(_("{0} must be a date, such as 2026-01-31 14:30:00.").format(label))


def checked_time(label: str, value: str) -> str:
	try:
		get_time(value)
	except (ValueError, OverflowError, TypeError):
		frappe.throw(_("{0} must be a time of day, such as 14:30:00.").format(label))
	return value


def check_text(label: str, value: str, short: bool) -> None:
	try:
		size = len(value) if value.isascii() else len(value.encode())
	except UnicodeEncodeError:
		# half of a surrogate pair
		frappe.throw(_("{0} contains characters that cannot be stored. Please type it again.").format(label))
	if short and size > LONGEST:
		frappe.throw(_("The text for {0} is too long.").format(label))
