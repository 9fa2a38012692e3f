"""Comments on a call: threads of one level, at a time in the call or about the whole call.

Users who see the call can read and write them. The DocType calls `check` and the functions next to it, so that the rules also apply
to Frappe's REST API; the review uses `add`, `edit`, `remove` and `resolve`.
"""

import json
import math
from html import escape

import frappe
from frappe import _
from frappe.utils import cint, flt, get_fullname, now

from call_intelligence.compat import delete_doc
from call_intelligence.core import live, writing
from call_intelligence.discussion import mentions, richtext
from call_intelligence.permissions import is_manager

EVENT = "call_intelligence_comments"
LONGEST = 20_000

# set once or by the functions below; a form can't change them
FIXED = (
	"call", "reply_to", "timed", "at_seconds", "author", "author_name", "edited_on", "resolved", "resolved_by", "resolved_on",
	"deleted",
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ reading


def describe(call: str) -> list[dict]:
	"""All comments of the Call, the oldest first; `unread` are those that the session's user has not seen.

	[{"name", "at" in seconds or None, "reply_to", "content", "author", "author_name", "author_image", "creation", "edited_on",
	"resolved", "resolved_by_name", "resolved_on", "deleted", "unread", "mine", "may_delete"}]
	"""
	rows = frappe.get_all(
		"Call Comment",
		filters={"call": call},
		fields=["name", "creation", "content", *FIXED, "_seen"],
		order_by="creation, name",
	)
	users = people([row.author for row in rows] + [row.resolved_by for row in rows])
	me, manager = frappe.session.user, is_manager()
	return [as_shown(row, users, me, manager) for row in rows]


def people(names: list[str | None]) -> dict[str, frappe._dict]:
	"""{user: {full_name, user_image}}"""
	wanted = sorted({name for name in names if name})
	if not wanted:
		return {}
	rows = frappe.get_all(
		"User", filters={"name": ["in", wanted]}, fields=["name", "full_name", "user_image"]
	)
	return {row.name: row for row in rows}


def as_shown(row, users: dict[str, frappe._dict], me: str, manager: bool) -> dict:
	author = users.get(row.author) or frappe._dict()
	resolver = users.get(row.resolved_by) or frappe._dict()
	return {
		"name": row.name,
		"at": flt(row.at_seconds, 2) if row.timed else None,
		"reply_to": row.reply_to,
		"content": "" if row.deleted else row.content,
		"author": row.author,
		"author_name": author.full_name or row.author_name or row.author,
		"author_image": author.user_image,
		"creation": str(row.creation),
		"edited_on": row.edited_on and str(row.edited_on),
		"resolved": bool(row.resolved),
		"resolved_by_name": (resolver.full_name or row.resolved_by) if row.resolved else None,
		"resolved_on": row.resolved_on and str(row.resolved_on),
		"deleted": bool(row.deleted),
		"unread": not row.deleted and row.author != me and me not in seen_by(row),
		"mine": row.author == me and not row.deleted,
		"may_delete": not row.deleted and (manager or row.author == me),
	}


def seen_by(row) -> list[str]:
	return json.loads(row.get("_seen") or "[]")


def call_of(comment: str) -> str:
	"""The Call that a comment belongs to; "" for a comment that does not exist."""
	return frappe.db.get_value("Call Comment", comment, "call") or ""


# ------------------------------------------------------------------------------------------------ actions of the review


def add(call: str, content: str, at=None, reply_to: str | None = None) -> str:
	"""Add a comment, at a second of the call or about the whole call; returns its name."""
	timed = at not in (None, "")
	doc = frappe.get_doc(
		{
			"doctype": "Call Comment",
			"call": call,
			"content": content,
			"reply_to": reply_to or None,
			"timed": cint(timed),
			"at_seconds": number(at) if timed else 0,
		}
	)
	return doc.insert().name


def number(value) -> float:
	try:
		seconds = float(value)
	except (TypeError, ValueError):
		seconds = math.nan
	if not math.isfinite(seconds):
		frappe.throw(_("{0} is not a time in seconds.").format(escape(str(value)[:40])))
	return seconds


def edit(comment: str, content: str) -> None:
	doc = frappe.get_doc("Call Comment", comment, for_update=True)
	if doc.author != frappe.session.user:
		frappe.throw(_("Only its author may change a comment."), frappe.PermissionError)
	doc.content = content
	doc.save()


def remove(comment: str) -> None:
	"""Delete one's own comment (managers: any). The first comment of a thread with replies is emptied and marked as deleted."""
	doc = frappe.get_doc("Call Comment", comment, for_update=True)
	if doc.author != frappe.session.user and not is_manager():
		frappe.throw(
			_("Only its author or a Call Intelligence Manager may delete a comment."), frappe.PermissionError
		)
	if has_replies(doc.name):
		doc.db_set({"content": "", "deleted": 1}, update_modified=False)
		removed(doc)
	else:
		delete_doc("Call Comment", doc.name, force=True, ignore_permissions=True, delete_permanently=True)


def resolve(comment: str, resolved: bool) -> None:
	"""Close the comment's thread, or open it again."""
	first = frappe.db.get_value("Call Comment", comment, "reply_to") or comment
	values = {
		"resolved": cint(resolved),
		"resolved_by": frappe.session.user if resolved else None,
		"resolved_on": now() if resolved else None,
	}
	writing.set_value("Call Comment", first, values, update_modified=False)
	publish(call_of(first))


def mark_read(call: str, names: list[str]) -> None:
	"""Mark these comments of the Call as seen by the session's user."""
	if not names:
		return
	table = frappe.qb.DocType("Call Comment")
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table._seen)
		.where((table.call == call) & table.name.isin(names))
		# users who read at the same time must not overwrite each other
		.for_update()
		.run(as_dict=True)
	)
	for row in rows:
		seen = seen_by(row)
		if frappe.session.user not in seen:
			seen_now = json.dumps([*seen, frappe.session.user])
			frappe.db.set_value("Call Comment", row.name, "_seen", seen_now, update_modified=False)


