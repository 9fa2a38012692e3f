"""The visibility rule, defined once, as a query.

A person with a Desk login sees a Call if they
- hold the role Call Intelligence Manager, or
- own it (`call_owner`), or
- took part in it (a participant linked to their User, or with their e-mail address), or
- have it shared with them (DocShare), or
- may read a CRM record it is associated with, as Frappe itself decides about that record: roles, User Permissions,
  shares and the other app's own permission query all count. A setting excludes leads.

Lists, single documents, timeline, search, media and realtime go through `visible_calls`; documents that belong to a Call
(recording, segments, runs, Files) follow it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Protocol

import frappe
from frappe import _

from call_intelligence.compat import match_conditions
from call_intelligence.integrations.registry import association_doctypes, doctypes_of, is_installed
from call_intelligence.queries import persons, sql
from call_intelligence.queries.record_names import reads_all
from call_intelligence.queries.sql import literal

USER_ROLE = "Call Intelligence User"
MANAGER_ROLE = "Call Intelligence Manager"

EVERYTHING, NOTHING = "(1=1)", "(1=0)"
# kinds of permission, as Frappe names them, that need no more than seeing a document
READING = ("read", "select", "print", "email", "report", "export")


def is_manager(user: str | None = None) -> bool:
	"""Portal users never are, whatever roles they have."""
	user = user or frappe.session.user
	return user == "Administrator" or (is_desk_user(user) and MANAGER_ROLE in frappe.get_roles(user))


def has_seat(user: str | None = None) -> bool:
	"""Whether this user's own calls are transcribed: they may upload calls and share them."""
	user = user or frappe.session.user
	return is_manager(user) or (is_desk_user(user) and USER_ROLE in frappe.get_roles(user))


class Condition(Protocol):
	def __call__(self, user: str | None = None) -> str: ...


def visibility(rule: Callable[[str], str]) -> Condition:
	"""Decorator for a function from user to SQL condition: managers see everything, users without Desk nothing, and `rule` decides for
	the others. The result takes the session's user by default.
	"""

	@wraps(rule)
	def condition(user: str | None = None) -> str:
		user = user or frappe.session.user
		if is_manager(user):
			return EVERYTHING
		return rule(user) if is_desk_user(user) else NOTHING

	return condition


@visibility
def visible_calls(user: str) -> str:
	"""SQL condition over `tabCall`, in brackets, true for the calls that `user` sees."""
	return rule_for(user, association_doctypes())


def rule_for(user: str, doctypes) -> str:
	"""`visible_calls` of a Desk user who isn't a manager; doctypes: those of the associated records to consider"""
	me = literal(user)
	alternatives = [
		f"`tabCall`.`call_owner` = {me}",
		f"""`tabCall`.`name` in (
			select `parent` from `tabCall Participant`
			where `parenttype` = 'Call' and ((`party_type` = 'User' and `party` = {me}) or {is_address("`email`", user)})
		)""",
		f"""`tabCall`.`name` in (
			select `share_name` from `tabDocShare`
			where `share_doctype` = 'Call' and `read` = 1 and (`user` = {me} or `everyone` = 1)
		)""",
		*(associated_with_readable(doctype, user) for doctype in doctypes if reading_shows_calls(doctype)),
	]
	return "(" + " or ".join(filter(None, alternatives)) + ")"


def reading_shows_calls(doctype: str) -> bool:
	"""Whether people who may read a record of this DocType see its calls. A setting excludes leads, which some apps show to everyone."""
	if not frappe.get_cached_value("Call Intelligence Settings", None, "leads_are_not_enough"):
		return True
	return doctype not in doctypes_of("Lead")


def is_address(column: str, email: str) -> str:
	"""SQL condition. The indexed comparison ignores accents; the binary one after it keeps e and é apart, as they are different
	addresses.
	"""
	return f"({column} = {literal(email)} and lower({column}) = binary lower({literal(email)}))"


def associated_with_readable(doctype: str, user: str) -> str | None:
	"""SQL condition: the Call is associated with a record of `doctype` that `user` may read; None if they may read none."""
	readable = readable_records(doctype, user)
	if not readable:
		return None
	return f"""`tabCall`.`name` in (
		select assoc.`parent` from `tabCall Association` assoc
		inner join `tab{doctype}` on `tab{doctype}`.`name` = assoc.`link_name`
		where assoc.`parenttype` = 'Call' and assoc.`link_doctype` = {literal(doctype)}
		and ({readable})
	)"""


