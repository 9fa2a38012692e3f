"""THE visibility rule, once, as a query.

A person with a Desk login sees a Call if they
- hold the role Call Intelligence Manager, or
- own it (`call_owner`), or
- took part in it (a participant linked to their User, or with their e-mail address), or
- have it shared with them (DocShare), or
- may read a CRM record it is associated with, as Frappe itself decides about that record: roles, User Permissions,
  shares and the other app's own permission query all count.

Lists, single documents, timeline, search, media and realtime go through `visible_calls`; what belongs to a Call
(recording, segments, runs, Files) follows the Call.
"""

import frappe
from frappe import _

from call_intelligence.compat import match_conditions
from call_intelligence.integrations.registry import association_doctypes

USER_ROLE = "Call Intelligence User"
MANAGER_ROLE = "Call Intelligence Manager"

EVERYTHING, NOTHING = "(1=1)", "(1=0)"


def is_manager(user: str | None = None) -> bool:
	user = user or frappe.session.user
	return user == "Administrator" or MANAGER_ROLE in frappe.get_roles(user)


def has_seat(user: str | None = None) -> bool:
	"""Whether this user's own calls are transcribed: they may upload calls and share them."""
	return is_manager(user) or USER_ROLE in frappe.get_roles(user or frappe.session.user)


def visible_calls(user: str | None = None) -> str:
	"""SQL condition over `tabCall`, in brackets, true for the calls that `user` sees."""
	user = user or frappe.session.user
	if is_manager(user):
		return EVERYTHING
	if not is_desk_user(user):
		return NOTHING

	me = quote(user)
	alternatives = [
		f"`tabCall`.`call_owner` = {me}",
		f"""`tabCall`.`name` in (
			select `parent` from `tabCall Participant`
			where `parenttype` = 'Call' and ((`party_type` = 'User' and `party` = {me}) or `email` = {me})
		)""",
		f"""`tabCall`.`name` in (
			select `share_name` from `tabDocShare`
			where `share_doctype` = 'Call' and `read` = 1 and (`user` = {me} or `everyone` = 1)
		)""",
		*(associated_with_readable(doctype, user) for doctype in association_doctypes()),
	]
	return "(" + " or ".join(filter(None, alternatives)) + ")"


def quote(value: str) -> str:
	"""A string literal for SQL that is run without parameters."""
	return frappe.db.escape(value, percent=False)


def associated_with_readable(doctype: str, user: str) -> str | None:
	"""SQL condition: the Call is associated with a record of `doctype` that `user` may read; None where there is none."""
	try:
		readable = match_conditions(doctype, user)
	except frappe.PermissionError:
		# match_conditions also leaves a message for the user's screen, which is not theirs to see
		frappe.clear_last_message()
		return None
	return f"""`tabCall`.`name` in (
		select assoc.`parent` from `tabCall Association` assoc
		inner join `tab{doctype}` on `tab{doctype}`.`name` = assoc.`link_name`
		where assoc.`parenttype` = 'Call' and assoc.`link_doctype` = {quote(doctype)}
		and ({readable or EVERYTHING})
	)"""


def can_see(call: str, user: str | None = None) -> bool:
	"""Whether `user` sees the Call named `call`; False for one that does not exist."""
	return bool(
		# no parameters: other apps' conditions may hold a bare %
		frappe.db.sql(
			f"select 1 from `tabCall` where `name` = {quote(call)} and {visible_calls(user)}"
		)  # nosemgrep
	)


def check_can_see(call: str) -> None:
	"""Raise frappe.PermissionError unless the session's user sees the Call; the same for one that does not exist."""
	if not can_see(call):
		frappe.throw(_("This call does not exist, or you may not see it."), frappe.PermissionError)


def may_edit(call, user: str | None = None) -> bool:
	"""The owner of a Call with the seat, and managers, change and reprocess it."""
	user = user or frappe.session.user
	return is_manager(user) or (has_seat(user) and call.call_owner == user)


def is_desk_user(user: str) -> bool:
	if user in ("Guest", ""):
		return False
	return frappe.get_cached_value("User", user, "user_type") == "System User"


# ------------------------------------------------------------------------------------------------ hooks


def call_query(user: str | None = None, **kwargs) -> str:
	return visible_calls(user)


def belongs_to_call_query(doctype: str, user: str | None) -> str:
	return f"(`tab{doctype}`.`call` in (select `tabCall`.`name` from `tabCall` where {visible_calls(user)}))"


def call_recording_query(user: str | None = None, **kwargs) -> str:
	return belongs_to_call_query("Call Recording", user)


def transcript_segment_query(user: str | None = None, **kwargs) -> str:
	return belongs_to_call_query("Transcript Segment", user)


def processing_run_query(user: str | None = None, **kwargs) -> str:
	return belongs_to_call_query("Processing Run", user)


def call_has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	"""Frappe asks this after its own roles have said yes; it can only take away."""
	user = user or frappe.session.user
	if ptype == "create" or doc.is_new():
		return has_seat(user)
	if ptype == "delete":
		return is_manager(user)
	if ptype in ("write", "share", "cancel", "submit", "amend"):
		return may_edit(doc, user)
	return can_see(doc.name, user)


def belongs_to_call_has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	if ptype in ("read", "select", "print", "email", "report", "export"):
		return can_see(doc.call, user)
	return False
