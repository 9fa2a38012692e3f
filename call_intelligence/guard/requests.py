"""Checks a request before Frappe handles it: hook auth_hooks, which runs once the user is known.

For what neither doc_events nor overrides can check: Frappe serves and copies files without has_permission, and finds a whitelisted
function under any module that imports it, which bypasses an override of its first name.
"""

from itertools import pairwise

import frappe
from frappe import _
from frappe.modules import load_doctype_module
from werkzeug.exceptions import Forbidden

from call_intelligence.guard import document_names, files, web_forms
from call_intelligence.guard.ours import our_doctype
from call_intelligence.guard.rights import may_write_on
from call_intelligence.guard.tables import subjects

# arguments with the names of Files that Frappe's functions copy, pack or send
NAMES_OF_FILES = ("attachments", "files", "fid")
# arguments with the name of a function that Frappe runs
FUNCTIONS = ("method", "tree_method", "query")
# called by realtime before it admits a user to the room of a document: up to 15, from 16 on
MAY_ENTER = {"frappe.realtime.can_subscribe_doc", "frappe.realtime.has_permission"}


def check() -> None:
	"""Raise frappe.PermissionError for a request that would bypass the visibility rule."""
	path, form = frappe.local.request.path, frappe.local.form_dict
	if path.startswith("/private/files/") and not files.may_read_bytes({"file_url": path}):
		# the same answer as Frappe's for a private file
		raise Forbidden(_("You don't have permission to access this file"))
	if form.get("file_url"):
		files.check_may_read_bytes({"file_url": form.file_url})
	for name in NAMES_OF_FILES:
		if form.get(name):
			check_files(form[name])
	check_spelling(doctype_of(path) or form.get("doctype"))
	check_method(form.get("run_method"))
	functions = functions_of(path, form)
	document_names.check(path, functions, form)
	check_room(functions, form)
	for name in functions:
		check_first_name(name)
	web_forms.check_request(functions, form)
	for name in (form.get(parameter) for parameter in FUNCTIONS):
		# Frappe runs these without looking for overrides
		if name in overridden():
			frappe.throw(_("Not permitted"), frappe.PermissionError)


# ------------------------------------------------------------------------------------------------ files


def check_files(given) -> None:
	"""given: a name, a list, or JSON of one, of names or of dicts of fields of a File."""
	names = []
	for item in listed(given):
		if isinstance(item, dict):
			files.check_may_read_bytes({"file_url": item.get("file_url")})
			names += [item.get("name"), item.get("fid")]
		else:
			names.append(item)
	rows = frappe.get_all(
		"File",
		filters={"name": ["in", [str(name) for name in names if name] or [""]]},
		fields=["'File' as doctype", "file_url", "file_name", "attached_to_doctype", "attached_to_name"],
	)
	for row in rows:
		files.check_may_read_bytes(row)
		if not all(may_write_on(doctype, name) for doctype, name in subjects(row)):
			files.refuse(row)


def listed(given) -> list:
	if isinstance(given, str):
		try:
			given = frappe.parse_json(given)
		except ValueError:
			pass
	return given if isinstance(given, list) else [given]


# ------------------------------------------------------------------------------------------------ documents


def doctype_of(path: str) -> str | None:
	"""The DocType in /api/resource/DOCTYPE, /api/v1/resource/DOCTYPE, /api/v2/document/DOCTYPE and /api/v2/doctype/DOCTYPE"""
	start, *parts = path.removeprefix("/").split("/")[:4]
	for part, following in pairwise(parts):
		if start == "api" and part in ("resource", "document", "doctype"):
			return following
	return None


def check_spelling(doctype) -> None:
	"""Refuse other spellings of our DocTypes: MariaDB finds them, and Frappe then fails with a path of the server in its answer."""
	ours = isinstance(doctype, str) and our_doctype(doctype)
	if ours and ours != doctype:
		frappe.throw(_("This DocType is called {0}.").format(ours), frappe.DoesNotExistError)


def check_room(functions: list[str], form) -> None:
	"""Refuse to admit users to realtime rooms of our documents: Frappe checks permission only when they enter, and never again.

	See live.py for how open pages are notified.
	"""
	# from 16 on rooms of lists are checked in the same way, without a name
	document = form.get("docname") or form.get("name")
	if document and MAY_ENTER & set(functions) and our_doctype(form.get("doctype")):
		frappe.throw(_("Not permitted"), frappe.PermissionError)


def check_method(name) -> None:
	"""name: of a method of a document's class"""
	if name is not None and not isinstance(name, str):
		frappe.throw(_("{0} must be a text.").format("run_method"))


# ------------------------------------------------------------------------------------------------ functions


def functions_of(path: str, form) -> list[str]:
	"""Names of the functions that the request calls"""
	names = [form.get("cmd"), *(form.get(name) for name in FUNCTIONS)]
	_start, is_method, rest = path.partition("/method/")
	if is_method:
		doctype, is_long, function = rest.strip("/").partition("/")
		names.append(in_doctype(doctype, function) if is_long else doctype)
	return [name for name in names if isinstance(name, str) and "." in name]


def in_doctype(doctype: str, function: str) -> str | None:
	"""/api/v2/method/DOCTYPE/FUNCTION"""
	try:
		return f"{load_doctype_module(doctype).__name__}.{function}"
	except Exception:
		# Frappe refuses that itself
		return None


def check_first_name(name: str) -> None:
	"""Refuse a function of Frappe that one of ours replaces, under another name that bypasses the override."""
	if name in overridden():
		return
	try:
		function = frappe.get_attr(name)
		first_name = f"{function.__module__}.{function.__qualname__}"
	except Exception:
		# Frappe refuses that itself
		return
	# a decorator may hide the first name
	if first_name in overridden() or any(function is existing(own) for own in overridden()):
		frappe.throw(_("Not permitted"), frappe.PermissionError)


def existing(name: str):
	"""The function of this name; None if this version of Frappe has none."""
	try:
		return frappe.get_attr(name)
	except Exception:
		return None


def overridden() -> set[str]:
	"""First names of the functions that ours replace"""
	hooks = frappe.get_hooks("override_whitelisted_methods")
	return {
		name
		for name, functions in hooks.items()
		if any(f.startswith("call_intelligence.") for f in functions)
	}
