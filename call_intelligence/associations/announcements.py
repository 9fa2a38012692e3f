"""A comment in the activity of each deal, lead and ticket says that a call is ready, for the front ends of Frappe CRM and Helpdesk.

It has a link and nothing of the call, not even its title: comments are also read by people who don't see the call, such as portal
users, and are copied elsewhere. There is one for each association, whose row has its name (`Call Association.comment`). It is removed
in the transaction that removes the row. A job writes it: that locks the record, and others lock the record before the call.
"""

from functools import partial
from html import escape

import frappe
from frappe import _
from frappe.translate import get_user_lang

from call_intelligence.core.addresses import path_of_form
from call_intelligence.integrations import activity
from call_intelligence.integrations.conversions import CONVERTED
from call_intelligence.integrations.registry import association_doctypes
from call_intelligence.permissions import reading_shows_calls
from call_intelligence.queries import sql
from call_intelligence.queue import enqueue
from call_intelligence.queue.resumable import committed
from call_intelligence.queue.stages import DONE


def is_on() -> bool:
	return bool(frappe.get_cached_value("Call Intelligence Settings", None, "announce_calls"))


def is_announced_on(doctype: str) -> bool:
	"""Whether records of this DocType get comments"""
	return (
		doctype in association_doctypes()
		and bool(activity.comments_of(doctype))
		and reading_shows_calls(doctype)
	)


def queue_announcement(call: str) -> None:
	"""Once the current transaction is committed, if the Call is ready and a record lacks its comment"""
	if is_on() and frappe.db.get_value("Call", call, "status") in DONE and missing(call):
		enqueue.announce_call(call)


def missing(call: str) -> list[frappe._dict]:
	"""Associations whose records lack the comment: [{"name", "link_doctype", "link_name"}]"""
	rows = frappe.get_all(
		"Call Association",
		filters={"parent": call, "parenttype": "Call", "comment": ["is", "not set"]},
		fields=["name", "link_doctype", "link_name"],
		order_by="idx",
	)
	return [row for row in rows if is_announced_on(row.link_doctype) and not has_lead_of(call, row)]


def has_lead_of(call: str, row) -> bool:
	"""Whether the call's comment is on the lead that the associated record was converted from: a deal shows the activity of its lead"""
	known = CONVERTED.get(row.link_doctype)
	if not known or not is_announced_on(known.lead_doctype):
		return False
	lead = frappe.db.get_value(row.link_doctype, row.link_name, known.field)
	own = {"parent": call, "parenttype": "Call", "link_doctype": known.lead_doctype, "link_name": lead}
	return bool(lead and frappe.db.exists("Call Association", own))


def announce(call: str) -> None:
	"""Write the missing comments of the Call, each in a transaction of its own. One that fails is logged and left out."""
	row = frappe.db.get_value("Call", call, ["name", "status", "call_owner"], as_dict=True)
	if not row or row.status not in DONE or not is_on():
		return
	for association in missing(call):
		try:
			committed(partial(add, association, row))
		except Exception:
			frappe.db.rollback()
			frappe.log_error(
				"Call Intelligence: a call could not be announced",
				reference_doctype=association.link_doctype,
				reference_name=association.link_name,
			)


def add(association, call) -> None:
	comment = activity.write(
		association.link_doctype, association.link_name, call.call_owner or "Administrator", content(call)
	)
	# the row may have got another comment or have been removed meanwhile
	sql.run(
		"update `tabCall Association` set `comment` = %(comment)s where `name` = %(row)s and ifnull(`comment`, '') = ''",
		{"comment": comment, "row": association.name},
	)
	kept = frappe.db.get_value("Call Association", association.name, "comment", for_update=True)
	if kept != comment:
		activity.remove(association.link_doctype, association.link_name, comment)


def content(call) -> str:
	"""HTML, in the language of the call's owner"""
	before = frappe.local.lang
	try:
		frappe.local.lang = get_user_lang(call.call_owner)
		# the front end of Frappe CRM breaks comments within words
		return (
			'<p style="word-break:normal">{text} <a href="{address}" target="_blank">{link}</a></p>'.format(
				text=escape(_("The recording of a call is ready.")),
				address=escape(path_of_form("Call", call.name)),
				link=escape(_("Open the review")),
			)
		)
	finally:
		frappe.local.lang = before


def remove_of(rows: list[str]) -> None:
	"""Remove the comments of associations, before these are removed or changed. rows: their names. Does not commit."""
	if not rows:
		return
	# a locking read: the job may have written a comment since this transaction began
	found = sql.run(
		"select `link_doctype`, `link_name`, `comment` from `tabCall Association` where `name` in %(rows)s for update",
		{"rows": rows},
		as_dict=True,
	)
	for row in found:
		if row.comment:
			activity.remove(row.link_doctype, row.link_name, row.comment)


def settings_changed() -> None:
	"""Queue `remove_unwanted`, if there are comments."""
	if frappe.db.exists("Call Association", {"comment": ["is", "set"]}):
		enqueue.remove_announcements()


def remove_unwanted(wanted=is_announced_on) -> None:
	"""Remove the comments on records of DocTypes that don't get any (more). Commits. wanted: whether a DocType gets them"""
	rows = frappe.get_all(
		"Call Association", {"comment": ["is", "set"]}, ["name", "link_doctype"], order_by="name"
	)
	for row in rows:
		if not wanted(row.link_doctype):
			remove_of([row.name])
			frappe.db.set_value("Call Association", row.name, "comment", None, update_modified=False)
			frappe.db.commit()


def remove_all() -> None:
	"""For an uninstall"""
	remove_unwanted(wanted=lambda doctype: False)