def readable_records(doctype: str, user: str) -> str | None:
	"""SQL condition over `tab{doctype}`, true for records that `user` may read; None if they may read none."""
	# calls keep associations with records of apps that have been uninstalled
	if not is_installed(doctype):
		return None
	readable = match_conditions(doctype, user)
	return None if readable is None else readable or EVERYTHING


def visible_calls_of(doctype: str, name: str, user: str | None = None) -> str:
	"""`visible_calls` for calls that are known to be associated with this record: the same result with less work.

	Users who may read the record see all of them, so the site's other DocTypes need no check: that takes Frappe several times
	as long as the query for calls, at every load of a form.
	"""
	user = user or frappe.session.user
	if is_desk_user(user) and doctype in association_doctypes() and reading_shows_calls(doctype):
		readable = readable_records(doctype, user)
		if readable and sql.holds(f"({readable})", doctype, name):
			return EVERYTHING
	return visible_calls(user)


def can_see(call: str, user: str | None = None) -> bool:
	"""Whether `user` sees the Call named `call`; False for one that does not exist."""
	return sql.holds(visible_calls(user), "Call", call)


def who_sees(call: str, users: list[str]) -> set[str]:
	"""Those of `users` for whom `can_see` is true, with as few queries as possible."""
	users = list(dict.fromkeys(users))
	working = set(
		users and frappe.get_all("User", {"name": ["in", users], "user_type": "System User"}, pluck="name")
	)
	managing = set(
		users
		and frappe.get_all(
			"Has Role",
			filters={"parenttype": "User", "role": MANAGER_ROLE, "parent": ["in", users]},
			pluck="parent",
		)
	)
	doctypes = frappe.get_all(
		"Call Association",
		filters={"parent": call, "parenttype": "Call"},
		pluck="link_doctype",
		distinct=True,
		order_by="link_doctype",
	)
	possible = [doctype for doctype in association_doctypes() if doctype in doctypes]
	found = set()
	for user in users:
		if user == "Administrator" or user in managing & working:
			rule = EVERYTHING
		elif user in working and user != "Guest":
			rule = rule_for(user, possible)
		else:
			continue
		if sql.holds(rule, "Call", call):
			found.add(user)
	return found


def check_can_see(call: str) -> None:
	"""Raise frappe.PermissionError unless the session's user sees the Call, also if it does not exist."""
	if not can_see(call):
		frappe.throw(_("This call does not exist, or you may not see it."), frappe.PermissionError)


def may_edit(call, user: str | None = None) -> bool:
	"""Whether `user` may change and reprocess the Call: its owner, with the seat, and managers."""
	user = user or frappe.session.user
	return is_manager(user) or (has_seat(user) and call.call_owner == user)


def may_share(call, user: str | None = None) -> bool:
	"""Whether `user` may share the Call (a document) with people who don't see it: they may edit it, and the site has neither disabled
	Document Sharing nor removed that right from their roles. Frappe would refuse every share then."""
	user = user or frappe.session.user
	return may_edit(call, user) and persons.may(user, "share", "Call", call)


def check_is_manager() -> None:
	"""Raise frappe.PermissionError unless the session's user holds the role Call Intelligence Manager."""
	if not is_manager():
		frappe.throw(_("Only a Call Intelligence Manager may do this."), frappe.PermissionError)


def check_has_seat() -> None:
	"""Raise frappe.PermissionError unless the session's user has the seat."""
	if not has_seat():
		frappe.throw(_("This needs the role Call Intelligence User."), frappe.PermissionError)


def check_may_edit(call: str, refusal: str) -> None:
	"""Raise frappe.PermissionError unless the session's user sees the Call, and with `refusal` unless they may change it."""
	check_can_see(call)
	if not may_edit(frappe.get_doc("Call", call)):
		frappe.throw(refusal, frappe.PermissionError)


def is_desk_user(user: str) -> bool:
	if user in ("Guest", ""):
		return False
	return frappe.get_cached_value("User", user, "user_type") == "System User"


# ------------------------------------------------------------------------------------------------ hooks


def forget_followers() -> None:
	"""Stop Frappe's mails about a Call to users who no longer see it."""
	for user in frappe.get_all(
		"Document Follow", filters={"ref_doctype": "Call"}, pluck="user", distinct=True, order_by="user"
	):
		sql.run(
			"""delete from `tabDocument Follow` where `ref_doctype` = 'Call' and `user` = %(user)s
			and `ref_docname` not in (select `name` from `tabCall` where {seen})""",
			{"user": user},
			conditions={"seen": visible_calls(user)},
		)


