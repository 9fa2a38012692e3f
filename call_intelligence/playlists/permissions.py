"""Hooks for the documents of playlists: permission_query_conditions, has_permission, and Document Follow."""

import frappe

from call_intelligence.permissions import READING, can_see, has_seat, is_manager
from call_intelligence.playlists import audience
from call_intelligence.queries import sql
from call_intelligence.queries.sql import literal

# ------------------------------------------------------------------------------------------------ lists


def playlist_query(user: str | None = None, **kwargs) -> str:
	return audience.visible_playlists(user)


def audience_query(user: str | None = None, **kwargs) -> str:
	"""Frappe lists the rows of a child table to everyone who may read any document of the parent's DocType."""
	return in_playlists("`tabCall Playlist Audience`.`parent`", audience.visible_playlists(user))


def item_query(user: str | None = None, **kwargs) -> str:
	return audience.visible_items(user)


def follower_query(user: str | None = None, **kwargs) -> str:
	"""The user's own; all for managers"""
	user = user or frappe.session.user
	mine = "1=1" if is_manager(user) else f"`tabCall Playlist Follower`.`user` = {literal(user)}"
	return f"({mine} and {in_playlists('`tabCall Playlist Follower`.`playlist`', audience.visible_playlists(user))})"


def listening_query(user: str | None = None, **kwargs) -> str:
	"""The user's own, and those of the user's playlists; only of items that the user sees"""
	user = user or frappe.session.user
	table = "`tabCall Playlist Listening`"
	return f"""(({table}.`user` = {literal(user)} or {in_playlists(f"{table}.`playlist`", audience.own_playlists(user))})
		and {table}.`item` in (
			select `tabCall Playlist Item`.`name` from `tabCall Playlist Item` where {audience.visible_items(user)}
		))"""


def in_playlists(field: str, condition: str) -> str:
	return f"({field} in (select `tabCall Playlist`.`name` from `tabCall Playlist` where {condition}))"


QUERIES = {
	"Call Playlist": playlist_query,
	"Call Playlist Item": item_query,
	"Call Playlist Follower": follower_query,
	"Call Playlist Listening": listening_query,
}


# ------------------------------------------------------------------------------------------------ documents


def playlist_has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	"""Called after Frappe's role permissions have allowed access: it can only deny."""
	if doc.is_new():
		return has_seat(user)
	if ptype in READING:
		return audience.sees(doc.name, user)
	# as stored: a changed copy must not make its sender the owner
	return audience.may_change(doc.name, user)


def item_has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	"""An item is changed and removed by the user who added it, and by users who may change the playlist."""
	if doc.is_new() or ptype == "create":
		return audience.may_add(doc.playlist, user) and can_see(doc.call or "", user)
	if not audience.sees_item(doc.name, user):
		return False
	return ptype in READING or (ptype in ("write", "delete") and may_change_item(doc.name, user))


def may_change_item(item: str, user: str | None = None) -> bool:
	"""For an item that `user` sees: whether they added it or may change the playlist"""
	stored = frappe.db.get_value("Call Playlist Item", item, ["playlist", "added_by"], as_dict=True)
	return bool(stored) and (
		stored.added_by == (user or frappe.session.user) or audience.may_change(stored.playlist, user)
	)


def kept_has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	"""Followers and places: read by users whose lists contain them, written only by the app's functions."""
	return (
		ptype in READING and not doc.is_new() and sql.holds(QUERIES[doc.doctype](user), doc.doctype, doc.name)
	)


# ------------------------------------------------------------------------------------------------ following a document


def forget_followers_of_playlists() -> None:
	"""Stop Frappe's mails about a playlist to users who no longer see it."""
	for user in frappe.get_all(
		"Document Follow",
		filters={"ref_doctype": "Call Playlist"},
		pluck="user",
		distinct=True,
		order_by="user",
	):
		sql.run(
			"""delete from `tabDocument Follow` where `ref_doctype` = 'Call Playlist' and `user` = %(user)s
			and not {seen}""",
			{"user": user},
			conditions={"seen": in_playlists("`ref_docname`", audience.visible_playlists(user))},
		)
