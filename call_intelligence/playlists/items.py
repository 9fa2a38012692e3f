"""The items of a playlist and their order: 1, 2, 3 ... without gaps.

Adding, moving and removing lock the playlist's row (`hold`), which serialises concurrent changes. Even after waiting for the lock a
transaction reads its old snapshot: so positions are moved by updates, which act on the current rows, and the next position comes from
the number of items in the locked row. Calls are locked before the playlist.
"""

import math
from html import escape

import frappe
from frappe import _
from frappe.utils import cint, flt, get_fullname

from call_intelligence.compat import by_index, delete_doc, share_lock
from call_intelligence.core import live
from call_intelligence.playlists import followers
from call_intelligence.playlists.rules import LONGEST_DESCRIPTION, LONGEST_TITLE, checked_text
from call_intelligence.transcript import locks

EVENT = "call_intelligence_playlist"
MOST_ITEMS = 1000
# limit of a time; no call is as long, and the sum over all items fits its column
MOST_SECONDS = 10_000_000
# named here, since Frappe's names of indexes vary
INDEXES = {"playlist": "items_of_playlist", "call": "items_of_call"}

# set once; forms may not change an item's position or who has added it
FIXED = ("playlist", "call", "position", "seconds", "added_by", "added_by_name", "clip")


# ------------------------------------------------------------------------------------------------ changes by the page


def add(playlist: str, parts: list[dict]) -> list[str]:
	"""Add parts of calls at the end, and notify the followers once; returns the names of the items.

	parts: [{"call", "start", "end", "title", "description", "clip"}], times in seconds or None for the whole call
	"""
	names = []
	# in a fixed order, so that concurrent requests with the same calls don't deadlock
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
	"""Change the given fields: None leaves a field unchanged, "" empties it; without times an item is the whole call."""
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
	delete_doc("Call Playlist Item", item, ignore_permissions=True, delete_permanently=True, force=True)


def move(item: str, position: int) -> None:
	"""Move the item to `position`; those between move up or down by one."""
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
	"""Seconds; 0 for an empty value. Raises a ValidationError unless it is a number of at most MOST_SECONDS."""
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
	"""Lock the playlist until the transaction ends. -> its current item_count and total_seconds"""
	row = frappe.db.get_value(
		"Call Playlist", playlist, ["name", "item_count", "total_seconds"], as_dict=True, for_update=True
	)
	if not row:
		frappe.throw(_("This playlist does not exist, or you may not see it."), frappe.PermissionError)
	return row


def hold_for(item: str) -> None:
	"""Lock the playlist before its item, the order for locking both."""
	if playlist := frappe.db.get_value("Call Playlist Item", item, "playlist"):
		hold(playlist)


def lock_calls(calls: list[str]) -> dict[str, float]:
	"""{call: its duration}; they can't be deleted, nor change their length, until the transaction ends."""
	found = {}
	# one by one: for a list MariaDB may lock further rows
	for name in sorted(set(calls)):
		row = frappe.db.sql(
			f"select `duration` from `tabCall` where `name` = %s {share_lock()}", name
		)  # nosemgrep
		if not row:
			frappe.throw(_("This call does not exist, or you may not see it."), frappe.PermissionError)
		found[name] = flt(row[0][0])
	return found


def shift(playlist: str, first: int, last: int | None, by: int) -> None:
	"""Move the items at positions from `first` to `last` (None: to the end) by `by` places."""
	frappe.db.sql(
		f"""update `tabCall Playlist Item` {by_index(INDEXES["playlist"])} set `position` = `position` + %(by)s
		where `playlist` = %(playlist)s and `position` >= %(first)s and `position` <= %(last)s""",
		{"playlist": playlist, "first": first, "last": MOST_ITEMS if last is None else last, "by": by},
	)  # nosemgrep


def count(playlist: str, items: int, seconds: float) -> None:
	"""Add to the totals of a locked playlist. `modified` stays, as its settings, which may be open in a form, don't change."""
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
	"""before_insert: at the end, as added by the session's user."""
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
		# the item may have been moved since this copy was read
		item.position = before.position
		check_unmoved(item, before)
		# not locked: the playlist is locked already, and calls would have to be locked before it
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
	# players round: the end may be slightly after the call's
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
	# Frappe keeps a copy of a deleted document, which must not contain them
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
	"""on_trash of Call: remove its items, and prevent new ones."""
	locks.hold(call)
	rows = frappe.get_all(
		"Call Playlist Item", filters={"call": call}, fields=["name", "playlist"], order_by="playlist, name"
	)
	take_out_all(rows)
	# items added since the transaction's snapshot
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
	"""on_trash of Call Playlist: remove everything that belongs to it."""
	hold(playlist)
	for doctype in ("Call Playlist Listening", "Call Playlist Follower", "Call Playlist Item"):
		frappe.db.delete(doctype, {"playlist": playlist})
	frappe.db.delete("Notification Log", {"document_type": "Call Playlist", "document_name": playlist})


def call_measured(call: str, duration: float) -> None:
	"""The length of a call was measured: update items of the whole call."""
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
	"""doc_events of Call Clip: an item stays when the clip it was made of is deleted."""
	frappe.db.set_value("Call Playlist Item", {"clip": doc.name}, "clip", None, update_modified=False)
