"""A comment in the activity of each deal, lead and ticket says that a call is ready, for the front ends of Frappe CRM and Helpdesk.

There is one for each association: its name is in the row (`Call Association.comment`), so that it goes with the row. Comments are
written and removed by a job (jobs.py), as writing one locks the record, and others lock the record before the call.
"""

from html import escape
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.translate import get_user_lang
from frappe.utils import format_datetime, get_url_to_form

from call_intelligence.integrations import activity
from call_intelligence.integrations.registry import doctypes_of
from call_intelligence.queries import sql
from call_intelligence.queue import enqueue
from call_intelligence.queue.stages import READY


def is_on() -> bool:
	return bool(frappe.get_cached_value("Call Intelligence Settings", None, "announce_calls"))


def announced(doctype: str) -> bool:
	"""Whether comments are written to records of this DocType"""
	if not activity.comments_of(doctype):
		return False
	# the title is only for people who see the call
	closed = frappe.get_cached_value("Call Intelligence Settings", None, "leads_are_not_enough")
	return not (closed and doctype in doctypes_of("Lead"))


def call_changed(call: str, retitled: bool = False) -> None:
	"""Announce the Call, once the current transaction is committed, if it is ready and a record lacks its comment or shows the old
	title."""
	if not is_on() or frappe.db.get_value("Call", call, "status") != READY:
		return
	if any(retitled or not row.comment for row in announced_rows(call)):
		enqueue.announce_call(call)


def announced_rows(call: str) -> list[frappe._dict]:
	"""Associations that have or lack a comment: [{"name", "link_doctype", "link_name", "comment"}]"""
	rows = frappe.get_all(
		"Call Association",
		filters={"parent": call, "parenttype": "Call"},
		fields=["name", "link_doctype", "link_name", "comment"],
		order_by="idx",
	)
	return [row for row in rows if announced(row.link_doctype)]


def announce(call: str) -> None:
	"""Write or update the comments of the Call; each is committed with its name in the row."""
	row = frappe.db.get_value(
		"Call", call, ["name", "title", "start_time", "status", "call_owner"], as_dict=True
	)
	if not row or row.status != READY or not is_on():
		return
	text = content(row)
	for association in announced_rows(call):
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
		# without the host, as a site may be opened under several
		address = urlsplit(get_url_to_form("Call", call.name)).path
		title = " ".join((call.title or call.name).split())
		return '<p>{text}: <a href="{address}" target="_blank">{title}</a> ({when})</p>'.format(
			text=escape(_("Call recording")),
			address=escape(address),
			title=escape(title),
			when=escape(format_datetime(call.start_time, "medium")),
		)
	finally:
		frappe.local.lang = before


def withdraw(rows) -> None:
	"""Remove the comments of associations that are removed, once the current transaction is committed."""
	comments = [(row.get("link_doctype"), row.get("comment")) for row in rows if row.get("comment")]
	if comments:
		enqueue.withdraw_comments(comments)


def remove_all() -> None:
	"""Remove all comments at once, for an uninstall. Commits."""
	rows = frappe.get_all(
		"Call Association", filters={"comment": ["is", "set"]}, fields=["link_doctype", "comment"]
	)
	for row in rows:
		activity.remove(row.link_doctype, row.comment)
		frappe.db.commit()
	frappe.db.sql("update `tabCall Association` set `comment` = null")
