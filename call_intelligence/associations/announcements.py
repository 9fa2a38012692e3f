"""A comment in the activity of each deal, lead and ticket says that a call is ready, for the front ends of Frappe CRM and Helpdesk.

There is one for each association: its name is in the row (`Call Association.comment`), so that it goes with the row. Comments are
written and removed by jobs (jobs.py): writing one locks the record, and others lock the record before the call. A removal whose job
is lost, as when Redis is down, leaves the comment.
"""

from html import escape

import frappe
from frappe import _
from frappe.translate import get_user_lang
from frappe.utils import format_datetime

from call_intelligence.core.addresses import path_of_form
from call_intelligence.integrations import activity
from call_intelligence.integrations.registry import doctypes_of
from call_intelligence.permissions import reading_shows_calls
from call_intelligence.queries import sql
from call_intelligence.queue import enqueue
from call_intelligence.queue.stages import READY

# fields of Call that a comment shows
SHOWN = ("title", "start_time")


def is_on() -> bool:
	return bool(frappe.get_cached_value("Call Intelligence Settings", None, "announce_calls"))


def is_announced_on(doctype: str) -> bool:
	"""Whether records of this DocType get comments. The title is only for people who see the call."""
	return bool(activity.comments_of(doctype)) and reading_shows_calls(doctype)


def queue_announcement(call: str, outdated: bool = False) -> None:
	"""Once the current transaction is committed, if the Call is ready and a record lacks its comment. outdated: or the comments show
	older values of SHOWN.
	"""
	if not is_on() or frappe.db.get_value("Call", call, "status") != READY:
		return
	if any(outdated or not row.comment for row in rows_of(call)):
		enqueue.announce_call(call)


def rows_of(call: str) -> list[frappe._dict]:
	"""Associations whose records get a comment: [{"name", "link_doctype", "link_name", "comment"}]"""
	rows = frappe.get_all(
		"Call Association",
		filters={"parent": call, "parenttype": "Call"},
		fields=["name", "link_doctype", "link_name", "comment"],
		order_by="idx",
	)
	return [row for row in rows if is_announced_on(row.link_doctype)]


def announce(call: str) -> None:
	"""Write or update the comments of the Call; each is committed with its name in the row."""
	row = frappe.db.get_value("Call", call, ["name", "status", "call_owner", *SHOWN], as_dict=True)
	if not row or row.status != READY or not is_on():
		return
	text = content(row)
	for association in rows_of(call):
		if association.comment:
			activity.update(association.link_doctype, association.comment, text)
		else:
			add(association, row.call_owner or "Administrator", text)
		frappe.db.commit()


def add(association, author: str, text: str) -> None:
	comment = activity.write(association.link_doctype, association.link_name, author, text)
	# the row may have got another comment or have been removed meanwhile
	sql.run(
		"update `tabCall Association` set `comment` = %(comment)s where `name` = %(row)s and ifnull(`comment`, '') = ''",
		{"comment": comment, "row": association.name},
	)
	kept = frappe.db.get_value("Call Association", association.name, "comment", for_update=True)
	if kept != comment:
		activity.remove(association.link_doctype, comment)


def content(call) -> str:
	"""HTML, in the language of the call's owner"""
	before = frappe.local.lang
	try:
		frappe.local.lang = get_user_lang(call.call_owner)
		title = " ".join((call.title or call.name).split())
		return '<p>{text}: <a href="{address}" target="_blank">{title}</a> ({when})</p>'.format(
			text=escape(_("Call recording")),
			address=escape(path_of_form("Call", call.name)),
			title=escape(title),
			when=escape(format_datetime(call.start_time, "medium")),
		)
	finally:
		frappe.local.lang = before


def queue_removal(rows) -> None:
	"""Once the current transaction is committed. rows: associations that are removed, with `link_doctype` and `comment`"""
	comments = [(row.get("link_doctype"), row.get("comment")) for row in rows if row.get("comment")]
	if comments:
		enqueue.remove_comments(comments)


def withdraw_from_leads() -> None:
	"""Remove the comments on leads, once the current transaction is committed: their readers no longer see the calls."""
	leads = {"link_doctype": ["in", [*doctypes_of("Lead"), ""]], "comment": ["is", "set"]}
	queue_removal(frappe.get_all("Call Association", filters=leads, fields=["link_doctype", "comment"]))
	frappe.db.set_value("Call Association", leads, "comment", None, update_modified=False)


def remove(comments: list) -> None:
	"""comments: [(DocType of the record, name of the comment)]; each is committed."""
	for doctype, comment in comments:
		activity.remove(doctype, comment)
		frappe.db.commit()


def remove_all() -> None:
	"""For an uninstall"""
	filters = {"comment": ["is", "set"]}
	remove(
		frappe.get_all("Call Association", filters=filters, fields=["link_doctype", "comment"], as_list=True)
	)
	frappe.db.set_value("Call Association", filters, "comment", None, update_modified=False)