# ------------------------------------------------------------------------------------------------ rules of the DocType


def new_name(call: str | None) -> str:
	"""A name that is readable in the header of an e-mail and usable in a URL"""
	return f"{call or 'CALL'}-{frappe.generate_hash(length=8)}"


def sign(doc) -> None:
	"""Set the author to the session's user, whatever was sent."""
	doc.author = frappe.session.user
	doc.author_name = get_fullname(doc.author)
	doc.update({"edited_on": None, "resolved": 0, "resolved_by": None, "resolved_on": None, "deleted": 0})
	doc.set("_seen", json.dumps([doc.author]))


def check(doc) -> None:
	before = doc.get_doc_before_save()
	if before:
		check_unmoved(doc, before)
		if doc.content == before.content:
			return
		if before.deleted:
			frappe.throw(_("This comment has been deleted."))
		doc.edited_on = now()
	else:
		check_reply(doc)
		check_time(doc)
	doc.content = checked_content(doc.content, doc.call)


def check_unmoved(doc, before) -> None:
	for field in FIXED:
		if doc.has_value_changed(field):
			frappe.throw(_("This cannot be changed in a comment: {0}.").format(_(doc.meta.get_label(field))))


def check_reply(doc) -> None:
	if not doc.reply_to:
		return
	# locked, so that it is not deleted while it is being answered
	first = frappe.db.get_value(
		"Call Comment", doc.reply_to, ["call", "reply_to"], as_dict=True, for_update=True
	)
	if not first or first.call != doc.call:
		frappe.throw(_("The comment that this answers does not exist any more."))
	# one level: an answer to an answer stays in the same thread
	doc.reply_to = first.reply_to or doc.reply_to
	doc.update({"timed": 0, "at_seconds": 0})


def check_time(doc) -> None:
	if not doc.timed:
		doc.at_seconds = 0
		return
	doc.at_seconds = flt(doc.at_seconds, 2)
	duration = flt(frappe.db.get_value("Call", doc.call, "duration"))
	# players round: the last moment may be slightly after the end
	if doc.at_seconds < 0 or (duration and doc.at_seconds > duration + 1):
		frappe.throw(_("The comment's time is not within the call."))


def checked_content(content: str | None, call: str) -> str:
	clean = richtext.clean(content, LONGEST, mentions.allowed_on(call))
	if not richtext.text_of(clean):
		if "<img" in (content or ""):
			frappe.throw(_("Pictures cannot be part of a comment. Please describe it in words."))
		frappe.throw(_("The comment is empty. Please write something first."))
	return clean


def keep_seen(doc) -> None:
	"""Frappe marks a saved document as unseen. An edit must not mark the comment unread again."""
	frappe.db.set_value(
		"Call Comment", doc.name, "_seen", doc.get_doc_before_save().get("_seen"), update_modified=False
	)


def tell(doc) -> None:
	"""Notify the people mentioned or replied to, and update the screens of everyone who has the call open."""
	before = doc.get_doc_before_save()
	already = mentions.people_of(before.content) if before else []
	mentioned = [user for user in mentions.people_of(doc.content) if user not in already]
	asked = [] if before or not doc.reply_to else thread_people(doc.reply_to)
	mentions.notify_of_comment(doc, mentioned, replied=[user for user in asked if user not in mentioned])
	publish(doc.call)


def thread_people(first: str) -> list[str]:
	"""Authors in the thread"""
	return frappe.get_all(
		"Call Comment",
		filters={"deleted": 0},
		or_filters={"name": first, "reply_to": first},
		pluck="author",
		distinct=True,
		order_by="author",
	)


def has_replies(comment: str) -> bool:
	return bool(frappe.db.exists("Call Comment", {"reply_to": comment}))


def check_removal(doc) -> None:
	if has_replies(doc.name):
		frappe.throw(
			_("This comment has replies. Delete it in the review of the call, where they stay readable.")
		)


def forget(doc) -> None:
	"""Empty the text before Frappe stores a copy of the deleted document."""
	doc.content = ""


def removed(doc) -> None:
	"""Delete a removed comment's notifications, and a deleted first comment whose last reply is gone."""
	frappe.db.delete("Notification Log", {"document_type": "Call Comment", "document_name": doc.name})
	first = doc.reply_to and frappe.db.get_value(
		"Call Comment", doc.reply_to, ["name", "deleted"], as_dict=True
	)
	if first and first.deleted and not has_replies(first.name):
		frappe.db.delete("Call Comment", {"name": first.name})
	publish(doc.call)


def remove_all(call: str) -> None:
	"""Delete all comments of a Call that is deleted."""
	names = frappe.get_all("Call Comment", filters={"call": call}, pluck="name")
	if names:
		frappe.db.delete(
			"Notification Log", {"document_type": "Call Comment", "document_name": ["in", names]}
		)
		frappe.db.delete("Call Comment", {"call": call})


def publish(call: str) -> None:
	live.tell_of_call(EVENT, {"call": call}, call)
