"""Real processing: queue, workers, engine. Data of these tests is committed and deleted again."""

import json
import os
import signal
from datetime import timedelta

import frappe
import psutil
import pytest

from call_intelligence import transcript
from call_intelligence.api import calls, playlists, review
from call_intelligence.api import transcript as editing
from call_intelligence.core import storage
from call_intelligence.core.times import from_utc, utc_now
from call_intelligence.ingest.create import create_call
from call_intelligence.ingest.details import read_details
from call_intelligence.jobs import process, sweep
from call_intelligence.queue import enqueue, lease
from call_intelligence.queue.stages import ANALYSING, IDENTIFYING, PREPARING, STAGES, TRANSCRIBING
from call_intelligence.speech import messages
from tests import factories, speech


@pytest.fixture
def upload(committed, site):
	"""upload(path, **details) commits a queued Call; the worker starts it at once."""

	def make(path, **details):
		created = create_call(storage.stage_path(path), read_details(details))
		committed("Call", created.call)
		frappe.db.commit()
		return created

	return make


@pytest.fixture
def finished(eventually):
	def wait(call: str, seconds: float = 180) -> dict:
		def now():
			frappe.db.rollback()
			status = calls.status(call)
			return status if status["finished"] else None

		return eventually(now, seconds, f"{call} finished")

	return wait


@pytest.fixture(scope="module")
def spoken():
	return speech.spoken_call("premium_plan")


def run_of(recording: str):
	frappe.db.rollback()
	return frappe.get_last_doc("Processing Run", {"recording": recording})


def states(recording: str) -> dict:
	return {row.stage: (row.state, row.attempts) for row in run_of(recording).stages}


# ------------------------------------------------------------------------------------------- success


@pytest.mark.parametrize(("kind", "method"), [("stereo", "channels"), ("mono", "pyannote")])
def test_from_upload_to_transcript(upload, finished, spoken, kind, method):
	created = upload(getattr(spoken, kind), title=kind)
	assert finished(created.call)["status"] == "Ready"

	answer = review.get(created.call)
	assert answer["recording"]["speaker_method"] == method
	assert answer["call"]["language"] == "en"
	assert answer["call"]["duration"] == pytest.approx(spoken.duration, abs=0.1)
	assert {row["key"] for row in answer["speakers"]} == {"S1", "S2"}
	assert sum(row["talk_share"] for row in answer["speakers"]) == pytest.approx(100, abs=0.1)
	# nine turns were spoken, alternately
	assert len(answer["segments"]) >= len(spoken.turns)
	said = " ".join(row[4] for row in answer["segments"])
	assert "premium plan" in said.lower() and "Blue Harbor" in said
	assert {row["stage"]: row["state"] for row in answer["stages"]} == dict.fromkeys(STAGES, "Done")
	assert all(
		row["seconds"] > 0 and row["peak_memory_mb"] > 0
		for row in answer["stages"]
		if row["stage"] != ANALYSING
	)
	assert not storage.work_folder(created.recording).exists()
	preview = json.loads(frappe.db.get_value("Call", created.call, "preview"))
	assert preview[0]["text"].startswith("Good morning")


def test_names_are_no_options_of_the_engine(upload, finished, spoken):
	created = upload(spoken.stereo, participants=[{"display_name": "-Anna"}])
	assert finished(created.call)["status"] == "Ready"


def test_speakers_once_more_on_stereo(upload, finished, spoken):
	created = upload(spoken.stereo)
	finished(created.call)
	before = transcript.segments(created.recording)
	calls.identify_speakers(created.call)
	frappe.db.commit()
	assert finished(created.call)["status"] == "Ready"
	after = transcript.segments(created.recording)
	assert [row[1:] for row in after] == [row[1:] for row in before]
	assert review.get(created.call)["recording"]["speaker_method"] == "channels"


