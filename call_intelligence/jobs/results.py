"""Stores the results of a stage in the database, in place of its earlier results."""

import json
from collections.abc import Sequence
from datetime import datetime, time

import frappe
from frappe.utils import cint, flt

from call_intelligence.core import storage, writing
from call_intelligence.core.times import site_time
from call_intelligence.editing import voices
from call_intelligence.editing.keep import keep
from call_intelligence.editing.rows import is_edited
from call_intelligence.editing.voice_names import name_voices
from call_intelligence.engine.align import align, gaps_from_json, words_from_json
from call_intelligence.engine.types import Turns
from call_intelligence.insights import analysis
from call_intelligence.people.automatic import recognise_participants
from call_intelligence.people.matching.apply import match_quietly
from call_intelligence.people.recognition import is_somebody, silent
from call_intelligence.playlists import items as playlist_items
from call_intelligence.queue.stages import ANALYSING, IDENTIFYING, PREPARING, TRANSCRIBING
from call_intelligence.speech import warnings, workfiles
from call_intelligence.speech.supervise import StageResult
from call_intelligence.statistics.fields import VOICE_FIELDS
from call_intelligence.transcript import locks, participant_rows, table


def store(work, stage: str, outcome: StageResult) -> None:
	"""Does not commit: the caller does so, together with the stage's state."""
	if stage == PREPARING:
		outcome.warnings = [*outcome.warnings, *store_media(work.call, work.recording)]
	elif stage == TRANSCRIBING:
		store_words(work.call, work.recording, keeps_edits(work))
	elif stage == IDENTIFYING:
		store_utterances(work.call, work.recording, keeps_edits(work))
	elif stage == ANALYSING:
		recognise_participants(work.call)
		match_quietly(work.call)
		# again: participants whose records were found have a side now, which helps recognition by elimination
		recognise_participants(work.call)
		analysis.store(work.call, work.recording)
	warnings.store(work.recording, stage, outcome.warnings)


def keeps_edits(work) -> bool:
	"""Whether people's corrections stay; they do unless the user chose otherwise when starting the run."""
	return bool(cint(json.loads(work.options or "{}").get("keep_edits", 1)))


def store_media(call: str, recording: str) -> list[dict]:
	"""-> warnings"""
	media = workfiles.read(recording, "prepare.json")
	# serialises with a concurrent correction of the date, so that it is not lost
	locks.hold(call)
	fields = ["playback_file", "sound_file", "start_time_given"]
	row = frappe.db.get_value("Call Recording", recording, fields, as_dict=True, for_update=True)
	values = {
		"duration": media["duration"],
		"container": media["container"],
		"codec": media["codec"],
		"channels": media["channels"],
		"sample_rate": media["sample_rate"],
		"kind": media["kind"],
		"peaks": json.dumps(media["peaks"]),
		"plain_timeline": int(bool(media.get("browser_playable"))),
	}
	playback = workfiles.playback(recording)
	# the copies of an earlier run need not match the recording as prepared now
	for file in (row.playback_file, row.sound_file):
		storage.delete_file(file)
	values["sound_file"] = None
	values["playback_file"] = playback and storage.adopt(
		playback, extension=playback.suffix.lstrip("."), recording=recording, field="playback_file"
	)
	writing.set_value("Call Recording", recording, values, update_modified=False)

	on_call, found = {"duration": media["duration"]}, []
	if media.get("created") and not row.start_time_given:
		start = frappe.db.get_value("Call", call, "start_time", for_update=True)
		on_call["start_time"], is_day = start_of(media["created"], start)
		if is_day:
			found.append({"code": "date_without_time", "params": {"day": media["created"]}})
	writing.set_value("Call", call, on_call, update_modified=False)
	playlist_items.call_measured(call, media["duration"])
	return found


def start_of(created: str, now: datetime) -> tuple[datetime, bool]:
	"""created: date of the file, as the engine returns it; now: the call's current start -> (start of the call, whether its time of day
	is a placeholder)

	A date without a time becomes noon, which is on the same day nearly everywhere; midnight would be the day before west of the site.
	"""
	moment = site_time(created)
	if "T" in created:
		return moment, False
	day = moment.date()
	return (now, False) if now and now.date() == day else (datetime.combine(day, time(12)), True)


