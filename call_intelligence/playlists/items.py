"""The items of a playlist and their order: 1, 2, 3 ... without gaps.

Whoever adds, moves or takes out holds the playlist's row (`hold`), so that of two at once one comes after the other. MariaDB goes on
showing a transaction what was there when it began to read, also behind a lock: so positions are moved by updates, which act on what
is there now, and the next position is the number of items in the row that is held. Who needs calls as well holds those first.
"""

import math
from html import escape

import frappe
from frappe import _
from frappe.utils import cint, flt, get_fullname

from call_intelligence.compat import by_index, share_lock
from call_intelligence.core import live
from call_intelligence.playlists import followers
from call_intelligence.playlists.rules import LONGEST_DESCRIPTION, LONGEST_TITLE, checked_text
from call_intelligence.transcript import locks

EVENT = "call_intelligence_playlist"
MOST_ITEMS = 1000
# of a time; no call lasts as long, and a column holds what so many items add up to
MOST_SECONDS = 10_000_000
# by name, since Frappe's own names of indexes are not always the same
INDEXES = {"playlist": "items_of_playlist", "call": "items_of_call"}

# said once; where an item stands and who has added it is not for a form to say
FIXED = ("playlist", "call", "position", "seconds", "added_by", "added_by_name", "clip")


# ------------------------------------------------------------------------------------------------ what the page does


def add(playlist: str, parts: list[dict]) -> list[str]:
	"""Add parts of calls at the end, and tell the followers once; returns the names of the items.

	parts: [{"call", "start", "end", "title", "description", "clip"}], times in seconds or None: the whole call
	"""
	names = []
	# whoever adds the same calls at the same time takes them in the same order
	lock_calls([part["call"] for part in parts])
	for part in parts:
		item = frappe.get_doc(
			{
				"doctype": "Call Playlist Item",
				"playlist": playlist,
				"call": part["call"],
				"title": part.get("title"),
				"description": part.get("description"),
				"start_seconds": number(part.get("start")),
				"end_seconds": number(part.get("end")),
				"clip": part.get("clip"),
			}
		)
		item.flags.told_together = True
		names.append(item.insert().name)
	tell(playlist, names)
	return names


def update(item: str, title=None, description=None, start=None, end=None) -> None:
	"""Change what is given: None leaves a field, "" empties it; without times an item is the whole call."""
	doc = frappe.get_doc("Call Playlist Item", item, for_update=True)
	if title is not None:
		doc.title = title
	if description is not None:
		doc.description = description
	if start is not None:
		doc.start_seconds = number(start)
	if end is not None:
		doc.end_seconds = number(end)
	doc.save()


def remove(item: str) -> None:
	frappe.delete_doc(
		"Call Playlist Item", item, ignore_permissions=True, delete_permanently=True, force=True
	)


def move(item: str, position: int) -> None:
	"""Put the item where the one at `position` is now; those between move up or down by one."""
	playlist = frappe.db.get_value("Call Playlist Item", item, "playlist")
	held = hold(playlist)
	stored = frappe.db.get_value("Call Playlist Item", item, "position", for_update=True)
	if stored is None:
		gone()
	position = min(max(cint(position), 1), cint(held.item_count))
	if position < stored:
		shift(playlist, position, stored - 1, 1)
	elif position > stored:
		shift(playlist, stored + 1, position, -1)
	frappe.db.set_value("Call Playlist Item", item, "position", position, update_modified=False)
	publish(playlist)


def number(value) -> float:
	"""Seconds; 0 for none. Raises a ValidationError for what is no number, or a larger one than any call has."""
	if value in (None, ""):
		return 0.0
	try:
		seconds = float(value)
	except (TypeError, ValueError):
		seconds = math.nan
	if not abs(seconds) <= MOST_SECONDS:
		frappe.throw(_("{0} is not a time in seconds.").format(escape(str(value)[:40])))
	return seconds


# ------------------------------------------------------------------------------------------------ holding


