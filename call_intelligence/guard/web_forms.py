"""Refuses Web Forms for documents of ours: they write and delete without checking permission, also for guests."""

import frappe
from frappe import _

from call_intelligence.guard.ours import our_doctype

FUNCTIONS = "frappe.website.doctype.web_form.web_form."


def check_form(doc, method: str | None = None) -> None:
	"""before_validate of Web Form."""
	if ours := our_doctype(doc.doc_type):
		frappe.throw(
			_("A Web Form can't be used for {0}: it would skip the permissions of calls.").format(_(ours))
		)


def check_request(functions: list[str], form) -> None:
	"""Raise frappe.PermissionError for a request that uses a Web Form of documents of ours."""
	if not any(function.startswith(FUNCTIONS) for function in functions):
		return
	for name in (form.get("web_form"), form.get("web_form_name")):
		if name and isinstance(name, str) and is_for_ours(name):
			refuse()


def check_writing() -> None:
	"""Raise frappe.PermissionError while a Web Form of documents of ours is being saved.

	Web Forms of other DocTypes may cause one to be written: a new Contact starts a search for earlier calls.
	"""
	name = frappe.local.form_dict.get("web_form")
	if frappe.flags.in_web_form and (not name or is_for_ours(name)):
		refuse()


def is_for_ours(name: str) -> bool:
	return bool(our_doctype(frappe.db.get_value("Web Form", name, "doc_type")))


def refuse() -> None:
	frappe.throw(_("This can't be done through a Web Form."), frappe.PermissionError)
