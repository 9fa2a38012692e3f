"""A playlist as the page shows it; the number of queries does not depend on its length."""

import frappe
from frappe.utils import cint, flt, get_fullname

from call_intelligence.permissions import has_seat, visible_calls
from call_intelligence.playlists import audience, listening
from call_intelligence.queries import sql

# in the dialog that adds to a playlist
MOST_PLAYLISTS = 200
# in a search for a playlist
MOST_WORDS = 20


def describe(playlist: str) -> dict:
	"""-> {"playlist": {"name", "title", "description", "cover_colour", "owner", "owner_name", "visibility", "item_count" and
	"total_seconds" of the shown items}, "permissions": {"write", "add", "delete"}, "following", "followers": number,
	"items": [see `as_shown`, with "speakers": names], "hidden": number of hidden items, "hidden_items": [{"name", "position"}], for
	users who may remove them}
	"""
	row = frappe.db.get_value(
		"Call Playlist",
		playlist,
		["name", "title", "description", "cover_colour", "playlist_owner", "visibility"],
		as_dict=True,
	)
	may_change = audience.may_change(playlist)
	items = shown_items(playlist, may_change)
	hidden = hidden_items(playlist, items)
	followers = frappe.get_all("Call Playlist Follower", filters={"playlist": playlist}, pluck="user")
	return {
		"playlist": {
			"name": row.name,
			"title": row.title,
			"description": row.description or "",
			"cover_colour": row.cover_colour or "",
			"owner": row.playlist_owner,
			"owner_name": get_fullname(row.playlist_owner) if row.playlist_owner else "",
			"visibility": row.visibility,
			"item_count": len(items),
			"total_seconds": flt(sum(item["seconds"] for item in items), 2),
		},
		"permissions": {"write": may_change, "add": audience.may_add(playlist), "delete": may_change},
		"following": frappe.session.user in followers,
		"followers": len(followers),
		"items": items,
		"hidden": len(hidden),
		**({"hidden_items": hidden} if may_change else {}),
	}


def hidden_items(playlist: str, shown: list[dict]) -> list[dict]:
	"""[{"name", "position"}] of the items that are not shown, without anything that identifies their calls"""
	rows = frappe.get_all(
		"Call Playlist Item",
		filters={"playlist": playlist},
		fields=["name", "position"],
		order_by="position, creation",
	)
	names = {item["name"] for item in shown}
	return [{"name": row.name, "position": cint(row.position)} for row in rows if row.name not in names]


def shown_items(playlist: str, may_change: bool) -> list[dict]:
	rows = visible_rows(playlist)
	calls = [row.call for row in rows]
	media, speakers = media_of(calls), speakers_of(calls)
	places = listening.mine(playlist)
	numbers = listening.numbers(playlist) if may_change else {}
	names = full_names([row.added_by for row in rows])
	return [
		as_shown(row, media.get(row.call), places.get(row.name), names, may_change, numbers)
		| {"speakers": speakers.get(row.call, [])}
		for row in rows
	]


def visible_rows(playlist: str) -> list:
	return sql.run(
		"""select item.`name`, item.`position`, item.`call`, item.`title`, item.`description`, item.`start_seconds`,
			item.`end_seconds`, item.`added_by`, item.`added_by_name`, item.`creation`,
			`tabCall`.`title` call_title, `tabCall`.`start_time` call_start, `tabCall`.`duration`
		from `tabCall Playlist Item` item inner join `tabCall` on `tabCall`.`name` = item.`call`
		where item.`playlist` = %(playlist)s and {visible}
		order by item.`position`, item.`creation`""",
		{"playlist": playlist},
		conditions={"visible": visible_calls()},
		as_dict=True,
	)


