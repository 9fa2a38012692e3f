"""What a stage has found, written into the database in place of what it had found before."""

import json

import frappe
from frappe.utils import cint, flt

from call_intelligence import storage
from call_intelligence.engine.align import align, words_from_json
from call_intelligence.engine.types import Turns
from call_intelligence.jobs import messages, workfiles
from call_intelligence.jobs.stages import ANALYSING, IDENTIFYING, PREPARING, TRANSCRIBING
from call_intelligence.jobs.supervise import StageResult
from call_intelligence.jobs.voices import same_voices
from call_intelligence.times import site_time

PREVIEW_UTTERANCES = 3
SEGMENT_FIELDS = [
	"name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "call", "recording", "position",
	"start_seconds", "end_seconds", "speaker_key", "channel", "text", "words", "confidence",
]  # fmt: skip


def store(work, stage: str, outcome: StageResult) -> None:
	"""Does not commit: the caller does, together with the stage's state."""
	write = {
		PREPARING: store_media,
		TRANSCRIBING: store_words,
		IDENTIFYING: store_utterances,
		ANALYSING: store_analysis,
	}[stage]
	write(work.call, work.recording)
	store_warnings(work.recording, stage, outcome.warnings)


def store_media(call: str, recording: str) -> None:
	media = workfiles.read(recording, "prepare.json")
	row = frappe.db.get_value(
		"Call Recording", recording, ["playback_file", "start_time_given"], as_dict=True
	)
	values = {
		"duration": media["duration"],
		"container": media["container"],
		"codec": media["codec"],
		"channels": media["channels"],
		"sample_rate": media["sample_rate"],
		"kind": media["kind"],
		"peaks": json.dumps(media["peaks"]),
	}
	if playback := workfiles.playback(recording):
		storage.delete_file(row.playback_file)
		values["playback_file"] = storage.adopt(
			playback, extension=playback.suffix.lstrip("."), recording=recording, field="playback_file"
		)
	frappe.db.set_value("Call Recording", recording, values, update_modified=False)

	on_call = {"duration": media["duration"]}
	if media.get("created") and not row.start_time_given:
		on_call["start_time"] = site_time(media["created"])
	frappe.db.set_value("Call", call, on_call, update_modified=False)


def store_words(call: str, recording: str) -> None:
	words = workfiles.read(recording, "words.json")
	frappe.db.set_value(
		"Call Recording",
		recording,
		{
			"language": words["language"],
			# nobody spoke: there is no language
			"language_probability": flt(words.get("language_probability")),
			"model": words.get("model"),
		},
		update_modified=False,
	)
	frappe.db.set_value("Call", call, "language", words["language"], update_modified=False)
	# readable at once; who said what follows with the next stage
	nobody_yet = Turns(method="none", turns=[], speakers=[])
	utterances = align(words_from_json(words["words"]), nobody_yet, words["language"])
	replace_segments(call, recording, [utterance.as_json() for utterance in utterances])


def store_utterances(call: str, recording: str) -> None:
	found = workfiles.read(recording, "utterances.json")
	turns = workfiles.read(recording, "turns.json")
	turns_before = json.loads(frappe.db.get_value("Call Recording", recording, "speaker_turns") or "[]")
	frappe.db.set_value(
		"Call Recording",
		recording,
		{"speaker_turns": json.dumps(turns["turns"]), "speaker_method": turns["method"]},
		update_modified=False,
	)
	replace_segments(call, recording, found["utterances"])
	replace_speakers(call, found["speakers"], same_voices(turns_before, turns["turns"]))


def replace_segments(call: str, recording: str, utterances: list[dict]) -> None:
	frappe.db.delete("Transcript Segment", {"recording": recording})
	now, user = frappe.utils.now(), frappe.session.user
	rows = [
		(
			frappe.generate_hash(length=10), user, now, now, user, 0, 0, call, recording, position,
			row["start"], row["end"], row["speaker"], cint(row.get("channel")), row["text"],
			json.dumps(row["words"], ensure_ascii=False), flt(row.get("confidence")),
		)
		for position, row in enumerate(utterances)
	]  # fmt: skip
	if rows:
		frappe.db.bulk_insert("Transcript Segment", SEGMENT_FIELDS, rows, chunk_size=500)


def replace_speakers(call: str, speakers: list[dict], same: dict[str, str]) -> None:
	"""A Call Participant for each voice. What people have said about a voice goes along to the one that it is now (`same`:
	{new key: old key}); a named one that is not heard any more stays as a participant without a voice.
	"""
	existing = frappe.get_all(
		"Call Participant",
		filters={"parent": call, "parenttype": "Call"},
		fields=["name", "speaker_key", "idx", "display_name", "party"],
		order_by="idx",
	)
	voice_of = {row.speaker_key: row for row in existing if row.speaker_key}
	kept = {old for new, old in same.items() if new in {speaker["key"] for speaker in speakers}}
	for key, row in voice_of.items():
		if key not in kept and not (row.display_name or row.party):
			frappe.db.delete("Call Participant", {"name": row.name})
		elif key not in kept:
			silent = {"speaker_key": None, "talk_seconds": 0, "talk_share": 0}
			frappe.db.set_value("Call Participant", row.name, silent, update_modified=False)

	total = sum(flt(speaker.get("talk_seconds")) for speaker in speakers)
	last = max((row.idx for row in existing), default=0)
	for number, speaker in enumerate(speakers, start=1):
		talk = flt(speaker.get("talk_seconds"))
		values = {
			"speaker_key": speaker["key"],
			"talk_seconds": talk,
			"talk_share": 100 * talk / total if total else 0,
		}
		if row := voice_of.get(same.get(speaker["key"])):
			frappe.db.set_value("Call Participant", row.name, values, update_modified=False)
			continue
		frappe.get_doc(
			{
				"doctype": "Call Participant",
				"parent": call,
				"parenttype": "Call",
				"parentfield": "participants",
				"idx": last + number,
				"display_name": speaker.get("name"),
				"matched_by": "Provider" if speaker.get("name") else "",
				"side": "Unknown",
				**values,
			}
		).db_insert()


def store_analysis(call: str, recording: str) -> None:
	"""What the timeline shows of a call without reading its transcript."""
	first = frappe.get_all(
		"Transcript Segment",
		filters={"recording": recording},
		fields=["speaker_key as speaker", "text", "start_seconds as start"],
		order_by="position",
		limit=PREVIEW_UTTERANCES,
	)
	preview = [{**row, "text": row.text[:300]} for row in first]
	frappe.db.set_value("Call", call, "preview", json.dumps(preview), update_modified=False)


# ------------------------------------------------------------------------------------------------ warnings


def store_warnings(recording: str, stage: str, warnings: list[dict]) -> None:
	"""A stage's warnings replace those of its last run."""
	kept = [row for row in read_warnings(recording) if row.get("stage") != stage]
	kept += [{**row, "stage": stage} for row in warnings]
	frappe.db.set_value("Call Recording", recording, "warnings", json.dumps(kept), update_modified=False)


def read_warnings(recording: str) -> list[dict]:
	return json.loads(frappe.db.get_value("Call Recording", recording, "warnings") or "[]")


def warning_of(recording: str) -> str | None:
	return messages.warnings_text(read_warnings(recording)) or None
