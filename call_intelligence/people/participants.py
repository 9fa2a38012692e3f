"""The people of a call as its panel shows them."""

import frappe
from frappe import _
from frappe.utils import cint, flt, get_fullname

from call_intelligence.associations.readable_names import titles
from call_intelligence.integrations.registry import kind_of
from call_intelligence.transcript import by_key, speaker_name

FIELDS = (
	"name", "speaker_key", "display_name", "side", "email", "phone", "party_type", "party", "matched_by", "voice_by",
	"talk_seconds", "talk_share", "side_automatic", "name_automatic",
)  # fmt: skip


def describe(call: str) -> list[dict]:
	"""A row for each voice, in the order of their keys, and then for each participant without one.

	-> [{"row", "speaker_key" or None, "name", "named": whether it is a person's name, "side", "talk_share",
	"talk_seconds", "email", "phone", "matched_by", "voice_by", "side_automatic", "party":
	{"doctype", "kind", "name", "title", "open"} or None}]

	name and title of a record that the session's user may not read are None, and `open` is False.
	"""
	rows = frappe.get_all(
		"Call Participant",
		filters={"parent": call, "parenttype": "Call"},
		fields=list(FIELDS),
		order_by="idx",
	)
	readable = titles((row.party_type, row.party) for row in rows)
	rows.sort(key=lambda row: (not row.speaker_key, by_key(row.speaker_key)))
	return [
		{
			"row": row.name,
			"speaker_key": row.speaker_key or None,
			"name": name_of(row),
			"named": bool(row.display_name),
			"side": row.side or "Unknown",
			"talk_seconds": flt(row.talk_seconds, 2),
			"talk_share": flt(row.talk_share, 2),
			"email": row.email or None,
			"phone": row.phone or None,
			"matched_by": row.matched_by or None,
			"voice_by": row.voice_by or None,
			"side_automatic": bool(cint(row.side_automatic)),
			"party": party_of(row, readable),
		}
		for row in rows
	]


def name_of(row: frappe._dict) -> str:
	if row.speaker_key:
		return speaker_name(row.speaker_key, row.display_name)
	return row.display_name or row.email or row.phone or _("Somebody without a name")


def party_of(row: frappe._dict, readable: dict) -> dict | None:
	if not row.party:
		return None
	title = readable.get((row.party_type, row.party))
	# colleagues' names are visible to every Desk user, even if their User records are not
	known = title or (get_fullname(row.party) if row.party_type == "User" else None)
	return {
		"doctype": row.party_type,
		"kind": "User" if row.party_type == "User" else kind_of(row.party_type),
		"name": row.party if known else None,
		"title": known,
		"open": title is not None,
	}