def hold(playlist: str):
	"""Until the transaction ends. -> its item_count and total_seconds as they are now"""
	row = frappe.db.get_value(
		"Call Playlist", playlist, ["name", "item_count", "total_seconds"], as_dict=True, for_update=True
	)
	if not row:
		frappe.throw(_("This playlist does not exist, or you may not see it."), frappe.PermissionError)
	return row


def hold_for(item: str) -> None:
	"""The playlist before its item, as all do who hold both."""
	if playlist := frappe.db.get_value("Call Playlist Item", item, "playlist"):
		hold(playlist)


def lock_calls(calls: list[str]) -> dict[str, float]:
	"""{call: its duration}; none of them is deleted, and none changes its length, until the transaction ends."""
	found = {}
	# one by one: of a list MariaDB may lock more than is in it
	for name in sorted(set(calls)):
		row = frappe.db.sql(
			f"select `duration` from `tabCall` where `name` = %s {share_lock()}", name
		)  # nosemgrep
		if not row:
			frappe.throw(_("This call does not exist, or you may not see it."), frappe.PermissionError)
		found[name] = flt(row[0][0])
	return found


def shift(playlist: str, first: int, last: int | None, by: int) -> None:
	"""Move the items at positions from `first` to `last`, or all that follow, by so many places."""
	frappe.db.sql(
		f"""update `tabCall Playlist Item` {by_index(INDEXES["playlist"])} set `position` = `position` + %(by)s
		where `playlist` = %(playlist)s and `position` >= %(first)s and `position` <= %(last)s""",
		{"playlist": playlist, "first": first, "last": MOST_ITEMS if last is None else last, "by": by},
	)  # nosemgrep


def count(playlist: str, items: int, seconds: float) -> None:
	"""So many more, or fewer, in a playlist that is held. Not a change of its settings, which somebody may have open."""
	table = frappe.qb.DocType("Call Playlist")
	(
		frappe.qb.update(table)
		.set(table.item_count, table.item_count + items)
		.set(table.total_seconds, table.total_seconds + flt(seconds, 2))
		.where(table.name == playlist)
		.run()
	)
	frappe.clear_document_cache("Call Playlist", playlist)


# ------------------------------------------------------------------------------------------------ rules of the DocType


def place(item) -> None:
	"""before_insert: at the end, in the name of whoever adds it."""
	item.flags.duration = lock_calls([item.call])[item.call]
	held = hold(item.playlist)
	if cint(held.item_count) >= MOST_ITEMS:
		frappe.throw(_("A playlist holds at most {0} items. Make another one.").format(MOST_ITEMS))
	item.position = cint(held.item_count) + 1
	item.added_by = frappe.session.user
	item.added_by_name = get_fullname(item.added_by)
	check_clip(item)


def check_clip(item) -> None:
	if item.clip and frappe.db.get_value("Call Clip", item.clip, "call") != item.call:
		frappe.throw(_("The clip is one of another call."))


def check(item) -> None:
	before = item.get_doc_before_save()
	if before:
		# it may have been moved since this copy was read
		item.position = before.position
		check_unmoved(item, before)
		# not locked: the playlist is held, and calls come before it
		item.flags.duration = frappe.db.get_value("Call", item.call, "duration")
	item.title = checked_text(item.title, LONGEST_TITLE).strip()
	item.description = checked_text(item.description, LONGEST_DESCRIPTION)
	check_times(item)


def check_unmoved(item, before) -> None:
	for field in FIXED:
		if field not in ("position", "seconds") and item.has_value_changed(field):
			frappe.throw(
				_("This cannot be changed in an item of a playlist: {0}.").format(
					_(item.meta.get_label(field))
				)
			)


def check_times(item) -> None:
	"""Both empty, or a part of the call; `seconds` is what it adds to the length of the playlist."""
	duration = flt(item.flags.duration)
	item.start_seconds, item.end_seconds = (
		flt(number(time), 2) for time in (item.start_seconds, item.end_seconds)
	)
	if not item.start_seconds and not item.end_seconds:
		item.seconds = flt(duration, 2)
		return
	# players round: the end may lie a little behind the call's
	if item.start_seconds < 0 or (duration and item.end_seconds > duration + 1):
		frappe.throw(_("The part is not within the call. Choose a start and an end that are."))
	if item.end_seconds <= item.start_seconds:
		frappe.throw(_("The end must be after the start. Leave both empty to add the whole call."))
	item.seconds = flt(item.end_seconds - item.start_seconds, 2)


