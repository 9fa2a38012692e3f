"""Reading Frappe's tables that have rows about documents of ours: permission_query_conditions and has_permission.

Rows about other DocTypes are not affected: each condition begins with the DocType's name, and MariaDB evaluates the rest only for rows
about our documents, by the primary keys of our tables.
"""

from contextlib import contextmanager

import frappe

from call_intelligence.clips.access import visible_clips, visible_openings
from call_intelligence.compat import other_hooks_allow
from call_intelligence.guard import files
from call_intelligence.guard.ours import MODULE, doctypes, our_doctype
from call_intelligence.guard.rights import may_write_on
from call_intelligence.guard.tables import TABLES, WHOLE_DOCTYPE, subjects
from call_intelligence.permissions import is_desk_user, is_manager, visible_calls
from call_intelligence.playlists.permissions import QUERIES as PLAYLISTS
from call_intelligence.queries.sql import literal, literals

# DocTypes whose documents a user with the role sees if they see the call in the field `call`
FOLLOW_THE_CALL = (
	"Call Recording",
	"Call Comment",
	"Transcript Segment",
	"Transcript Edit",
	"Processing Run",
	"Term Mention",
)
# DocTypes with other rules
LISTS = {"Call Clip": visible_clips, "Call Clip Opening": visible_openings, **PLAYLISTS}
# tables of which Frappe shows users only their own rows: the field with the user
OWN = {"Notification Log": "for_user"}
# read by role alone
MASTERS = ("Tracked Term", "Tracked Term Category", "Term Scan", "Call Intelligence Settings")


# ------------------------------------------------------------------------------------------------ lists


def rows_of(table: str, user: str | None = None) -> str:
	"""SQL condition over `tab{table}`, in brackets: rows that are not about a document of ours, or about one that `user` sees.

	"" for managers, who see all.
	"""
	user = user or frappe.session.user
	if is_manager(user):
		return ""
	if table in WHOLE_DOCTYPE:
		return not_ours(f"`tab{table}`.`{WHOLE_DOCTYPE[table]}`")
	rules = []
	for doctype, name in TABLES[table]:
		doctype, name = f"`tab{table}`.`{doctype}`", f"`tab{table}`.`{name}`"
		rules.append(
			f"({not_ours(doctype)}{''.join(f' or {rule}' for rule in seen(table, doctype, name, user))})"
		)
	return f"({' and '.join(rules)})"


def not_ours(doctype: str) -> str:
	"""SQL condition; doctype: a column"""
	return f"({doctype} is null or {doctype} not in ({in_quotes()}))"


def seen(table: str, doctype: str, name: str, user: str) -> list[str]:
	"""SQL conditions; one of them is true if the columns `doctype` and `name` name a document of ours that `user` sees.

	Only for DocTypes that the table has rows about: checking permissions takes far longer than most lists.
	"""
	if not is_desk_user(user):
		return []
	with asking() as first:
		# calls may be associated with records of such a table: within the rule for calls, those don't depend on calls again
		present = mentioned(table, doctype, user) if first else set()
		rules = [followed(doctype, name, user)] if present & {"Call", *FOLLOW_THE_CALL} else []
		for ours in present & set(LISTS):
			rules.append(f"""({doctype} = {literal(ours)} and {name} in (
				select `tab{ours}`.`name` from `tab{ours}` where {LISTS[ours](user)}
			))""")
		for master in present & set(MASTERS):
			if frappe.has_permission(master, "read", user=user):
				rules.append(f"({doctype} = {literal(master)})")
	return rules


def mentioned(table: str, doctype: str, user: str) -> set[str]:
	"""The DocTypes of ours that the table has rows about, among those that may be shown to `user`"""
	mine = f"and `tab{table}`.`{OWN[table]}` = {literal(user)}" if table in OWN else ""
	found = frappe.db.sql(
		f"select distinct {doctype} from `tab{table}` where {doctype} in ({in_quotes()}) {mine}"
	)  # nosemgrep
	return set(filter(None, (our_doctype(name) for (name,) in found)))


def followed(doctype: str, name: str, user: str) -> str:
	"""SQL condition: the columns name a call that `user` sees, or something that belongs to one"""
	parts = " ".join(
		f"when {literal(part)} then (select `call` from `tab{part}` where `tab{part}`.`name` = {name})"
		for part in FOLLOW_THE_CALL
	)
	return f"""(case {doctype} when 'Call' then {name} {parts} end in (
		select `tabCall`.`name` from `tabCall` where {visible_calls(user)}
	))"""


