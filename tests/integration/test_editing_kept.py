"""Corrections when a call is processed again, and derived data after an edit."""

import json
from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from call_intelligence import transcript
from call_intelligence.api import calls, review
from call_intelligence.api import transcript as api
from call_intelligence.insights import analysis
from call_intelligence.jobs import analyse, results
from tests import factories
from tests.integration.transcripts import (
	TEXTS,
	keys,
	last_edit,
	name_at,
	on_recording,
	segments,
	talk,
	texts,
	with_turns,
)


@pytest.fixture
def call(people):
	return factories.call(people["owner"])


@pytest.fixture
def as_owner(people, as_user, call):
	with as_user(people["owner"]):
		yield


pytestmark = pytest.mark.usefixtures("as_owner")


# ------------------------------------------------------------------------------------------- processing again


@pytest.fixture
def processed(call):
	"""processed(rename={"S1": "S2", ...}, keep_edits=True): stores a new result of the engine. Its words are those of
	factories.TRANSCRIPT, in lower case; the voices' keys may have changed.
	"""
	from call_intelligence.speech import workfiles

	with_turns(call)
	recording = transcript.recording_of(call)
	yield_words = [
		(factories.spread_words(text.lower(), start, end), speaker)
		for speaker, start, end, text in factories.TRANSCRIPT
	]

	def transcribe(keep_edits=True):
		words = [
			dict(zip(workfiles.WORD_KEYS, word, strict=True)) | {"channel": 0}
			for words, _speaker in yield_words
			for word in words
		]
		workfiles.write(recording, "words.json", {"language": "en", "words": words})
		results.store_words(call, recording, keep_edits)

	def identify(called=None, keep_edits=True):
		called = called or {}
		rows = [
			{
				"start": words[0][0],
				"end": words[-1][1],
				"speaker": called.get(speaker, speaker),
				"channel": 0,
				"text": " ".join(word[2] for word in words),
				"confidence": 0.9,
				"words": words,
			}
			for words, speaker in yield_words
		]
		turns = [{"start": row["start"], "end": row["end"], "speaker": row["speaker"]} for row in rows]
		speakers = [
			{
				"key": key,
				"talk_seconds": sum(turn["end"] - turn["start"] for turn in turns if turn["speaker"] == key),
			}
			for key in sorted({row["speaker"] for row in rows})
		]
		workfiles.write(recording, "turns.json", {"turns": turns, "method": "pyannote"})
		workfiles.write(recording, "utterances.json", {"utterances": rows, "speakers": speakers})
		results.store_utterances(call, recording, keep_edits)

	def both(called=None, keep_edits=True):
		transcribe(keep_edits)
		identify(called, keep_edits)

	both.transcribe, both.identify = transcribe, identify
	yield both
	workfiles.remove(recording)


SWAPPED = {"S1": "S2", "S2": "S1"}
LOWER = [text.lower() for text in TEXTS]


def test_names_of_utterances_stay_when_speakers_are_told_apart_anew(call, processed):
	before = [row[0] for row in segments(call)]
	processed.identify(SWAPPED)
	assert [row[0] for row in segments(call)] == before
	assert (texts(call), keys(call)) == (LOWER, ["S2", "S1", "S2", "S1"])


def test_a_corrected_text_survives(call, processed):
	segment = name_at(call, 1)
	api.correct_text(call, segment, "I have a question about the bronze plan.")
	corrected = segments(call)[1]
	processed(SWAPPED)
	assert texts(call) == [LOWER[0], corrected[4], *LOWER[2:]]
	assert segments(call)[1] == [*corrected[:3], "S1", *corrected[4:]]
	# and can still be undone
	api.restore(call, last_edit(call))
	assert texts(call)[1] == TEXTS[1]


def test_a_speaker_set_by_hand_survives(call, processed):
	api.rename_speaker(call, "S1", "Daniel")
	api.set_speaker(call, name_at(call, 1), "S1")
	processed(SWAPPED)
	assert (texts(call), keys(call)) == (LOWER, ["S2", "S2", "S2", "S1"])
	assert transcript.speaker_names(call)["S2"] == "Daniel"
	assert talk(call) == {"S2": 11.4, "S1": 1.8}


def test_a_voice_that_only_people_hear_survives(call, processed):
	api.set_speaker(call, name_at(call, 1), "new")
	api.rename_speaker(call, "S3", "Sarah's colleague")
	processed(SWAPPED)
	assert keys(call) == ["S2", "S3", "S2", "S1"]
	assert transcript.speaker_names(call)["S3"] == "Sarah's colleague"
	processed({"S1": "S2", "S2": "S3"})
	# its key now belongs to another voice
	assert keys(call) == ["S2", "S4", "S2", "S3"]
	assert transcript.speaker_names(call)["S4"] == "Sarah's colleague"


