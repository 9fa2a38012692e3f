"""Playlists: listening, adding and moving items. Their settings are edited in the form of the DocType."""

import frappe
from frappe import _
from frappe.utils import cint, sbool

from call_intelligence.api.arguments import Json, checked
from call_intelligence.core import live
from call_intelligence.permissions import check_can_see, check_has_seat, is_desk_user
from call_intelligence.playlists import audience, describe, followers, hidden, items, listening, rules
from call_intelligence.playlists.permissions import may_change_item

MOST_AT_ONCE = 50
PARTS = Json(characters=500_000, values=13 * MOST_AT_ONCE)
NEW_PLAYLIST = Json(characters=4_000, values=20)


@frappe.whitelist(methods=["GET"])
@checked()
def mine(call: str | None = None, text: str | None = None) -> dict:
	"""The playlists that the user sees, to choose one to add to; call: to be added; text: words of the title.

	-> see `call_intelligence.playlists.describe.mine`
	"""
	if call:
		check_can_see(call)
	check_desk_user()
	return describe.mine(call, text)


@frappe.whitelist(methods=["GET"])
@checked()
def get(playlist: str) -> dict:
	"""-> see `call_intelligence.playlists.describe.describe`"""
	audience.check_sees(playlist)
	live.watch("Call Playlist", playlist)
	return describe.describe(playlist)


@frappe.whitelist(methods=["POST"])
@checked(parts=PARTS, new=NEW_PLAYLIST)
def add(parts: str | list, playlist: str | None = None, new: str | dict | None = None) -> dict:
	"""Add parts of calls at the end of a playlist, or of a new one.

	parts: [{"call", "start", "end" (seconds; both empty: the whole call), "title", "description", "clip"}];
	new: {"title", "description", "visibility", "cover_colour"}. -> {"playlist": its name, "title", "items": [names]}
	"""
	wanted = parts_of(parts)
	values = frappe.parse_json(new or None)
	if playlist:
		audience.check_may_add(playlist)
	for call in dict.fromkeys(part["call"] for part in wanted):
		check_can_see(call)
	if not playlist:
		playlist = create(values)
	names = items.add(playlist, wanted)
	return {
		"playlist": playlist,
		"title": frappe.db.get_value("Call Playlist", playlist, "title"),
		"items": names,
	}


def create(values) -> str:
	check_has_seat()
	if not isinstance(values, dict):
		frappe.throw(_("Choose a playlist, or give a new one a title."))
	fields = ("title", "description", "visibility", "cover_colour")
	given = {field: str(values[field]) for field in fields if values.get(field)}
	doc = frappe.get_doc({"doctype": "Call Playlist", **given, "playlist_owner": frappe.session.user})
	return doc.insert().name


def parts_of(parts: str | list) -> list[dict]:
	wanted = frappe.parse_json(parts or None)
	if not isinstance(wanted, list) or not wanted or not all(isinstance(part, dict) for part in wanted):
		frappe.throw(_("Name the calls and parts to add."))
	if len(wanted) > MOST_AT_ONCE:
		frappe.throw(_("At most {0} parts can be added at once.").format(MOST_AT_ONCE))
	texts = ("call", "title", "description", "clip")
	return [{**part, **{field: str(part.get(field) or "") for field in texts}} for part in wanted]


@frappe.whitelist(methods=["POST"])
@checked(title=rules.LONGEST_TITLE, description=rules.LONGEST_DESCRIPTION)
def update_item(
	item: str,
	title: str | None = None,
	description: str | None = None,
	start: str | float | int | None = None,
	end: str | float | int | None = None,
) -> dict:
	"""Change an item that the user has added; the owner of the playlist and managers change any. Arguments that are not given
	change nothing; empty times ("") mean the whole call. -> as `get`
	"""
	playlist = check_may_change_item(item)
	items.update(item, title, description, start, end)
	return describe.describe(playlist)


@frappe.whitelist(methods=["POST"])
@checked()
def remove_item(item: str) -> dict:
	"""Remove an item that the user has added; the owner of the playlist and managers remove any, also hidden ones. -> as `get`"""
	playlist = check_may_remove_item(item)
	items.remove(item)
	return describe.describe(playlist)


@frappe.whitelist(methods=["POST"])
@checked()
def move_item(item: str, position: int | str) -> dict:
	"""Move an item to `position`. -> as `get`"""
	playlist = check_may_change_item(item)
	items.move(item, cint(position))
	return describe.describe(playlist)


@frappe.whitelist(methods=["POST"])
@checked()
def follow(playlist: str, following: str | int | bool = 1) -> dict:
	"""Follow a playlist, to be notified of new items, or unfollow it (following=0). -> {"following", "followers": number}"""
	audience.check_sees(playlist)
	wanted = bool(cint(sbool(following)))
	followers.follow(playlist, wanted)
	return {
		"following": wanted,
		"followers": frappe.db.count("Call Playlist Follower", {"playlist": playlist}),
	}


@frappe.whitelist(methods=["POST"])
@checked()
def progress(item: str, seconds: str | float | int, listened: str | int = 0) -> dict:
	"""Store the user's place in an item, in seconds of the call; listened: 1: heard, 0: unchanged, -1: not heard.

	-> {"listened", "place"}
	"""
	audience.check_sees_item(item)
	return listening.progress(item, seconds, cint(listened))


@frappe.whitelist(methods=["GET"])
@checked()
def heard(playlist: str) -> list[dict]:
	"""Who has listened to what, for the owner of the playlist and managers.

	-> see `call_intelligence.playlists.listening.heard`
	"""
	audience.check_may_change(playlist)
	return listening.heard(playlist)


@frappe.whitelist(methods=["GET"])
@checked()
def hidden_for(playlist: str) -> dict:
	"""The number of items to whose calls people lack access, for the owner of the playlist and managers; takes a query for each person.

	-> see `call_intelligence.playlists.hidden.hidden_for`
	"""
	audience.check_may_change(playlist)
	return hidden.hidden_for(playlist)


@frappe.whitelist(methods=["POST"])
@checked()
def share_hidden(playlist: str, user: str) -> dict:
	"""Share the calls hidden from a user with them, as far as the caller may share those; for the owner of the playlist and managers.

	-> {"shared", "not_shared"}: numbers of items
	"""
	audience.check_may_change(playlist)
	return hidden.share(playlist, user)


def check_desk_user() -> None:
	if not is_desk_user(frappe.session.user):
		frappe.throw(_("Playlists are for people who work in Desk."), frappe.PermissionError)


def check_may_remove_item(item: str) -> str:
	"""-> the playlist. Raises frappe.PermissionError, the same for a hidden item as for one that does not exist."""
	playlist = frappe.db.get_value("Call Playlist Item", item, "playlist")
	return playlist if audience.may_change(playlist) else check_may_change_item(item)


def check_may_change_item(item: str) -> str:
	"""-> the playlist. Raises frappe.PermissionError, the same for a hidden item as for one that does not exist."""
	audience.check_sees_item(item)
	if not may_change_item(item):
		frappe.throw(
			_("Only the person who added it, the playlist owner or a Call Intelligence Manager can do this."),
			frappe.PermissionError,
		)
	return frappe.db.get_value("Call Playlist Item", item, "playlist")