def test_speakers_once_more_alone(upload, finished, spoken):
	created = upload(spoken.mono)
	finished(created.call)
	before = transcript.segments(created.recording)
	calls.identify_speakers(created.call, speakers=1)
	frappe.db.commit()
	assert finished(created.call)["status"] == "Ready"
	after = transcript.segments(created.recording)
	offered = review.get(created.call)["recording"]["speaker_offers"]
	assert offered["1"] == [1] and len(offered["2"]) == 2
	assert {row[3] for row in after} == {"S1"}
	assert " ".join(row[4] for row in after).split() == " ".join(row[4] for row in before).split()
	assert states(created.recording).keys() == {PREPARING, IDENTIFYING, ANALYSING}, (
		"nothing was transcribed again"
	)
	assert [row["key"] for row in transcript.speakers(created.call)] == ["S1"]


def test_corrections_survive_everything_being_done_again(upload, finished, spoken, committed):
	created = upload(spoken.mono)
	finished(created.call)
	playlist = committed("Call Playlist", factories.playlist("Administrator", created.call))
	factories.playlist_item(
		playlist, created.call, "Administrator", title="The price", start_seconds=2, end_seconds=5
	)
	first, second = transcript.segments(created.recording)[:2]
	text = f"Corrected by hand, {first[4]}"
	editing.correct_text(created.call, first[0], text)
	editing.set_speaker(created.call, second[0], first[3])
	editing.rename_speaker(created.call, first[3], "Daniel")
	edited = transcript.segments(created.recording)
	in_playlist = playlists.get(playlist)["items"]
	frappe.db.commit()

	calls.identify_speakers(created.call)
	frappe.db.commit()
	assert finished(created.call)["status"] == "Ready"
	assert transcript.segments(created.recording) == edited

	calls.retry(created.call, stage=TRANSCRIBING)
	frappe.db.commit()
	assert finished(created.call)["status"] == "Ready"
	again = transcript.segments(created.recording)
	assert again[0][1:] == edited[0][1:]
	# the names of people help the model to spell: its words may differ now
	assert again[1][1:4] == edited[1][1:4]
	assert transcript.speaker_names(created.call)[first[3]] == "Daniel"
	assert len(in_playlist) == 2 and playlists.get(playlist)["items"] == in_playlist
	versions = frappe.db.get_value(
		"Call Recording", created.recording, ["transcript_version", "analysed_version"]
	)
	assert versions[0] == versions[1]
	assert text[:30] in frappe.db.get_value("Call", created.call, "preview")

	calls.retry(created.call, stage=TRANSCRIBING, keep_edits=0)
	frappe.db.commit()
	assert finished(created.call)["status"] == "Ready"
	assert "Corrected by hand" not in transcript.segments(created.recording)[0][4]
	assert transcript.speaker_names(created.call)[first[3]] == "Daniel"


def test_without_diarization_the_transcript_is_there(upload, finished, spoken):
	frappe.db.set_single_value("Call Intelligence Settings", "diarizer", "Off")
	frappe.db.commit()
	try:
		created = upload(spoken.mono)
		status = finished(created.call)
	finally:
		frappe.db.set_single_value("Call Intelligence Settings", "diarizer", "Automatic")
		frappe.db.commit()
	assert status["status"] == "Ready"
	assert "switched off" in status["warning"]
	assert {row[3] for row in transcript.segments(created.recording)} == {"S1"}


def test_a_missing_speaker_model_costs_no_transcript(upload, finished, spoken):
	frappe.db.set_single_value("Call Intelligence Settings", "diarization_model", "no-such-folder/model")
	frappe.db.commit()
	try:
		created = upload(spoken.mono)
		status = finished(created.call)
	finally:
		frappe.db.set_single_value("Call Intelligence Settings", "diarization_model", "embedded")
		frappe.db.commit()
	assert status["status"] == "Ready"
	assert "transcript is complete" in status["warning"]
	assert "premium plan" in " ".join(row[4] for row in transcript.segments(created.recording)).lower()


def test_the_date_comes_from_the_file_unless_somebody_gave_it(upload, finished, spoken):
	file = speech.converted(spoken.mono, "dated.m4a", "-metadata", "creation_time=2025-03-04T05:06:07Z")
	found, given = upload(file), upload(file, start_time="2026-01-31 14:30:00")
	for created in (found, given):
		assert finished(created.call)["status"] == "Ready"
	assert str(frappe.db.get_value("Call", found.call, "start_time")) == "2025-03-04 05:06:07"
	assert str(frappe.db.get_value("Call", given.call, "start_time")) == "2026-01-31 14:30:00"


