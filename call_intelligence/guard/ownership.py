"""A share of a document, even one for writing, gives the right to read it but not to change it.

In Frappe a DocShare overrules a `has_permission` hook that denies access, so the rule is checked again when the document is written.
"""

import frappe
from frappe import _

from call_intelligence.guard import web_forms

PTYPES = {"before_validate": "write", "on_trash": "delete"}


def check_writer(doc, method: str) -> None:
	"""doc_events of documents of ours, before_validate and on_trash. Raises frappe.PermissionError."""
	web_forms.check_writing()
	if doc.flags.ignore_permissions or frappe.session.user == "Administrator":
		return
	if frappe.flags.in_install or frappe.flags.in_uninstall:
		return
	ptype = "create" if doc.is_new() else PTYPES[method]
	for hook in frappe.get_hooks("has_permission", app_name="call_intelligence").get(doc.doctype, []):
		if not frappe.call(hook, doc=doc, ptype=ptype, user=frappe.session.user):
			frappe.throw(
				_("You may not change this {0}, even if it was shared with you.").format(_(doc.doctype)),
				frappe.PermissionError,
			)