def desk_users_query(user: str | None = None, **kwargs) -> str:
	"""For DocTypes that are read by role alone: portal users read nothing, whatever roles they have."""
	return EVERYTHING if is_desk_user(user or frappe.session.user) else NOTHING


def desk_users_have_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	return is_desk_user(user or frappe.session.user)


def call_query(user: str | None = None, **kwargs) -> str:
	return visible_calls(user)


def belongs_to_call_query(doctype: str, user: str | None) -> str:
	return f"(`tab{doctype}`.`call` in (select `tabCall`.`name` from `tabCall` where {visible_calls(user)}))"


def call_recording_query(user: str | None = None, **kwargs) -> str:
	return belongs_to_call_query("Call Recording", user)


def transcript_segment_query(user: str | None = None, **kwargs) -> str:
	return belongs_to_call_query("Transcript Segment", user)


def transcript_edit_query(user: str | None = None, **kwargs) -> str:
	return belongs_to_call_query("Transcript Edit", user)


def processing_run_query(user: str | None = None, **kwargs) -> str:
	return belongs_to_call_query("Processing Run", user)


def term_mention_query(user: str | None = None, **kwargs) -> str:
	return belongs_to_call_query("Term Mention", user)


def call_comment_query(user: str | None = None, **kwargs) -> str:
	return belongs_to_call_query("Call Comment", user)


def association_suggestion_query(user: str | None = None, **kwargs) -> str:
	return belongs_to_call_query("Association Suggestion", user)


def call_participant_query(user: str | None = None, **kwargs) -> str:
	return child_of_call_query("Call Participant", user)


def call_association_query(user: str | None = None, **kwargs) -> str:
	"""A row names a record, so only users who may read that record see it."""
	user = user or frappe.session.user
	rows = child_of_call_query("Call Association", user)
	if reads_all(user) or not is_desk_user(user):
		return rows
	return f"({rows} and ({' or '.join(readable_associations(user)) or NOTHING}))"


def readable_associations(user: str) -> list[str]:
	"""SQL conditions over `tabCall Association`; one of them is true if `user` may read the record"""
	found = []
	for doctype in association_doctypes():
		readable = readable_records(doctype, user)
		if readable:
			found.append(f"""(`tabCall Association`.`link_doctype` = {literal(doctype)} and `tabCall Association`.`link_name` in (
				select `tab{doctype}`.`name` from `tab{doctype}` where {readable}
			))""")
	return found


def child_of_call_query(doctype: str, user: str | None) -> str:
	"""Frappe lists the rows of a child table to everyone who may read any document of the parent's DocType."""
	return (
		f"(`tab{doctype}`.`parent` in (select `tabCall`.`name` from `tabCall` where {visible_calls(user)}))"
	)


def processing_run_stage_query(user: str | None = None, **kwargs) -> str:
	return f"""(`tabProcessing Run Stage`.`parent` in (
		select `tabProcessing Run`.`name` from `tabProcessing Run` where {processing_run_query(user)}
	))"""


def call_has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	"""Called after Frappe's role permissions have allowed access: it can only deny."""
	user = user or frappe.session.user
	if doc.is_new():
		return has_seat(user)
	if ptype == "create":
		# Frappe asks this about a call to which a row is to be added
		return may_edit(stored(doc), user)
	if ptype == "delete":
		return is_manager(user)
	if ptype in ("write", "share", "cancel", "submit", "amend"):
		return may_edit(stored(doc), user)
	return can_see(doc.name, user)


def stored(call) -> frappe._dict:
	"""The Call's name and its owner as stored: a changed copy must not make its sender the owner."""
	owner = frappe.db.get_value("Call", call.name, "call_owner", cache=False)
	return frappe._dict(name=call.name, call_owner=owner)


def belongs_to_call_has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	if ptype in READING:
		return can_see(doc.call, user)
	return False


def call_comment_has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	"""Everyone who sees the call reads and writes comments; only authors edit theirs, and only managers delete those of others."""
	user = user or frappe.session.user
	if ptype in (*READING, "create") or doc.is_new():
		return can_see(doc.call or "", user)
	# as stored: a changed copy must not make its sender the author
	stored = frappe.db.get_value("Call Comment", doc.name, ["call", "author"], as_dict=True)
	if not stored or not can_see(stored.call, user):
		return False
	if ptype == "delete":
		return is_manager(user) or stored.author == user
	return ptype == "write" and stored.author == user
