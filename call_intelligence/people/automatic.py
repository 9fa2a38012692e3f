"""Applies `recognition` to the database: reads the participants and writes the result."""

from collections.abc import Sequence

import frappe
from frappe.utils import get_fullname

from call_intelligence import transcript
from call_intelligence.core.plain import plain
from call_intelligence.editing import voices
from call_intelligence.integrations.registry import title_of
from call_intelligence.people.recognition import Owner, address, recognise
from call_intelligence.statistics.fields import VOICE_FIELDS
from call_intelligence.transcript import locks, participant_rows

CHANNELS = {"First": "S1", "Second": "S2"}  # the voice keys of engine/diarize/channels.py
FIELDS = (*voices.FIELDS, "talk_seconds", "talk_share")
WRITTEN = tuple(field for field in FIELDS if field not in ("name", "idx"))


def recognise_participants(call: str) -> bool:
	"""Set what is certain about the Call's participants, and reset what no longer is. -> whether anything has changed

	Idempotent. Does not commit, and sends no events: see analysis.sides_changed.
	"""
	locks.hold(call)
	before = voices.participants(call, FIELDS)
	if not before:
		return False
	owner = frappe.db.get_value("Call", call, "call_owner")
	return write(call, before, recognised(call, owner, before))


def recognised(call: str | None, call_owner: str, rows: Sequence[dict]) -> list[dict]:
	"""The rows after `recognition`; call: None where it is not stored yet"""
	return recognise(
		rows,
		owner_of(call_owner),
		channel_voice=voice_on_owners_channel(call) if call else None,
		colleagues=colleagues_among(rows),
		titles=titles_of(rows),
	)


def write(call: str, before: Sequence[dict], after: list[dict]) -> bool:
	"""Write the differences between the rows `before` and `after`. -> whether there are any"""
	was = {row["name"]: row for row in before}
	changed = False
	last = max((row["idx"] for row in before), default=0)
	for row in after:
		if not row.get("name"):
			last += 1
			participant_rows.add(call, last, **{field: row.get(field) for field in WRITTEN})
			changed = True
			continue
		old = was.pop(row["name"])
		values = {field: row.get(field) for field in WRITTEN if differs(row.get(field), old.get(field))}
		if "speaker_key" in values:
			# the other figures of a voice are measured again right after this
			values = {**dict.fromkeys(VOICE_FIELDS), **values}
		if values:
			participant_rows.update(row["name"], values)
			changed = True
	for name in was:
		participant_rows.remove(name)
		changed = True
	if changed:
		touch(call)
	return changed


def differs(one, other) -> bool:
	return (one or None) != (other or None)


def touch(call: str) -> None:
	"""Change `modified`, so that a form that is open already can't overwrite these rows with the old ones."""
	frappe.db.set_value("Call", call, "modified", frappe.utils.now())
	frappe.clear_document_cache("Call", call)


# ------------------------------------------------------------------------------------------------ known facts


def owner_of(user: str) -> Owner:
	emails = frozenset({address(user)} if "@" in user else ())
	return Owner(user=user, full_name=plain(get_fullname(user) or ""), emails=emails)


def colleagues_among(rows: Sequence[dict]) -> dict[str, str]:
	"""{e-mail: user} of the enabled System Users among the rows

	Found by their login address: see `matching.find.colleague_with`.
	"""
	emails = {address(row["email"]) for row in rows if row.get("email")}
	if not emails:
		return {}
	found = frappe.get_all(
		"User",
		filters={"name": ["in", sorted(emails)], "enabled": 1, "user_type": "System User"},
		pluck="name",
	)
	return {address(user): user for user in found}


def titles_of(rows: Sequence[dict]) -> dict[tuple[str, str], str]:
	parties = {(row["party_type"], row["party"]) for row in rows if row.get("party")}
	# the record, or its whole app, may have been deleted
	return {
		# in the form in which a participant stores it
		(doctype, name): plain(get_fullname(name) if doctype == "User" else title_of(doctype, name)[:140])
		for doctype, name in parties
		if frappe.db.exists("DocType", doctype) and frappe.db.exists(doctype, name)
	}


def voice_on_owners_channel(call: str) -> str | None:
	"""The voice on the call owner's channel, where the recording has one voice on each channel"""
	recording = transcript.recording_of(call)
	if not recording:
		return None
	method, channel = frappe.db.get_value("Call Recording", recording, ["speaker_method", "owner_channel"])
	if method != "channels":
		return None
	channel = channel or frappe.db.get_single_value("Call Intelligence Settings", "owner_channel")
	key = CHANNELS.get(channel)
	if not key:
		return None
	# a voice that was merged with another by hand now has that one's key
	now: dict[str, set] = {}
	for turn in voices.turns_of(recording):
		now.setdefault(turn.get("was") or turn["speaker"], set()).add(turn["speaker"])
	mine = now.pop(key, set())
	others = set().union(*now.values())
	return mine.pop() if len(mine) == 1 and not mine & others else None
