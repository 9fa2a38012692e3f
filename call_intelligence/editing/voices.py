"""Changes the voices of a call: its Call Participants with a speaker key."""

import json

import frappe
from frappe.utils import flt

from call_intelligence.core import writing
from call_intelligence.editing.talk import talk_seconds
from call_intelligence.transcript import UNKNOWN_SPEAKER, participant_rows, table

FIELDS = (
	"name",
	"idx",
	"speaker_key",
	"display_name",
	"side",
	"email",
	"phone",
	"party_type",
	"party",
	"matched_by",
	"voice_by",
	"given_name",
	"voice_name",
	"name_automatic",
	"side_automatic",
	"side_by_hand",
	"disconnected",
)
ABOUT_A_PERSON = tuple(field for field in FIELDS if field not in ("name", "idx", "speaker_key"))


def participants(call: str, fields: tuple[str, ...] = FIELDS) -> list[frappe._dict]:
	"""All participants of the call, in order; a locking read (see table.read_rows)"""
	participant = frappe.qb.DocType("Call Participant")
	query = (
		frappe.qb.from_(participant)
		.select(*(participant[field] for field in fields))
		.where((participant.parent == call) & (participant.parenttype == "Call"))
		.orderby(participant.idx)
		.for_update()
	)
	return query.run(as_dict=True)


def voice(call: str, key: str) -> frappe._dict | None:
	return next((row for row in participants(call) if row.speaker_key == key), None)


def is_known_person(row: dict) -> bool:
	return bool(row["display_name"] or row["party"] or row["email"] or row["phone"])


def somebody_has_said(row: dict) -> bool:
	"""Whether the row holds data about the person that an undo must be able to restore"""
	return bool(is_known_person(row) or row["side_by_hand"] or row["disconnected"])


def add(call: str, key: str, **values) -> None:
	"""Add a participant for a voice, unless there is one or the voice is the unknown one."""
	existing = participants(call)
	if key == UNKNOWN_SPEAKER or key in [row.speaker_key for row in existing]:
		return
	participant_rows.add(call, max((row.idx for row in existing), default=0) + 1, speaker_key=key, **values)


def added(call: str, key: str) -> frappe._dict:
	"""The participant of a voice other than the unknown one, added if there is none"""
	add(call, key)
	return next(row for row in participants(call) if row.speaker_key == key)


def turns_of(recording: str) -> list[dict]:
	"""[{"start", "end", "speaker", "was"?}]; was: the original key of a voice that a user merged with another"""
	return json.loads(
		frappe.db.get_value("Call Recording", recording, "speaker_turns", for_update=True) or "[]"
	)


def write_turns(recording: str, turns: list[dict]) -> None:
	writing.set_value("Call Recording", recording, "speaker_turns", json.dumps(turns), update_modified=False)


def refresh_talk(call: str, recording: str) -> None:
	"""Update the talk figures of all voices. A voice without utterances is removed, unless its person or side is known."""
	seconds = talk_seconds(turns_of(recording), table.times(recording))
	total = sum(seconds.values())
	for row in participants(call):
		if not row.speaker_key:
			continue
		talk = seconds.get(row.speaker_key)
		if talk is None and not somebody_has_said(row):
			participant_rows.remove(row.name)
			continue
		values = {"talk_seconds": flt(talk), "talk_share": 100 * flt(talk) / total if total else 0}
		participant_rows.update(row.name, values, update_modified=False)
