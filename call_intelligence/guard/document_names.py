"""Refuses requests that name a document by a filter, before any function is called.

Frappe accepts `{"title": ["like", "A%"]}` as the name of a document and looks it up without the permission rule. Its answer, "does not
exist" or "not permitted", discloses whether any document matches, so that its whole text can be guessed letter by letter, in some
versions without a login. Hence every name of a document or a DocType in a request to REST or to one of Frappe's functions must be a
text. Functions of other apps and scripts of the site are not affected.
"""

import inspect
import re

import frappe
from frappe import _, handler

from call_intelligence.guard.filters import parsed

# arguments that name one document or DocType
NAME = re.compile(
	r"(?!field_?name$)\w*name|\w*doctype|d[nt]|old|new|reference_doc|communication|note", re.ASCII
)
# several of them, or documents
NAMES = re.compile(r"\w*names|docs|items|file_list|reports|queues", re.ASCII)
# a document, or some of its fields
DOCUMENTS = ("doc", "docs", "args", "data", "value", "values", "fieldname", "event")
# keys by which a document names itself
OWN_NAME = ("doctype", "name", "docname")


def check(path: str, functions: list[str], arguments: dict) -> None:
	"""Raise frappe.ValidationError; functions: names of the functions that the request calls."""
	method = arguments.get("cmd") or path.partition("/method/")[2].strip("/")
	if not method:
		check_document(arguments)
		check_document(parsed_argument(arguments.get("data")))
	elif any(map(is_frappes, functions)) or hasattr(handler, str(method)):
		for key, value in arguments.items():
			check_argument(str(key), parsed_argument(value), as_text=isinstance(value, str))


def is_frappes(function: str) -> bool:
	try:
		module = inspect.unwrap(frappe.get_attr(function)).__module__
	except Exception:
		# Frappe refuses that itself
		module = function
	return module.split(".")[0] == "frappe"


def parsed_argument(value):
	return parsed(value) if isinstance(value, str) else value


def check_argument(key: str, value, as_text: bool) -> None:
	if NAME.fullmatch(key):
		# some functions take JSON: a list of names, or {DocType: [name]}
		if isinstance(value, list | dict) and not (as_text or holds_names(value)):
			refuse(key)
		check_listed(key, value)
	if NAMES.fullmatch(key):
		check_listed(key, value)
	if key in DOCUMENTS:
		check_document(value)


def holds_names(value) -> bool:
	return (
		isinstance(value, dict)
		and bool(value)
		and all(
			isinstance(names, list) and frappe.db.exists("DocType", str(name))
			for name, names in value.items()
		)
	)


def check_listed(key: str, value) -> None:
	"""Names in lists must be texts as well, also in each document of a list."""
	for entries in value.values() if isinstance(value, dict) else [value]:
		for entry in entries if isinstance(entries, list) else ():
			if isinstance(entry, list) or (isinstance(entry, dict) and not any(map(entry.get, OWN_NAME))):
				refuse(key)
			check_document(entry)


def check_document(value) -> None:
	for key in OWN_NAME if isinstance(value, dict) else ():
		if isinstance(value.get(key), list | dict):
			refuse(key)


def refuse(key: str) -> None:
	frappe.throw(_("{0} must be a text.").format(frappe.utils.escape_html(key)), frappe.ValidationError)
