"""Returns a call that was deleted and restored to its playlists.

Frappe keeps a deleted document as JSON and restores it as a new document: so the items are kept in a field of the call that is never
stored itself. Any insert of a call could fill that field; it is used only if it equals that of a deleted call not yet restored.
"""

import json
import re

import frappe
from frappe.utils import flt

from call_intelligence.playlists import items

FIELD = "kept_items"
KEY = re.compile(r"^[0-9a-f]{32}$")
KEPT = (
	"playlist", "position", "title", "description", "start_seconds", "end_seconds", "added_by", "added_by_name",
)  # fmt: skip


def keep(call) -> None:
	"""on_trash of Call, before its items are removed"""
	rows = frappe.get_all(
		"Call Playlist Item", filters={"call": call.name}, fields=KEPT, order_by="playlist, position"
	)
	call.set(FIELD, json.dumps({"key": frappe.generate_hash(length=32), "items": rows}) if rows else None)


def take(call) -> None:
	"""validate of Call: move the field to a flag, so that it is not stored."""
	if call.is_new():
		call.flags.kept_items = call.get(FIELD)
	call.set(FIELD, None)


def bring_back(call) -> None:
	"""after_insert of Call: insert the items at their old positions, if their playlists still exist and have room."""
	for row in known(call.flags.kept_items):
		if frappe.db.exists("Call Playlist", row["playlist"]):
			put(call, row)


def known(text: str | None) -> list[dict]:
	"""The items that a deleted call had; [] for a forged text"""
	kept = frappe.parse_json(text) if text else None
	key = kept.get("key") if isinstance(kept, dict) else None
	if not isinstance(key, str) or not KEY.match(key):
		return []
	deleted = frappe.get_all(
		"Deleted Document",
		filters={"deleted_doctype": "Call", "restored": 0, "data": ["like", f"%{key}%"]},
		pluck="data",
		limit=1,
	)
	if not deleted or json.loads(json.loads(deleted[0]).get(FIELD) or "{}") != kept:
		return []
	return kept["items"]


def put(call, row: dict) -> None:
	item = frappe.get_doc({"doctype": "Call Playlist Item", **row, "call": call.name})
	if not fits(call, item):
		return
	# restored, not new: no notification and no permission check
	item.flags.told_together = item.flags.ignore_permissions = True
	try:
		item.insert()
	except frappe.ValidationError:
		# the playlist is full
		frappe.clear_last_message()
		return
	item.db_set({"added_by": row["added_by"], "added_by_name": row["added_by_name"]}, update_modified=False)
	items.move(item.name, row["position"])


def fits(call, item) -> bool:
	return flt(item.end_seconds) <= flt(call.duration) + 1
