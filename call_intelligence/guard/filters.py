"""Field names that are SQL, refused before any function sees them.

Up to version 16 Frappe's lists put the name of a filter's field into SQL as it came when it contains "ifnull(": with
`{"ifnull(title,0)=0||1": 1}` they answer with every document, since what follows is combined with the permission rule.
"""

import json
import re

import frappe
from frappe import _

SIGN = "ifnull("
# what Frappe means by it: a column, and what stands for NULL
HARMLESS = re.compile(
	r"""ifnull\(\s*(`tab[\w \-]+`\.)?`?\w+`?\s*,\s*('[\w :.\-]*'|"[\w :.\-]*"|\d+)\s*\)""",
	re.ASCII | re.IGNORECASE,
)
MOST_LEVELS = 12


def check_request() -> None:
	"""Hook before_request. Raises frappe.ValidationError."""
	for argument in frappe.local.form_dict.values():
		if holds_sign(argument):
			check(argument)


def holds_sign(argument) -> bool:
	return SIGN in (argument if isinstance(argument, str) else str(argument)).lower()


def check(value, level: int = 0) -> None:
	"""Names stand as keys, and in the first two places of a list; JSON may be a text in JSON."""
	if level > MOST_LEVELS:
		refuse(value)
	if isinstance(value, str):
		value = parsed(value)
	if isinstance(value, dict):
		for key, inner in value.items():
			check_name(key)
			check(inner, level + 1)
	elif isinstance(value, list):
		for name in value[:2]:
			check_name(name)
		for inner in value:
			check(inner, level + 1)


def check_name(name) -> None:
	if (
		isinstance(name, str)
		and holds_sign(name)
		and parsed(name) is None
		and not HARMLESS.fullmatch(name.strip())
	):
		refuse(name)


def parsed(text: str):
	"""The dict or list that the text is the JSON of; None for any other text."""
	try:
		found = json.loads(text)
	except (ValueError, RecursionError):
		return None
	return found if isinstance(found, dict | list) else None


def refuse(name) -> None:
	frappe.throw(
		_("Unknown field: {0}").format(frappe.utils.escape_html(str(name)[:100])), frappe.ValidationError
	)