def test_a_corrected_date_stays(upload, finished, spoken):
	file = speech.converted(spoken.mono, "dated.m4a", "-metadata", "creation_time=2025-03-04T05:06:07Z")
	created = upload(file)
	call = frappe.get_doc("Call", created.call)
	call.title = "Not the date"
	call.save()
	assert not frappe.db.get_value("Call Recording", created.recording, "start_time_given")
	call.start_time = "2026-01-31 14:30:00"
	call.save()
	frappe.db.commit()
	assert finished(created.call)["status"] == "Ready"
	calls.retry(created.call, stage=PREPARING)
	frappe.db.commit()
	assert finished(created.call)["status"] == "Ready"
	assert str(frappe.db.get_value("Call", created.call, "start_time")) == "2026-01-31 14:30:00"


# --------------------------------------------------------------------------------------- loss and recovery


@pytest.fixture
def short_lease(bench):
	"""Dead workers are noticed after 2 s; workers read this with their next job."""
	file = bench.sites / bench.site / "site_config.json"
	before = file.read_text()
	file.write_text(json.dumps({**json.loads(before), "call_intelligence_lease_seconds": 2}))
	frappe.conf.call_intelligence_lease_seconds = 2
	yield
	file.write_text(before)
	frappe.conf.pop("call_intelligence_lease_seconds")


def family(run) -> list[psutil.Process]:
	"""The job's process and the worker that forked it, the worker first."""
	job = psutil.Process(int(run.worker.rsplit(":", 1)[1]))
	return [job.parent(), job]


@pytest.mark.parametrize("stage", [PREPARING, TRANSCRIBING, IDENTIFYING])
def test_a_worker_killed_in_a_stage_costs_a_retry(upload, finished, eventually, short_lease, stage):
	# long enough to catch each stage
	recording = speech.looped(speech.spoken_call("premium_plan").mono, 150, "killed.wav")
	created = upload(recording)

	def in_stage():
		run = run_of(created.recording)
		return run.status == "Running" and run.stage == stage and run

	run = eventually(in_stage, 120, f"{stage} began", every=0.02)
	victims = family(run)
	engine = [child.pid for child in victims[1].children(recursive=True)]
	for victim in victims:
		os.kill(victim.pid, signal.SIGKILL)

	def nobody_left():
		return not any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in engine)

	eventually(nobody_left, 10, "the engine dies with its worker")
	eventually(lambda: created.recording in swept(), 30, "the sweep finds the run")
	assert lost_attempts("Processing Run", run.name) == ["Call Intelligence: worker_lost"]
	assert finished(created.call)["status"] == "Ready"
	after = states(created.recording)
	assert all(state == "Done" for state, _attempts in after.values())
	earlier = STAGES[: STAGES.index(stage)]
	assert {name: after[name][1] for name in earlier} == dict.fromkeys(earlier, 1), "not repeated"
	assert after[stage][1] == 2
	assert run_of(created.recording).attempts == 2


SLOW_TO_EXIT = """#!/bin/sh
shift 2
exec {python} -c '
import atexit, runpy, sys, time
atexit.register(time.sleep, 60)
runpy.run_module("call_intelligence.engine", run_name="__main__", alter_sys=True)' "$@"
"""
KILLED_ONCE = """#!/bin/sh
if mkdir "$0.was_here" 2>/dev/null; then kill -9 $$; fi
exec {python} "$@"
"""


def test_an_engine_that_is_slow_to_exit_costs_nothing(upload, finished, spoken, engine_started_by):
	engine_started_by(SLOW_TO_EXIT)
	created = upload(spoken.mono)
	assert finished(created.call)["status"] == "Ready"
	assert [attempts for _state, attempts in states(created.recording).values()] == [1, 1, 1, 1]


def lost_attempts(doctype: str, name: str) -> list[str]:
	frappe.db.rollback()
	about = {"reference_doctype": doctype, "reference_name": name}
	return frappe.get_all("Error Log", filters=about, pluck="method")


