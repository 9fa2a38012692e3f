"""Decides who may write on a document of ours through Frappe's own tables and functions."""

import frappe
from frappe import _

from call_intelligence.permissions import is_desk_user


def may_write_on(doctype: str, name: str, user: str | None = None, right: str = "read") -> bool:
	"""Whether `user` has this right to a document of ours, by the app's own rule and not by a share alone.

	right: "read" to tag, like, comment and follow; "write" to attach files and assign to others; "share" to share.
	False for a document that does not exist.
	"""
	user = user or frappe.session.user
	if not is_desk_user(user) or frappe.get_meta(doctype).istable or not frappe.db.exists(doctype, name):
		return False
	if user == "Administrator":
		return True
	doc = frappe.get_doc(doctype, name)
	# in Frappe a share overrules these
	rules = frappe.get_hooks("has_permission").get(doctype, [])
	allowed = all(
		frappe.call(frappe.get_attr(rule), doc=doc, ptype=right, user=user) is not False for rule in rules
	)
	return allowed and bool(frappe.has_permission(doctype, right, doc=doc, user=user))


def check_may_write_on(doctype: str, name: str, right: str = "read") -> None:
	"""Raise frappe.PermissionError unless the session's user has this right, also if the document does not exist."""
	if may_write_on(doctype, name, right=right):
		return
	label, shown = _(doctype), frappe.utils.escape_html(str(name))
	if right != "read" and may_write_on(doctype, name):
		frappe.throw(
			_("Only people who may edit {0} {1} can do this.").format(label, shown), frappe.PermissionError
		)
	frappe.throw(
		_("{0} {1} does not exist, or you may not see it.").format(label, shown), frappe.PermissionError
	)
