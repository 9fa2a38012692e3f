"""Checks of a request before Frappe answers it: hook auth_hooks, which runs when it is known who asks.

For what no document and no override sees: Frappe hands out and copies files past has_permission, and finds a whitelisted function
under any module that imports it, so that an override of its first name is passed by.
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

# in which Frappe's functions take names of Files that they copy, pack or send
NAMES_OF_FILES = ("attachments", "files", "fid")
# in which they take a function that they run by themselves
FUNCTIONS = ("method", "tree_method", "query")
# what realtime asks before it lets somebody into the room of a document: up to 15, from 16 on
MAY_ENTER = {"frappe.realtime.can_subscribe_doc", "frappe.realtime.has_permission"}


def check() -> None:
	"""Raise frappe.PermissionError for a request that would go around the rule."""
	path, form = frappe.local.request.path, frappe.local.form_dict
	if path.startswith("/private/files/") and not files.may_read_bytes({"file_url": path}):
		# as Frappe refuses a private file
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
		# Frappe runs these without looking for what stands in for them
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
	"""MariaDB finds a DocType of ours by other spellings, and Frappe then fails with a path of the server in its answer."""
	ours = isinstance(doctype, str) and our_doctype(doctype)
	if ours and ours != doctype:
		frappe.throw(_("This DocType is called {0}.").format(ours), frappe.DoesNotExistError)


def check_room(functions: list[str], form) -> None:
	"""Frappe's realtime asks whether somebody may enter the room of a document, and never again: nobody enters those of ours.

	See live.py for how open pages are told.
	"""
	# from 16 on the room of a list is asked for in the same way, without a name
	document = form.get("docname") or form.get("name")
	if document and MAY_ENTER & set(functions) and our_doctype(form.get("doctype")):
		frappe.throw(_("Not permitted"), frappe.PermissionError)


def check_method(name) -> None:
	"""Of a document's class"""
	if name is not None and not isinstance(name, str):
		frappe.throw(_("{0} must be a text.").format("run_method"))


# ------------------------------------------------------------------------------------------------ functions


def functions_of(path: str, form) -> list[str]:
	"""Names of the functions that the request asks for"""
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
		# Frappe answers that by itself
		return None


def check_first_name(name: str) -> None:
	"""Refuse a function of Frappe's that one of ours stands in for, under a name by which Frappe would not find ours."""
	if name in overridden():
		return
	try:
		function = frappe.get_attr(name)
		first_name = f"{function.__module__}.{function.__qualname__}"
	except Exception:
		# Frappe answers that by itself
		return
	# a decorator may hide the name
	if first_name in overridden() or any(function is existing(own) for own in overridden()):
		frappe.throw(_("Not permitted"), frappe.PermissionError)


def existing(name: str):
	"""The function of this name; None where this version of Frappe has none."""
	try:
		return frappe.get_attr(name)
	except Exception:
		return None


def overridden() -> set[str]:
	"""First names of the functions that one of ours stands in for"""
	hooks = frappe.get_hooks("override_whitelisted_methods")
	return {
		name
		for name, functions in hooks.items()
		if any(f.startswith("call_intelligence.") for f in functions)
	}
