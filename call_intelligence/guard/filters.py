"""Field names that are SQL, refused before any function sees them.

Frappe's queries put the name of a filter's field into SQL as it came when it contains "ifnull(". Its lists and REST look names up
before, but number cards, link search and others do not: with `{"ifnull(title,0)=0||1": 1}` a number card counts every document, past
the permission rule.
"""

import json
import re

import frappe
from frappe import _

SIGN = "ifnull("
# JSON may write any character as an escape
ESCAPE = "\\u"
# what Frappe means by it: a column, and what stands for NULL
HARMLESS = re.compile(
	r"""ifnull\(\s*(`tab[\w \-]+`\.)?`?\w+`?\s*,\s*('[\w :.\-]*'|"[\w :.\-]*"|\d+)\s*\)""",
	re.ASCII | re.IGNORECASE,
)


def check_request() -> None:
	"""Hook before_request. Raises frappe.ValidationError."""
	for argument in frappe.local.form_dict.values():
		text = argument if isinstance(argument, str) else str(argument)
		if holds_sign(text) or ESCAPE in text:
			check(argument)


def holds_sign(text: str) -> bool:
	return SIGN in text.lower()


def check(argument) -> None:
	"""Names stand as keys, and in the first two places of a list; JSON may be a text in JSON."""
	waiting = [argument]
	while waiting:
		value = waiting.pop()
		if isinstance(value, str):
			value = parsed(value)
		if isinstance(value, dict):
			names, inner = value.keys(), value.values()
		elif isinstance(value, list):
			names, inner = value[:2], value
		else:
			continue
		for name in names:
			check_name(name)
		waiting.extend(inner)


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