def test_a_call_that_waits_for_its_next_attempt_says_so(
	upload, finished, eventually, spoken, engine_started_by
):
	engine_started_by(KILLED_ONCE)
	created = upload(spoken.mono)

	def waits():
		frappe.db.rollback()
		told = calls.status(created.call)
		return told["next_attempt_at"] and told

	told = eventually(waits, 60, "the first attempt is lost")
	assert (told["status"], told["error"]) == ("Queued", "the speech engine was stopped")
	due = run_of(created.recording).next_attempt_at
	assert str(from_utc(due)) == told["next_attempt_at"] and due > utc_now()
	assert lost_attempts("Call Recording", created.recording) == ["Call Intelligence: engine_killed"]

	run_of(created.recording).db_set("next_attempt_at", utc_now())
	frappe.db.commit()
	told = finished(created.call)
	assert (told["status"], told["error"], told["next_attempt_at"]) == ("Ready", None, None)


def test_a_worker_lost_in_the_last_stage(upload, finished, spoken):
	"""Analysing takes only milliseconds: this is the state after a kill in it."""
	created = upload(spoken.stereo)
	finished(created.call)
	run = run_of(created.recording)
	run.stages[3].db_set({"state": "Running", "seconds": 0})
	run.db_set(
		{
			"status": "Running",
			"stage": ANALYSING,
			"lease": "of the dead",
			"heartbeat": utc_now() - timedelta(hours=1),
		}
	)
	frappe.db.set_value("Call", created.call, {"status": ANALYSING, "preview": None})
	frappe.db.commit()
	assert created.recording in swept()
	assert finished(created.call)["status"] == "Ready"
	assert [attempts for _state, attempts in states(created.recording).values()] == [1, 1, 1, 2]
	assert "Good morning" in frappe.db.get_value("Call", created.call, "preview")


def test_a_lost_database_connection_costs_a_retry(upload, finished, eventually, short_lease):
	recording = speech.looped(speech.spoken_call("premium_plan").mono, 150, "killed.wav")
	created = upload(recording)
	eventually(lambda: run_of(created.recording).stage == TRANSCRIBING, 120, "transcribing")
	job = psutil.Process(int(run_of(created.recording).worker.rsplit(":", 1)[1]))
	ports = {connection.laddr.port for connection in job.connections()}
	lines = frappe.db.sql("select id, host from information_schema.processlist", as_dict=True)
	cut = [line.id for line in lines if int(line.host.rsplit(":", 1)[-1] or 0) in ports]
	assert cut
	for connection in cut:
		frappe.db.sql(f"kill {connection}")

	eventually(lambda: created.recording in swept(), 60, "the sweep finds the run")
	assert finished(created.call)["status"] == "Ready"
	after = states(created.recording)
	assert (after[PREPARING], after[TRANSCRIBING]) == (("Done", 1), ("Done", 2))


def swept() -> list[str]:
	"""The recordings whose runs the sweep has queued again"""
	frappe.db.rollback()
	return [frappe.db.get_value("Processing Run", run, "recording") for run in sweep.sweep()]


@pytest.fixture
def run(people):
	"""A run in the database only; nothing is queued."""
	recording = factories.recording(factories.call(people["owner"], transcript=()))
	doc = frappe.get_doc(
		{
			"doctype": "Processing Run",
			"call": frappe.db.get_value("Call Recording", recording, "call"),
			"recording": recording,
			"status": "Queued",
			"job_id": "gone",
			"stages": [{"stage": stage, "state": "Pending"} for stage in STAGES],
		}
	).insert(ignore_permissions=True)
	return doc


def test_two_workers_never_have_the_same_run(run):
	frappe.db.commit()
	try:
		first = lease.claim(run.name)
		assert first
		assert lease.claim(run.name) is None
		first.renew()
		frappe.db.commit()
		# its holder is silent: the next one takes over, and the first may not write any more
		frappe.db.set_value("Processing Run", run.name, "heartbeat", utc_now() - timedelta(hours=1))
		frappe.db.commit()
		second = lease.claim(run.name)
		assert second
		with pytest.raises(lease.LeaseLost):
			first.renew()
		second.renew()
	finally:
		frappe.db.rollback()
		frappe.delete_doc("Call", run.call, force=True, delete_permanently=True)
		frappe.db.commit()