@contextmanager
def asking():
	"""Yields True, and False when nested."""
	nested = getattr(frappe.local, "call_intelligence_asking", False)
	frappe.local.call_intelligence_asking = True
	try:
		yield not nested
	finally:
		frappe.local.call_intelligence_asking = nested


def condition_on(table: str):
	"""Hook permission_query_conditions, one per table: before 15.55 Frappe does not pass the DocType."""

	def condition(user: str | None = None, **kwargs) -> str:
		return rows_of(table, user)

	return condition


access_log = condition_on("Access Log")
activity_log = condition_on("Activity Log")
auto_repeat = condition_on("Auto Repeat")
comment = condition_on("Comment")
communication = condition_on("Communication")
communication_link = condition_on("Communication Link")
data_import = condition_on("Data Import")
deleted_document = condition_on("Deleted Document")
discussion_topic = condition_on("Discussion Topic")
docshare = condition_on("DocShare")
document_follow = condition_on("Document Follow")
document_share_key = condition_on("Document Share Key")
dynamic_link = condition_on("Dynamic Link")
email_queue = condition_on("Email Queue")
email_unsubscribe = condition_on("Email Unsubscribe")
energy_point_log = condition_on("Energy Point Log")
error_log = condition_on("Error Log")
event_participants = condition_on("Event Participants")
file = condition_on("File")
integration_request = condition_on("Integration Request")
milestone = condition_on("Milestone")
notification_log = condition_on("Notification Log")
reminder = condition_on("Reminder")
submission_queue = condition_on("Submission Queue")
tag_link = condition_on("Tag Link")
todo = condition_on("ToDo")
version = condition_on("Version")
view_log = condition_on("View Log")
workflow_action = condition_on("Workflow Action")


def data_import_log(user: str | None = None, **kwargs) -> str:
	imports = data_import(user)
	if not imports:
		return ""
	return f"""(`tabData Import Log`.`data_import` in (
		select `tabData Import`.`name` from `tabData Import` where {imports}
	))"""


def prepared_report(user: str | None = None, **kwargs) -> str:
	"""Frappe shows a prepared report to everyone who may run the report, but ours contain what its owner sees."""
	user = user or frappe.session.user
	if is_manager(user):
		return ""
	return f"""(`tabPrepared Report`.`owner` = {literal(user)} or `tabPrepared Report`.`report_name` not in (
		select `name` from `tabReport` where `module` = {literal(MODULE)} or `ref_doctype` in ({in_quotes()})
	))"""


def route_history(user: str | None = None, **kwargs) -> str:
	"""Other users' routes are hidden where they name documents of ours."""
	user = user or frappe.session.user
	if is_manager(user):
		return ""
	table = "`tabRoute History`"
	return f"""({table}.`user` = {literal(user)} or {table}.`route` is null
		or substring_index(substring_index({table}.`route`, '/', 2), '/', -1) not in ({in_quotes()}))"""


def in_quotes() -> str:
	return literals(doctypes().values())


# ------------------------------------------------------------------------------------------------ documents


def has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	"""Hook has_permission of the tables: False for rows about hidden documents, else the answer of Frappe and other apps."""
	user = user or frappe.session.user
	# access to a recording does not include keeping a copy of it
	if (
		doc.doctype == "File"
		and files.is_copy(doc)
		and (ptype == "create" or not files.may_read_bytes(doc, user))
	):
		return False
	if not is_manager(user) and is_hidden(doc, user, ptype):
		return False
	return other_hooks_allow(doc, ptype, user, f"{__name__}.has_permission")


def is_hidden(row, user: str, ptype: str = "read") -> bool:
	"""Whether the row is about a document of ours that `user` does not see."""
	if row.doctype == "Document Follow" and row.user == user and ptype in ("create", "delete"):
		# Frappe follows documents automatically, which must not fail: see writing.check_follower
		return False
	if row.doctype in WHOLE_DOCTYPE:
		return bool(our_doctype(row.get(WHOLE_DOCTYPE[row.doctype])))
	if row.doctype == "Data Import Log":
		return bool(
			our_doctype(frappe.db.get_value("Data Import", row.data_import or "", "reference_doctype"))
		)
	if row.doctype == "Prepared Report":
		report = frappe.db.get_value("Report", row.report_name, ["module", "ref_doctype"], as_dict=True)
		ours = report and (report.module == MODULE or our_doctype(report.ref_doctype))
		return bool(ours) and row.owner != user
	if row.doctype == "Route History":
		place = (row.route or "").split("/")
		return row.user != user and len(place) > 1 and bool(our_doctype(place[1]))
	return not all(may_write_on(doctype, name, user) for doctype, name in subjects(row))
