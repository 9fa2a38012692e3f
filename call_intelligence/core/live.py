"""Notifies users that a document of ours that they have open has changed; their page then requests the content.

Frappe's realtime rooms of documents check the permission only on entry, so they are closed for our documents (guard/requests.py).
Instead, users who opened a document are stored here and notified as long as they may see it.
"""

import time
from collections.abc import Sequence

import frappe
from frappe.realtime import get_doctype_room, get_user_room
from redis.exceptions import RedisError

from call_intelligence.compat import after_commit, after_rollback
from call_intelligence.core.mixin import Mixin
from call_intelligence.queries import persons

EVENT = "call_intelligence_call"
LIST_EVENT = "call_intelligence_list"
# pages that stay open poll now and then, which renews this
REMEMBERED_SECONDS = 24 * 3600


# ------------------------------------------------------------------------------------------------ open documents


def watch(doctype: str, name: str) -> None:
	"""Record that the session's user has this document open, or a record that shows its calls."""
	if frappe.session.user == "Guest":
		return
	key = frappe.cache.make_key(watchers_of(doctype, name))
	try:
		frappe.cache.zadd(key, {frappe.session.user: time.time()})
		frappe.cache.expire(key, REMEMBERED_SECONDS)
	except RedisError:
		# pages also poll without events
		pass


def watch_document(doc, _event=None) -> None:
	"""onload of our DocTypes: called when its form is opened"""
	if not doc.is_new():
		watch(doc.doctype, doc.name)


def watching(doctype: str, name: str) -> list[str]:
	"""Users who have opened it; they may have lost access since"""
	key = frappe.cache.make_key(watchers_of(doctype, name))
	try:
		users = frappe.cache.zrangebyscore(key, time.time() - REMEMBERED_SECONDS, "+inf")
	except RedisError:
		return []
	return [user.decode() for user in users]


def watchers_of(doctype: str, name: str) -> str:
	return f"call_intelligence_watchers:{doctype}/{name}"


# ------------------------------------------------------------------------------------------------ sending events


def call_changed(call: str) -> None:
	tell_of_call(EVENT, {"call": call}, call)


def tell_of_call(event: str, message: dict, call: str, records: Sequence[tuple[str, str]] = ()) -> None:
	"""Send an event, after commit, to users who can see the Call then. message: without content, which pages request under the rule.

	records: (DocType, name) of records whose open pages also show the call
	"""
	later(event, message, ("Call", call), tuple(records))


def tell_of(event: str, message: dict, doctype: str, name: str) -> None:
	"""Like `tell_of_call`, for another document and users who may read it."""
	later(event, message, (doctype, name), ())


def later(*news) -> None:
	waiting = frappe.local.call_intelligence_news = (
		getattr(frappe.local, "call_intelligence_news", None) or []
	)
	if news not in waiting:
		waiting.append(news)
		# each time, because a failed commit drops earlier callbacks
		after_commit(tell_now)
		after_rollback(forget)


def tell_now() -> None:
	waiting = getattr(frappe.local, "call_intelligence_news", None) or []
	forget()
	try:
		for event, message, document, records in waiting:
			for user in audience(document, records):
				frappe.publish_realtime(event, message, room=get_user_room(user))
	except Exception:
		# the change is committed and other callbacks follow, so don't fail; open pages also poll without events
		frappe.logger("call_intelligence").warning("Open pages could not be told of a change", exc_info=True)
	finally:
		if waiting and not frappe.db.transaction_writes:
			# A job may work for minutes before its next commit and would keep this snapshot. Not db.rollback,
			# which drops other callbacks that wait for the commit.
			frappe.db.sql("rollback")


def forget() -> None:
	frappe.local.call_intelligence_news = None


def audience(document: tuple[str, str], records: tuple) -> set[str]:
	# imported here, because permissions imports modules that import this one
	from call_intelligence.permissions import who_sees

	doctype, name = document
	users = {user for place in (document, *records) for user in watching(*place)}
	if not users:
		return set()
	if doctype == "Call":
		return who_sees(name, sorted(users))
	return {user for user in users if may_read(doctype, name, user)}


def may_read(doctype: str, name: str, user: str) -> bool:
	return bool(frappe.db.exists(doctype, name)) and persons.may(user, "read", doctype, name)


def list_changed(doctype: str) -> None:
	"""Send an event to everyone with a list of the DocType open, once the current transaction is committed.

	Replaces Frappe's "list_update", which reveals the document's name and editor to users who may not see it.
	"""
	frappe.publish_realtime(
		LIST_EVENT, {"doctype": doctype}, room=get_doctype_room(doctype), after_commit=True
	)


class ToldWithoutNames(Mixin):
	"""Document that sends its changes only to users who have it open and may read it; lists don't get its name."""

	def notify_update(self):
		if frappe.flags.in_patch:
			return
		message = {"modified": self.modified, "doctype": self.doctype, "name": self.name}
		if self.doctype == "Call":
			tell_of_call("doc_update", message, self.name)
		else:
			tell_of("doc_update", message, self.doctype, self.name)
		list_changed(self.doctype)
