"""Files that hold a recording: no other File document may be used to read, copy or pack the same bytes.

Frappe lets a File have the address of another one, and lets its owner read it forever.
"""

import re

import frappe
from frappe import _
from frappe.utils import cint

from call_intelligence.guard.ours import doctypes
from call_intelligence.guard.rights import may_write_on

# the names that storage.py gives; others need no query
OPAQUE = re.compile(r"^[0-9a-f]{32}\.\w{1,10}$", re.IGNORECASE)


def holders(file) -> list:
	"""The Files of ours that have the same address: [{name, attached_to_doctype, attached_to_name}].

	file: a File, a dict of its fields, or another document, which has none.
	"""
	if file.get("doctype", "File") != "File":
		return []
	# without an address Frappe uses the file's name
	return holders_of(file.get("file_url")) + holders_of(file.get("file_name"))


def holders_of(address) -> list:
	name = re.split(r"[\\/]", frappe.utils.cstr(address))[-1].strip()
	if not OPAQUE.match(name):
		return []
	return frappe.get_all(
		"File",
		filters={
			"file_url": f"/private/files/{name}",
			"attached_to_doctype": ["in", list(doctypes().values())],
		},
		fields=["name", "attached_to_doctype", "attached_to_name"],
	)


def is_copy(file) -> bool:
	"""Whether it has the bytes of a recording but is not that recording's File; file: as for `holders`."""
	return any(holder.name != file.get("name") for holder in holders(file))


def may_read_bytes(file, user: str | None = None) -> bool:
	"""False for a File with the bytes of a recording that `user` may not read."""
	return all(
		may_write_on(holder.attached_to_doctype, holder.attached_to_name, user) for holder in holders(file)
	)


def check_may_read_bytes(file) -> None:
	"""Raise frappe.PermissionError; file: as for `holders`."""
	if not may_read_bytes(file):
		refuse(file)


def check_not_a_copy(file) -> None:
	"""Raise frappe.PermissionError for a second File with the bytes of a recording: it would outlive the right to the call."""
	if is_copy(file):
		check_may_read_bytes(file)
		frappe.throw(
			_("A recording's file can't be attached elsewhere. Share the call or a part of it instead."),
			frappe.PermissionError,
		)


def check_private(file) -> None:
	"""Raise frappe.ValidationError for a public file: Frappe serves these to everyone, and lists them."""
	is_link = frappe.utils.cstr(file.file_url).startswith(("http://", "https://"))
	if not cint(file.is_private) and not is_link:
		frappe.throw(_("Files that belong to calls must be private. Mark the file as private and try again."))


def refuse(file) -> None:
	shown = frappe.utils.escape_html(frappe.utils.cstr(file.get("file_url") or file.get("file_name")))
	frappe.throw(
		_("The file {0} does not exist, or you may not see it.").format(shown), frappe.PermissionError
	)
