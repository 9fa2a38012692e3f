"""Followers of a playlist, who are notified in Desk, in their language, when someone else adds to it."""

from html import escape

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.utils import get_fullname, get_url_to_form

from call_intelligence import compat
from call_intelligence.core import writing
from call_intelligence.playlists import audience
from call_intelligence.playlists.names import name_of
from call_intelligence.queries import sql
from call_intelligence.queue import enqueue


def follow(playlist: str, following: bool) -> None:
	"""Follow or unfollow as the session's user. Idempotent."""
	user = frappe.session.user
	pair = {"playlist": playlist, "user": user}
	if not following:
		frappe.db.delete("Call Playlist Follower", pair)
	if not following or frappe.db.exists("Call Playlist Follower", pair):
		return
	now, name = frappe.utils.now(), name_of(playlist, user)
	writing.bulk_insert(
		"Call Playlist Follower",
		["name", "creation", "modified", "owner", "modified_by", "playlist", "user"],
		[(name, now, now, user, user, playlist, user)],
		ignore_duplicates=True,
	)


def added(playlist: str, items: list[str]) -> None:
	"""The session's user has added these items: followers get one notification for all of them."""
	if items and frappe.db.exists("Call Playlist Follower", {"playlist": playlist}):
		enqueue.tell_followers(playlist, items, frappe.session.user)


def tell(playlist: str, items: list[str], by: str) -> None:
	"""Notify followers who see the playlist and at least one of the items, of the number of items they see."""
	title = frappe.db.get_value("Call Playlist", playlist, "title")
	if title is None:
		return
	for person in listeners(playlist, by):
		number = seen_of(items, person.name)
		if number:
			enqueue_create_notification(
				[person.email],
				compat.notification_with_link(
					{
						"type": "Alert",
						"document_type": "Call Playlist",
						"document_name": playlist,
						"subject": subject(by, title, number, person.language),
						"from_user": by,
					},
					get_url_to_form("Call Playlist", playlist),
				),
			)


def listeners(playlist: str, by: str) -> list:
	followers = frappe.get_all(
		"Call Playlist Follower", filters={"playlist": playlist, "user": ["!=", by]}, pluck="user"
	)
	return (
		frappe.get_all(
			"User",
			filters={"name": ["in", followers], "enabled": 1},
			fields=["name", "email", "language"],
			order_by="name",
		)
		if followers
		else []
	)


def seen_of(items: list[str], user: str) -> int:
	"""How many of the items the user sees; 0 if they don't see the playlist any more"""
	return sql.run(
		"""select count(*) from `tabCall Playlist Item` where `tabCall Playlist Item`.`name` in %(items)s
		and {visible}""",
		{"items": items},
		conditions={"visible": audience.visible_items(user)},
	)[0][0]


def subject(by: str, title: str, number: int, language: str | None) -> str:
	who = f"<b>{escape(get_fullname(by))}</b>"
	where = f'<b class="subject-title">{escape(title)}</b>'
	if number == 1:
		return _("{0} added a recording to the playlist {1}", language).format(who, where)
	return _("{0} added {1} recordings to the playlist {2}", language).format(who, number, where)
