"""The notes on a call: one text that everyone who sees the call may edit, protected against lost updates.

`Call.notes_version` counts its versions. Saving notes doesn't change the document's `modified`, so that an open Call form can still be
saved; a form opened earlier doesn't overwrite newer notes (`keep`).
"""

import json

import frappe
from frappe.utils import add_to_date, cint, get_datetime, get_fullname, now, now_datetime

from call_intelligence.core import live, writing
from call_intelligence.discussion import mentions, richtext

EVENT = "call_intelligence_notes"
LONGEST = 100_000
FIELDS = ("notes", "notes_version", "notes_by", "notes_on")
# edits by one person within this time are one step in the call's history
SITTING_MINUTES = 10


def read(call: str) -> dict:
	"""-> {"content", "version", "by", "by_name", "on"}"""
	return as_shown(call, frappe.db.get_value("Call", call, FIELDS, as_dict=True))


def as_shown(call: str, row) -> dict:
	version = cint(row.notes_version)
	return {
		# notes from before versioning were sanitised for Desk's form, not for this screen
		"content": (row.notes or "") if version else checked(row.notes, call, refuse=False),
		"version": version,
		"by": row.notes_by,
		"by_name": get_fullname(row.notes_by) if row.notes_by else None,
		"on": row.notes_on and str(row.notes_on),
	}


def checked(content: str | None, call: str, refuse: bool = True) -> str:
	clean = richtext.clean(content, LONGEST, mentions.allowed_on(call, refuse))
	return clean if richtext.text_of(clean) else ""


def save(call: str, content: str, version: int | str) -> dict:
	"""Save notes based on `version`. -> {"saved", **as_shown}; if not saved, the rest is the newer notes of another user."""
	# before locking the row, so that others don't wait for it
	clean = checked(content, call)
	row = frappe.db.get_value("Call", call, FIELDS, as_dict=True, for_update=True)
	current = as_shown(call, row)
	if clean == current["content"]:
		return {"saved": True, **current}
	if cint(version) != current["version"]:
		return {"saved": False, **current}
	values = {"notes": clean, **stamp(current["version"] + 1)}
	# `modified` stays, so that an open form can still be saved
	writing.set_value("Call", call, values, update_modified=False)
	frappe.clear_document_cache("Call", call)
	remember(call, row.notes or "", clean)
	tell(call, row.notes, clean)
	return {"saved": True, **as_shown(call, frappe._dict(values))}


def stamp(version: int) -> dict:
	return {"notes_version": version, "notes_by": frappe.session.user, "notes_on": now()}


def remember(call: str, before: str, after: str) -> None:
	"""Add a Version to the Call, as Frappe does on save, so that the earlier text can be restored."""
	last = frappe.get_all(
		"Version",
		filters={"ref_doctype": "Call", "docname": call},
		fields=["name", "owner", "creation", "data"],
		order_by="creation desc",
		limit=1,
	)
	if last and (change := sitting(last[0])):
		change["changed"][0][2] = after
		frappe.db.set_value("Version", last[0].name, "data", json.dumps(change), update_modified=False)
		return
	version = frappe.new_doc("Version")
	version.update({"ref_doctype": "Call", "docname": call})
	version.data = json.dumps(
		{"changed": [["notes", before, after]], "added": [], "removed": [], "row_changed": []}
	)
	version.insert(ignore_permissions=True)


def sitting(version) -> dict | None:
	"""The change in a Version, if it is a recent change of the notes by the same user"""
	if version.owner != frappe.session.user:
		return None
	if get_datetime(version.creation) < add_to_date(now_datetime(), minutes=-SITTING_MINUTES):
		return None
	change = json.loads(version.data or "{}")
	return change if [row[0] for row in change.get("changed", [])] == ["notes"] else None


def tell(call: str, before: str | None, after: str) -> None:
	already = mentions.people_of(before)
	mentioned = [user for user in mentions.people_of(after) if user not in already]
	mentions.notify_of_notes(call, mentioned, after)
	publish(call)


def publish(call: str) -> None:
	live.tell_of_call(EVENT, {"call": call}, call)


# ------------------------------------------------------------------------------------------------ saving the document


def keep(call) -> None:
	"""validate of Call: newer notes win over a stale copy; others are checked like those of the review."""
	before = call.get_doc_before_save()
	stored = before or frappe._dict(notes_version=0)
	written = call.notes or ""
	stale = before and cint(call.notes_version) != cint(before.notes_version)
	call.update({field: stored.get(field) for field in FIELDS})
	if stale or written == (stored.notes or ""):
		return
	call.notes = checked(written, call.name)
	call.update(stamp(cint(stored.notes_version) + 1))


def written(call) -> None:
	"""on_update of Call"""
	before = call.get_doc_before_save()
	earlier = before.notes if before else ""
	if (call.notes or "") != (earlier or ""):
		tell(call.name, earlier, call.notes)