def test_a_recording_has_one_unfinished_run(run):
	assert enqueue.start_run(run.recording) == run.name


@pytest.mark.parametrize(
	("values", "found"),
	[
		({"status": "Running", "heartbeat": -3600}, True),
		({"status": "Running", "heartbeat": 0}, False),
		({"status": "Queued", "heartbeat": -3600}, True),
		({"status": "Queued"}, True),
		({"status": "Queued", "heartbeat": 0}, False),
		({"status": "Queued", "next_attempt_at": -5, "heartbeat": -3600}, True),
		({"status": "Queued", "next_attempt_at": 600, "heartbeat": -3600}, False),
		({"status": "Succeeded", "heartbeat": -3600}, False),
		({"status": "Failed", "heartbeat": -3600}, False),
		({"status": "Cancelled", "heartbeat": -3600}, False),
	],
)
def test_what_the_sweep_takes_up(run, committed, values, found):
	committed("Call", run.call)
	for field, value in values.items():
		if isinstance(value, int):
			value = utc_now() + timedelta(seconds=value)
		frappe.db.set_value("Processing Run", run.name, field, value, update_modified=False)
	# the recording has no file: if the job runs, it fails at once and does no harm
	assert (run.name in sweep.sweep()) is found


def test_what_failed_for_good_says_so(run, monkeypatch):
	"""Three workers were lost in one stage: the fourth does not try."""
	frappe.db.set_value("Processing Run", run.name, {"attempts": 3, "status": "Running"})
	run.stages[0].db_set({"attempts": 3, "state": "Running"})
	frappe.db.commit()
	try:
		process.process(run.name)
		assert calls.status(run.call)["status"] == "Failed"
		assert calls.status(run.call)["error"] == messages.error_text("worker_lost")
		run.reload()
		assert (run.status, run.stages[0].state, run.stages[1].state) == ("Failed", "Failed", "Pending")
	finally:
		frappe.delete_doc("Call", run.call, force=True, delete_permanently=True)
		frappe.db.commit()


def test_a_missing_file_fails_with_words_and_can_be_retried(upload, finished, spoken):
	created = upload(spoken.stereo)
	finished(created.call)
	path = storage.path_of(frappe.db.get_value("Call Recording", created.recording, "file"))
	hidden = path.rename(path.with_suffix(".hidden"))
	calls.retry(created.call, stage=PREPARING)
	frappe.db.commit()
	status = finished(created.call)
	assert (status["status"], status["can_retry"]) == ("Failed", True)
	assert status["error"] == messages.error_text("file_missing")
	assert transcript.segments(created.recording), "what was found before is still there"

	hidden.rename(path)
	calls.retry(created.call)
	frappe.db.commit()
	assert finished(created.call)["status"] == "Ready"


def test_deleting_a_call_stops_its_work_and_removes_its_files(upload, eventually, spoken):
	recording = speech.looped(spoken.mono, 150, "killed.wav")
	created = upload(recording)
	eventually(lambda: run_of(created.recording).stage == TRANSCRIBING, 120, "transcribing")
	run = run_of(created.recording)
	job = psutil.Process(int(run.worker.rsplit(":", 1)[1]))
	engine = job.children(recursive=True)
	path = storage.path_of(frappe.db.get_value("Call Recording", created.recording, "file"))

	frappe.delete_doc("Call", created.call, ignore_permissions=True)
	frappe.db.commit()
	assert not path.exists()
	eventually(lambda: not any(child.is_running() for child in engine), 30, "the engine is stopped")
	for doctype in ("Call Recording", "Transcript Segment", "Processing Run"):
		assert not frappe.db.exists(doctype, {"call": created.call}), doctype
	assert not frappe.db.exists("File", {"attached_to_name": created.recording})
	eventually(lambda: not storage.work_folder(created.recording).exists(), 10, "its working folder is gone")
