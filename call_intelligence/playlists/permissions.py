"""What Frappe asks about documents of playlists: permission_query_conditions, has_permission, and what is kept from followers."""

import frappe

from call_intelligence.permissions import can_see, has_seat, is_manager
from call_intelligence.playlists import audience
from call_intelligence.queries import sql
from call_intelligence.queries.sql import literal

READING = ("read", "select", "print", "email", "report", "export")

# ------------------------------------------------------------------------------------------------ lists


def playlist_query(user: str | None = None, **kwargs) -> str:
	return audience.visible_playlists(user)


def audience_query(user: str | None = None, **kwargs) -> str:
	"""Frappe lists the rows of a child table, asked for by itself, to all who may read any document of its parent's kind."""
	return in_playlists("`tabCall Playlist Audience`.`parent`", audience.visible_playlists(user))


def item_query(user: str | None = None, **kwargs) -> str:
	return audience.visible_items(user)


def follower_query(user: str | None = None, **kwargs) -> str:
	"""One's own, and managers all"""
	user = user or frappe.session.user
	mine = "1=1" if is_manager(user) else f"`tabCall Playlist Follower`.`user` = {literal(user)}"
	return f"({mine} and {in_playlists('`tabCall Playlist Follower`.`playlist`', audience.visible_playlists(user))})"


def listening_query(user: str | None = None, **kwargs) -> str:
	"""One's own, and those of one's own playlists; of items that one sees"""
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
	"""Frappe asks this after its own roles have said yes; it can only take away."""
	if doc.is_new():
		return has_seat(user)
	if ptype in READING:
		return audience.sees(doc.name, user)
	# as it is stored: a changed copy must not make its sender the owner
	return audience.may_change(doc.name, user)


def item_has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	"""Who added an item changes it and takes it out, and so do those who may change the playlist."""
	if doc.is_new() or ptype == "create":
		return audience.may_add(doc.playlist, user) and can_see(doc.call or "", user)
	if not audience.sees_item(doc.name, user):
		return False
	return ptype in READING or (ptype in ("write", "delete") and may_change_item(doc.name, user))


def may_change_item(item: str, user: str | None = None) -> bool:
	"""Of an item that they see: whoever added it, as long as they see it, and those who may change the playlist"""
	stored = frappe.db.get_value("Call Playlist Item", item, ["playlist", "added_by"], as_dict=True)
	return bool(stored) and (
		stored.added_by == (user or frappe.session.user) or audience.may_change(stored.playlist, user)
	)


def kept_has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	"""Followers and places: read by those whose lists have them, written by the functions that keep them."""
	return (
		ptype in READING and not doc.is_new() and sql.holds(QUERIES[doc.doctype](user), doc.doctype, doc.name)
	)


# ------------------------------------------------------------------------------------------------ following a document


def forget_followers_of_playlists() -> None:
	"""Who does not see a playlist any more gets no mails about it."""
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
