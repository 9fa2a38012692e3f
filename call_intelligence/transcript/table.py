"""Reads and writes the table of Transcript Segments for edits and results.

A row is a dict with the keys of COLUMNS. Its FLAGS mark what users have edited (the words, the speaker, the limits), which processing
doesn't change.
"""

import json

import frappe
from frappe.query_builder.functions import Coalesce
from frappe.utils import cint, flt

from call_intelligence.core import writing
from call_intelligence.transcript.segments import UNKNOWN_SPEAKER

FLAGS = ("text_edited", "speaker_edited", "limits_edited")
COLUMNS = {
	"name": "name",
	"position": "position",
	"start_seconds": "start",
	"end_seconds": "end",
	"channel": "channel",
	"speaker_key": "speaker",
	"text": "text",
	"language": "language",
	"words": "words",
	"confidence": "confidence",
	**{flag: flag for flag in FLAGS},
}
OF_FRAPPE = ("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")
FIELDS = [*OF_FRAPPE, "call", "recording", *(column for column in COLUMNS if column != "name")]


def read_rows(recording: str, where=None, order: str = "position") -> list[dict]:
	"""Current rows of the recording, locked until the transaction ends.

	where(table) -> a condition. A locking read, since a plain one shows the transaction's snapshot.
	"""
	table = frappe.qb.DocType("Transcript Segment")
	query = (
		frappe.qb.from_(table)
		.select(*(table[column].as_(key) for column, key in COLUMNS.items()))
		.where(table.recording == recording)
		.orderby(table[order])
		.for_update()
	)
	if where:
		query = query.where(where(table))
	return [as_row(row) for row in query.run(as_dict=True)]


def speaker_keys(recording: str) -> set[str]:
	"""Keys of all speakers with utterances"""
	segment = frappe.qb.DocType("Transcript Segment")
	query = frappe.qb.from_(segment).select(segment.speaker_key).where(segment.recording == recording)
	return {key or UNKNOWN_SPEAKER for (key,) in query.for_update().run()}


def times(recording: str) -> list[dict]:
	"""[{"start", "end", "speaker"}]; a locking read (see read_rows)"""
	segment = frappe.qb.DocType("Transcript Segment")
	rows = (
		frappe.qb.from_(segment)
		.select(
			segment.start_seconds.as_("start"),
			segment.end_seconds.as_("end"),
			segment.speaker_key.as_("speaker"),
		)
		.where(segment.recording == recording)
		.for_update()
	).run(as_dict=True)
	for row in rows:
		row.speaker = row.speaker or UNKNOWN_SPEAKER
	return rows


def following(recording: str, row: dict) -> str | None:
	"""The name of the next segment on the same channel"""
	table = frappe.qb.DocType("Transcript Segment")
	found = (
		frappe.qb.from_(table)
		.select(table.name)
		.where((table.recording == recording) & (table.position > row["position"]))
		# NULL means the first channel, as in as_row
		.where(Coalesce(table.channel, 0) == row["channel"])
		.orderby(table.position)
		.limit(1)
		.for_update()
	).run(pluck=True)
	return found[0] if found else None


def as_row(found) -> dict:
	return {
		**found,
		"start": flt(found["start"], 2),
		"end": flt(found["end"], 2),
		"channel": cint(found["channel"]),
		"speaker": found["speaker"] or UNKNOWN_SPEAKER,
		"text": found["text"] or "",
		"language": found["language"] or "",
		"words": json.loads(found["words"] or "[]"),
		"confidence": flt(found["confidence"], 3),
		**{flag: cint(found[flag]) for flag in FLAGS},
	}


def values_of(row: dict) -> dict:
	"""{column: value} of a row or of the engine's utterance, without name and position"""
	return {
		"start_seconds": row["start"],
		"end_seconds": row["end"],
		"channel": cint(row.get("channel")),
		"speaker_key": row["speaker"],
		"text": row["text"],
		"language": row.get("language") or "",
		"words": json.dumps(row["words"], ensure_ascii=False),
		"confidence": flt(row.get("confidence")),
		**{flag: cint(row.get(flag)) for flag in FLAGS},
	}


def insert(call: str, recording: str, rows: list[dict]) -> None:
	"""rows: each with its position; those without a name get one."""
	now, user = frappe.utils.now(), frappe.session.user
	records = []
	for row in rows:
		name = row.get("name") or frappe.generate_hash(length=10)
		record = dict(zip(OF_FRAPPE, (name, user, now, now, user, 0, 0), strict=True))
		record |= {"call": call, "recording": recording, "position": row["position"], **values_of(row)}
		records.append(tuple(record[field] for field in FIELDS))
	if records:
		writing.bulk_insert("Transcript Segment", FIELDS, records, chunk_size=500)


def update(row: dict) -> None:
	writing.set_value("Transcript Segment", row["name"], values_of(row))


def give(names: list[str], speaker: str, by_hand: int) -> None:
	"""Give utterances to a speaker; by_hand: value for their flag speaker_edited"""
	segment = frappe.qb.DocType("Transcript Segment")
	if names:
		(
			frappe.qb.update(segment)
			.set(segment.speaker_key, speaker)
			.set(segment.speaker_edited, by_hand)
			.set(segment.modified, frappe.utils.now())
			.set(segment.modified_by, frappe.session.user)
			.where(segment.name.isin(names))
		).run()


def remove_all(recording: str) -> None:
	frappe.db.delete("Transcript Segment", {"recording": recording})


def remove(recording: str, row: dict) -> None:
	frappe.db.delete("Transcript Segment", {"name": row["name"]})
	move(recording, row["position"], -1)


def place(call: str, recording: str, row: dict) -> int:
	"""Insert a row in order of start; returns its position."""
	table = frappe.qb.DocType("Transcript Segment")
	last = (
		frappe.qb.from_(table)
		.select(table.position)
		.where((table.recording == recording) & (table.start_seconds <= row["start"]))
		.orderby(table.position, order=frappe.qb.desc)
		.limit(1)
		.for_update()
	).run()
	position = last[0][0] + 1 if last else 0
	move(recording, position, 1)
	insert(call, recording, [{**row, "position": position}])
	return position


def move(recording: str, since: int, by: int) -> None:
	table = frappe.qb.DocType("Transcript Segment")
	(
		frappe.qb.update(table)
		.set(table.position, table.position + by)
		.where((table.recording == recording) & (table.position >= since))
	).run()


def bump_version(recording: str) -> None:
	"""Mark the transcript as changed, so that derived data is computed again."""
	table = frappe.qb.DocType("Call Recording")
	(
		frappe.qb.update(table)
		.set(table.transcript_version, table.transcript_version + 1)
		.set(table.analysis_due, 1)
		.where(table.name == recording)
	).run()