def store_words(call: str, recording: str, keep_edits: bool = True) -> None:
	words = workfiles.read(recording, "words.json")
	writing.set_value(
		"Call Recording",
		recording,
		{
			"language": words["language"],
			# without speech there is no language
			"language_probability": flt(words.get("language_probability")),
			"model": words.get("model"),
		},
		update_modified=False,
	)
	writing.set_value("Call", call, "language", words["language"], update_modified=False)
	# readable at once; the next stage adds the speakers
	nobody_yet = Turns(method="none", turns=[], speakers=[])
	utterances = align(words_from_json(words["words"]), nobody_yet, gaps_from_json(words.get("gaps", [])))
	edited = edited_rows(recording) if keep_edits else []
	replace_segments(call, recording, [utterance.as_json() for utterance in utterances], edited)


def store_utterances(call: str, recording: str, keep_edits: bool = True) -> None:
	found = workfiles.read(recording, "utterances.json")
	turns = workfiles.read(recording, "turns.json")
	before = voices.turns_of(recording)
	edited = edited_rows(recording)
	if not keep_edits:
		# only corrections of speakers are discarded: this stage does not change words
		edited = [{**row, "speaker_edited": 0, "limits_edited": 0} for row in edited if row["text_edited"]]
	new = name_voices(found, turns["turns"], before, edited, merged=keep_edits)
	writing.set_value(
		"Call Recording",
		recording,
		{
			"speaker_turns": json.dumps(new.turns),
			"speaker_method": turns["method"],
			"speaker_offers": json.dumps(turns.get("offers") or {}),
		},
		update_modified=False,
	)
	replace_segments(call, recording, new.utterances, new.edited)
	replace_speakers(call, new.speakers, new.same)
	if edited or len(new.speakers) < len(found["speakers"]):
		voices.refresh_talk(call, recording)


def edited_rows(recording: str) -> list[dict]:
	return [row for row in table.read_rows(recording) if is_edited(row)]


def replace_segments(call: str, recording: str, utterances: list[dict], edited: Sequence[dict] = ()) -> None:
	"""edited: rows that people have corrected, with the current keys of speakers; they stay, see editing/keep.py.

	An utterance that begins at the same time as an earlier one keeps its name, so that links to it and comments on it stay valid.
	"""
	names = {(row["start"], row["channel"]): row["name"] for row in table.read_rows(recording)}
	rows = keep(list(edited), utterances)
	taken = {row["name"] for row in rows if row.get("name")}
	for position, row in enumerate(rows):
		row["position"] = position
		name = row.get("name") or names.get((flt(row["start"], 2), cint(row.get("channel"))))
		if not row.get("name") and name not in taken:
			row["name"] = name
			taken.add(name)
	table.remove_all(recording)
	table.insert(call, recording, rows)
	table.bump_version(recording)


def replace_speakers(call: str, speakers: list[dict], same: dict[str, str]) -> None:
	"""A Call Participant for each voice. People's corrections of a voice move to its new key (`same`: {new key: old key}); a
	named voice that is not found any more stays as a participant without a voice.
	"""
	existing = frappe.get_all(
		"Call Participant",
		filters={"parent": call, "parenttype": "Call"},
		fields=["name", "speaker_key", "idx", "display_name", "email", "phone", "party"],
		order_by="idx",
	)
	voice_of = {row.speaker_key: row for row in existing if row.speaker_key}
	kept = {old for new, old in same.items() if new in {speaker["key"] for speaker in speakers}}
	for key, row in voice_of.items():
		if key not in kept and not is_somebody(row):
			participant_rows.remove(row.name)
		elif key not in kept:
			no_voice = {**silent(), "voice_by": "", **dict.fromkeys(VOICE_FIELDS)}
			participant_rows.update(row.name, no_voice, update_modified=False)

	total = sum(flt(speaker.get("talk_seconds")) for speaker in speakers)
	last = max((row.idx for row in existing), default=0)
	for number, speaker in enumerate(speakers, start=1):
		talk = flt(speaker.get("talk_seconds"))
		values = {
			"speaker_key": speaker["key"],
			"talk_seconds": talk,
			"talk_share": 100 * talk / total if total else 0,
			"voice_name": speaker.get("name"),
		}
		if row := voice_of.get(same.get(speaker["key"])):
			participant_rows.update(row.name, values, update_modified=False)
			continue
		participant_rows.add(
			call,
			last + number,
			display_name=speaker.get("name"),
			name_automatic=cint(bool(speaker.get("name"))),
			matched_by="Provider" if speaker.get("name") else "",
			**values,
		)