def test_merged_speakers_stay_merged(call, processed):
	api.merge_speakers(call, "S2", "S1")
	api.rename_speaker(call, "S1", "Daniel")
	for _time in range(2):
		processed(SWAPPED)
		assert len(set(keys(call))) == 1
		assert [(row["name"], row["talk_share"]) for row in transcript.speakers(call)] == [("Daniel", 100)]


def test_splits_and_merges_survive(call, processed):
	api.split(call, name_at(call, 0), 4)
	api.merge(call, name_at(call, 2))
	before = segments(call)
	processed()
	assert [row[1:3] for row in segments(call)] == [row[1:3] for row in before]
	assert [text.lower() for text in (row[4] for row in before)] == texts(call)


def test_what_people_ask_to_give_up_goes(call, processed):
	api.correct_text(call, name_at(call, 1), "Something else entirely")
	api.set_speaker(call, name_at(call, 1), "S1")
	api.split(call, name_at(call, 0), 4)
	api.merge_speakers(call, "S2", "S1")
	processed(keep_edits=False)
	assert (texts(call), keys(call)) == (LOWER, ["S1", "S2", "S1", "S2"])
	assert review.get(call)["edits"]["segments"] == []
	assert len(transcript.speakers(call)) == 2


def test_telling_speakers_apart_anew_leaves_corrected_words(call, processed):
	api.correct_text(call, name_at(call, 1), "Something else entirely")
	api.set_speaker(call, name_at(call, 1), "S1")
	processed.identify(keep_edits=False)
	assert texts(call)[1] == "Something else entirely"
	assert keys(call) == ["S1", "S2", "S1", "S2"]


def test_the_run_knows_whether_edits_are_kept(call):
	def option():
		return json.loads(frappe.get_last_doc("Processing Run", {"call": call}).options).get("keep_edits", 1)

	def end(status):
		frappe.get_last_doc("Processing Run", {"call": call}).db_set("status", status)

	calls.identify_speakers(call, speakers=2)
	assert option() == 1
	end("Succeeded")
	frappe.db.set_value("Processing Run", {"call": call}, "creation", now_datetime() - timedelta(hours=2))
	calls.retry(call, stage="Transcribing", keep_edits=0)
	assert option() == 0
	end("Failed")
	frappe.get_last_doc("Processing Run", {"call": call}).db_set(
		"creation", now_datetime() - timedelta(hours=1)
	)
	# continues after the interruption with the same option
	calls.retry(call)
	assert option() == 0
	end("Succeeded")
	frappe.get_last_doc("Processing Run", {"call": call}).db_set(
		"creation", now_datetime() - timedelta(minutes=1)
	)
	calls.retry(call, stage="Analysing")
	assert option() == 1


def test_what_was_corrected_after_a_failure_is_kept_by_the_next_attempt(call):
	def last_run():
		return frappe.get_last_doc("Processing Run", {"call": call})

	api.correct_text(call, name_at(call, 0), "Given up below.")
	calls.identify_speakers(call, keep_edits=0)
	last_run().db_set("status", "Failed")
	api.correct_text(call, name_at(call, 1), "New work.")
	calls.retry(call)
	run = last_run()
	assert json.loads(run.options)["keep_edits"] == 1
	# unless requested again
	run.db_set("status", "Failed")
	calls.retry(call, keep_edits=0)
	assert json.loads(last_run().options)["keep_edits"] == 0


# ------------------------------------------------------------------------------------------- what depends on it


def test_an_edit_leaves_the_figures_behind_until_they_are_made_again(call):
	api.correct_text(call, name_at(call, 0), "Good morning from Northwind")
	assert (on_recording(call, "transcript_version"), on_recording(call, "analysed_version")) == (1, 0)
	analysis.store(call, transcript.recording_of(call))
	assert on_recording(call, "analysed_version") == 1
	assert "Good morning from" in frappe.db.get_value("Call", call, "preview")


def test_what_was_edited_is_analysed_by_a_job(people, committed, eventually):
	call = committed("Call", factories.call(people["owner"]))
	frappe.db.commit()
	api.correct_text(call, name_at(call, 0), "Good morning from Northwind")
	frappe.db.commit()

	def analysed():
		frappe.db.rollback()
		return on_recording(call, "analysed_version") == 1

	eventually(analysed, 30, "the worker has analysed it")
	assert "Good morning from" in frappe.db.get_value("Call", call, "preview")


def test_the_sweep_finds_an_analysis_that_was_lost(people, committed, eventually):
	from call_intelligence.jobs import sweep

	call = committed("Call", factories.call(people["owner"]))
	frappe.db.set_value("Call Recording", {"call": call}, {"transcript_version": 3, "analysis_due": 1})
	frappe.db.commit()
	sweep.sweep()

	def analysed():
		frappe.db.rollback()
		return on_recording(call, "analysed_version") == 3

	eventually(analysed, 30, "the sweep has had it analysed")


def test_an_analysis_of_a_call_that_is_gone_or_up_to_date_does_nothing(call):
	analyse.analyse("no such recording")
	analyse.analyse(transcript.recording_of(call))
	assert on_recording(call, "analysed_version") == 0