def added(item) -> None:
	"""after_insert"""
	count(item.playlist, 1, item.seconds)
	if not item.flags.told_together:
		tell(item.playlist, [item.name])


def tell(playlist: str, names: list[str]) -> None:
	followers.added(playlist, names)
	publish(playlist)


def changed(item) -> None:
	"""on_update, which follows after_insert as well"""
	if before := item.get_doc_before_save():
		count(item.playlist, 0, item.seconds - flt(before.seconds))
		publish(item.playlist)


def take_out(item) -> None:
	"""on_trash"""
	hold(item.playlist)
	stored = frappe.db.get_value(
		"Call Playlist Item", item.name, ["position", "seconds"], as_dict=True, for_update=True
	)
	if not stored:
		gone()
	close_gap(item.playlist, stored)
	frappe.db.delete("Call Playlist Listening", {"item": item.name})
	# what Frappe keeps of a deleted document holds no word of it
	item.title = item.description = ""


def close_gap(playlist: str, removed) -> None:
	shift(playlist, removed.position + 1, None, -1)
	count(playlist, -1, -flt(removed.seconds))
	publish(playlist)


def gone() -> None:
	frappe.throw(_("This item of a playlist does not exist, or you may not see it."), frappe.PermissionError)


def publish(playlist: str) -> None:
	live.tell_of(EVENT, {"playlist": playlist}, "Call Playlist", playlist)


# ------------------------------------------------------------------------------------------------ with others


def remove_call(call: str) -> None:
	"""on_trash of Call: its items go, and nobody can add one any more."""
	locks.hold(call)
	rows = frappe.get_all(
		"Call Playlist Item", filters={"call": call}, fields=["name", "playlist"], order_by="playlist, name"
	)
	take_out_all(rows)
	# added since the transaction began to read
	late = frappe.db.sql(
		f"""select `name`, `playlist` from `tabCall Playlist Item` {by_index(INDEXES["call"])}
		where `call` = %s order by `playlist`, `name` for update""",
		call,
		as_dict=True,
	)  # nosemgrep
	take_out_all(late)


def take_out_all(rows) -> None:
	for row in rows:
		hold(row.playlist)
		stored = frappe.db.get_value(
			"Call Playlist Item", row.name, ["position", "seconds"], as_dict=True, for_update=True
		)
		if stored:
			close_gap(row.playlist, stored)
			frappe.db.delete("Call Playlist Listening", {"item": row.name})
			frappe.db.delete("Call Playlist Item", {"name": row.name})


def remove_playlist(playlist: str) -> None:
	"""on_trash of Call Playlist: nothing of it stays."""
	hold(playlist)
	for doctype in ("Call Playlist Listening", "Call Playlist Follower", "Call Playlist Item"):
		frappe.db.delete(doctype, {"playlist": playlist})
	frappe.db.delete("Notification Log", {"document_type": "Call Playlist", "document_name": playlist})


def call_measured(call: str, duration: float) -> None:
	"""The length of a call is known, or another: items that are all of it are as long."""
	for row in frappe.get_all(
		"Call Playlist Item",
		filters={"call": call, "end_seconds": 0},
		fields=["name", "playlist"],
		order_by="playlist, name",
	):
		hold(row.playlist)
		before = frappe.db.get_value("Call Playlist Item", row.name, "seconds", for_update=True)
		if before is not None and flt(before, 2) != flt(duration, 2):
			frappe.db.set_value(
				"Call Playlist Item", row.name, "seconds", flt(duration, 2), update_modified=False
			)
			count(row.playlist, 0, flt(duration) - flt(before))


def clip_deleted(doc, method: str | None = None) -> None:
	"""doc_events of Call Clip: an item outlives the clip that it was made of."""
	frappe.db.set_value("Call Playlist Item", {"clip": doc.name}, "clip", None, update_modified=False)