def as_shown(row, media, place, names: dict[str, str], may_change: bool, numbers: dict[str, int]) -> dict:
	"""-> {"name", "position", "call", "call_title", "call_start", "title", "description", "start", "end" (None: the whole call), "seconds",
	"added_by", "added_by_name", "added_on", "kind": "Audio" or "Video", "media_ready", "recording", "listened", "place": seconds of the
	call where the session's user has stopped, "may_change", "heard_by": number of people, None for users who may not change it}
	"""
	whole = not row.end_seconds
	return {
		"name": row.name,
		"position": cint(row.position),
		"call": row.call,
		"call_title": row.call_title,
		"call_start": row.call_start and str(row.call_start),
		"title": row.title or "",
		"description": row.description or "",
		"start": None if whole else flt(row.start_seconds, 2),
		"end": None if whole else flt(row.end_seconds, 2),
		"seconds": flt(row.duration if whole else row.end_seconds - row.start_seconds, 2),
		"added_by": row.added_by,
		"added_by_name": names.get(row.added_by) or row.added_by_name or "",
		"added_on": str(row.creation),
		"recording": media.name if media else None,
		"kind": media.kind or "Audio" if media else "Audio",
		"media_ready": bool(media and media.ready),
		"listened": bool(place and place.listened),
		"place": flt(place.seconds, 2) if place else 0,
		"may_change": may_change or row.added_by == frappe.session.user,
		"heard_by": numbers.get(row.name, 0) if may_change else None,
	}


def media_of(calls: list[str]) -> dict[str, dict]:
	"""{call: {name, kind, ready} of its newest recording}; ready: it has been prepared, so that a browser can play it"""
	if not calls:
		return {}
	rows = sql.run(
		"""select `name`, `call`, `kind`, ifnull(`peaks`, '') != '' as ready from `tabCall Recording`
		where `call` in %(calls)s order by `creation`""",
		{"calls": sorted(set(calls))},
		as_dict=True,
	)
	return {row.call: row for row in rows}


def speakers_of(calls: list[str]) -> dict[str, list[str]]:
	"""{call: known names of its participants}"""
	found: dict[str, list[str]] = {}
	if not calls:
		return found
	for row in frappe.get_all(
		"Call Participant",
		filters={"parent": ["in", sorted(set(calls))], "parenttype": "Call", "display_name": ["is", "set"]},
		fields=["parent", "display_name"],
		order_by="parent, idx",
	):
		names = found.setdefault(row.parent, [])
		if row.display_name not in names:
			names.append(row.display_name)
	return found


def full_names(users: list[str | None]) -> dict[str, str]:
	names = sorted({user for user in users if user})
	rows = (
		frappe.get_all("User", filters={"name": ["in", names]}, fields=["name", "full_name"]) if names else []
	)
	return {row.name: row.full_name or row.name for row in rows}


def mine(call: str | None = None, text: str | None = None) -> dict:
	"""The newest `MOST_PLAYLISTS` playlists that the session's user sees, first those that they may add to.

	text: words that the title must contain.
	-> {"may_create", "playlists": [{"name", "title", "cover_colour", "item_count", "may_add", "has_call": whether it contains `call`}],
	"complete": whether they include all that the user may add to}
	"""
	holds = "0"
	if call:
		holds = """exists (select 1 from `tabCall Playlist Item` item
			where item.`playlist` = `tabCall Playlist`.`name` and item.`call` = %(call)s)"""
	words = (text or "").split()[:MOST_WORDS]
	patterns = {f"word_{at}": "%" + sql.like(word) for at, word in enumerate(words)}
	titled = " and ".join(f"`title` like %({name})s" for name in patterns) or "1=1"
	rows = sql.run(
		f"""select `name`, `title`, `cover_colour`, `item_count`, {{may_add}} as may_add, {holds} as has_call
		from `tabCall Playlist` where {{visible}} and {titled}
		order by may_add desc, `modified` desc limit {MOST_PLAYLISTS + 1}""",
		{"call": call, **patterns},
		conditions={"may_add": audience.open_playlists(), "visible": audience.visible_playlists()},
		as_dict=True,
	)
	return {
		"may_create": has_seat(),
		"complete": not any(row.may_add for row in rows[MOST_PLAYLISTS:]),
		"playlists": [
			{
				"name": row.name,
				"title": row.title,
				"cover_colour": row.cover_colour or "",
				"item_count": cint(row.item_count),
				"may_add": bool(row.may_add),
				"has_call": bool(row.has_call),
			}
			for row in rows[:MOST_PLAYLISTS]
		],
	}
