"""A Call's transcript for readers: its recording, speakers' names and segments."""

import hashlib
import json

import frappe
from frappe import _
from frappe.utils import flt

UNKNOWN_SPEAKER = "unknown"


def recording_of(call: str) -> str | None:
	"""The name of the Call's recording; the newest if there are several."""
	found = frappe.get_all(
		"Call Recording", filters={"call": call}, order_by="creation desc", limit=1, pluck="name"
	)
	return found[0] if found else None


def speaker_name(key: str | None, display_name: str | None = None) -> str:
	"""The name shown for a voice: the one it was given, "Speaker 1" for S1, or "Unknown speaker"."""
	if display_name:
		return display_name
	if key and key[0] == "S" and key[1:].isdigit():
		return _("Speaker {0}").format(key[1:])
	return _("Unknown speaker")


def by_key(key: str | None) -> tuple:
	"""Sort key for speaker keys: S2 before S10."""
	return len(key or ""), key or ""


def speakers(call: str, lock: bool = False) -> list[dict]:
	"""[{key, name, side, talk_seconds, talk_share}] of the voices in the transcript, ordered by key; lock: see version"""
	participant = frappe.qb.DocType("Call Participant")
	fields = ("speaker_key", "display_name", "side", "talk_seconds", "talk_share")
	query = (
		frappe.qb.from_(participant)
		.select(*(participant[field] for field in fields))
		.where((participant.parent == call) & (participant.parenttype == "Call"))
		.where(participant.speaker_key != "")
	)
	rows = (query.for_update() if lock else query).run(as_dict=True)
	# colours depend on this order, so it must not change when speakers are identified
	rows.sort(key=lambda row: by_key(row.speaker_key))
	return [
		{
			"key": row.speaker_key,
			"name": speaker_name(row.speaker_key, row.display_name),
			"side": row.side,
			"talk_seconds": flt(row.talk_seconds, 2),
			"talk_share": flt(row.talk_share, 2),
		}
		for row in rows
	]


def speaker_names(call: str) -> dict[str, str]:
	"""{speaker key: name}"""
	return {row["key"]: row["name"] for row in speakers(call)}


def version(recording: str, lock: bool = False) -> str:
	"""A version that changes with any segment of the recording and with its waveform

	lock: read the current state and lock it until the transaction ends, instead of reading the transaction's snapshot.
	"""
	count, modified, peaks, edited = frappe.db.sql(
		"""select count(segment.`name`), max(segment.`modified`), length(rec.`peaks`), rec.`transcript_version`
		from `tabCall Recording` rec left join `tabTranscript Segment` segment on segment.`recording` = rec.`name`
		where rec.`name` = %(recording)s group by rec.`name`"""
		+ (" for update" if lock else ""),
		{"recording": recording},
	)[0]
	return hashlib.sha256(f"{recording} {count} {modified} {peaks} {edited}".encode()).hexdigest()[:16]


def segments(recording: str, with_words: bool = True) -> list[list]:
	"""[[name, start, end, speaker key, text, words], ...]; seconds, words as in engine/spacing.py

	A seventh entry is the channel, if it is not the first; an eighth the language, if it is not the call's. A gap has neither
	text nor words.
	"""
	fields = ["name", "start_seconds", "end_seconds", "speaker_key", "text", "channel", "language"] + (
		["words"] if with_words else []
	)
	rows = frappe.get_all(
		"Transcript Segment",
		filters={"recording": recording},
		fields=fields,
		order_by="position",
		as_list=True,
	)
	return [
		[
			name,
			flt(start, 2),
			flt(end, 2),
			speaker or UNKNOWN_SPEAKER,
			text or "",
			json.loads(words[0] or "[]") if words else [],
			*([channel or 0, language] if language else [channel] if channel else []),
		]
		for name, start, end, speaker, text, channel, language, *words in rows
	]


def has_segments(recording: str) -> bool:
	return bool(frappe.db.exists("Transcript Segment", {"recording": recording}))


def recordings_with_some():
	"""-> a query of the names of all recordings that have a transcript"""
	segment = frappe.qb.DocType("Transcript Segment")
	return frappe.qb.from_(segment).select(segment.recording).distinct()


def named(names) -> dict[str, frappe._dict]:
	"""{name: {"name", "text", "speaker_key"}} of the segments that still exist"""
	rows = frappe.get_all(
		"Transcript Segment",
		filters={"name": ["in", list(names)]},
		fields=["name", "text", "speaker_key"],
	)
	return {row.name: row for row in rows}


def edited(recording: str, lock: bool = False) -> list[str]:
	"""Names of the segments that users have edited; lock: see version"""
	segment = frappe.qb.DocType("Transcript Segment")
	query = (
		frappe.qb.from_(segment)
		.select(segment.name)
		.where(segment.recording == recording)
		.where((segment.text_edited == 1) | (segment.speaker_edited == 1) | (segment.limits_edited == 1))
		.orderby(segment.position)
	)
	return (query.for_update() if lock else query).run(pluck=True)


def utterances(recording: str) -> list[dict]:
	"""The segments in the format of the engine's writers of VTT, SRT ..."""
	return [
		{
			"start": start,
			"end": end,
			"speaker": speaker,
			"text": text,
			"words": words,
			**({"language": rest[1]} if rest[1:] else {}),
			**({} if text else {"gap": True}),
		}
		for _name, start, end, speaker, text, words, *rest in segments(recording)
	]
