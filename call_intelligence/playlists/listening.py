"""How far a user has listened to an item: written only by that user, read also by users who may change the playlist."""

import frappe
from frappe.utils import cint, flt

from call_intelligence.core import writing
from call_intelligence.playlists import audience
from call_intelligence.playlists.items import number
from call_intelligence.playlists.names import name_of
from call_intelligence.queries import sql

YES, NO_MORE = 1, -1


def progress(item: str, seconds, listened: int) -> dict:
	"""Store the place of the session's user, in seconds of the call.

	listened: 1 marks the item as heard, 0 leaves the mark unchanged, -1 removes it. -> {"listened", "place"}
	"""
	user = frappe.session.user
	now = frappe.utils.now()
	# not by `name_of`: the user may have been renamed
	name = frappe.db.get_value("Call Playlist Listening", {"item": item, "user": user})
	if not name:
		name, playlist = name_of(item, user), frappe.db.get_value("Call Playlist Item", item, "playlist")
		writing.bulk_insert(
			"Call Playlist Listening",
			["name", "creation", "modified", "owner", "modified_by", "playlist", "item", "user"],
			[(name, now, now, user, user, playlist, item, user)],
			ignore_duplicates=True,
		)
	values = {"seconds": max(flt(number(seconds), 2), 0)}
	if cint(listened) == NO_MORE:
		values |= {"listened": 0, "listened_on": None}
	writing.set_value("Call Playlist Listening", name, values)
	if cint(listened) == YES:
		# the first time counts
		frappe.db.set_value(
			"Call Playlist Listening", {"name": name, "listened": 0}, {"listened": 1, "listened_on": now}
		)
	row = frappe.db.get_value("Call Playlist Listening", name, ["listened", "seconds"], as_dict=True)
	return {"listened": bool(row.listened), "place": flt(row.seconds, 2)}


def mine(playlist: str) -> dict[str, dict]:
	"""{item: {listened, seconds}} of the session's user"""
	rows = frappe.get_all(
		"Call Playlist Listening",
		filters={"playlist": playlist, "user": frappe.session.user},
		fields=["item", "listened", "seconds"],
	)
	return {row.item: row for row in rows}


def numbers(playlist: str) -> dict[str, int]:
	"""{item: how many people have heard it}"""
	rows = frappe.get_all(
		"Call Playlist Listening",
		filters={"playlist": playlist, "listened": 1},
		fields=["item"],
		as_list=True,
	)
	found: dict[str, int] = {}
	for (item,) in rows:
		found[item] = found.get(item, 0) + 1
	return found


def heard(playlist: str) -> list[dict]:
	"""Who has started or heard which item, of the items that the session's user sees.

	[{"item", "user", "full_name", "listened", "listened_on", "place" in seconds of the call}]
	"""
	rows = sql.run(
		"""select listening.`item`, listening.`user`, person.`full_name`, listening.`listened`, listening.`listened_on`,
			listening.`seconds`
		from `tabCall Playlist Listening` listening
		inner join `tabUser` person on person.`name` = listening.`user`
		inner join `tabCall Playlist Item` on `tabCall Playlist Item`.`name` = listening.`item`
		where listening.`playlist` = %(playlist)s and {visible}
		order by `tabCall Playlist Item`.`position`, person.`full_name`, person.`name`""",
		{"playlist": playlist},
		conditions={"visible": audience.visible_items()},
		as_dict=True,
	)
	return [
		{
			"item": row.item,
			"user": row.user,
			"full_name": row.full_name or row.user,
			"listened": bool(row.listened),
			"listened_on": row.listened_on and str(row.listened_on),
			"place": flt(row.seconds, 2),
		}
		for row in rows
	]
