"""The engine as a command: stages, events, exit codes, limits."""

import json
import os
import signal
import subprocess
import time

import pytest

from tests.speech import ROOT, engine_python, noise, run_engine, spoken_call, write_wav

LABELS = "WEBVTT\n\n00:00.500 --> 00:07.500\n<v Daniel Fox>Good morning</v>\n\n00:07.900 --> 00:50.000\n<v Sarah>Hi</v>\n"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
	"""A leaking stereo call, all stages in one run"""
	return run_engine(spoken_call().leaking, tmp_path_factory.mktemp("finished"), "--language", "en")


def test_events_of_a_run(finished):
	assert finished.exit == 0
	stages = [(e["event"], e["stage"]) for e in finished.events if e["event"] in ("stage", "done")]
	assert stages == [
		(kind, stage) for stage in ("prepare", "transcribe", "diarize") for kind in ("stage", "done")
	]
	for event in finished.events:
		if event["event"] == "progress":
			assert 0 <= event["fraction"] <= 1
	assert all(finished.done(stage)["peak_mb"] > 10 for stage in ("prepare", "transcribe", "diarize"))
	assert [finished.done(stage)["result"] for stage in ("prepare", "transcribe", "diarize")] == [
		"prepare.json",
		"words.json",
		"utterances.json",
	]


def test_results_hold_together(finished):
	words, answer = finished.file("words.json"), finished.file("utterances.json")
	assert words["language"] == "en"
	assert [w["start"] for w in words["words"]] == sorted(w["start"] for w in words["words"])
	assert {w["channel"] for w in words["words"]} == {0, 1}
	assert sum(len(u["words"]) for u in answer["utterances"]) == len(words["words"])
	assert [(s["key"], s["channel"], s["name"]) for s in answer["speakers"]] == [
		("S1", 0, None),
		("S2", 1, None),
	]
	talk = {t.speaker: 0.0 for t in spoken_call().turns}
	for turn in spoken_call().turns:
		talk[turn.speaker] += turn.end - turn.start
	assert [s["talk_seconds"] for s in answer["speakers"]] == [
		pytest.approx(talk["owner"], abs=2),
		pytest.approx(talk["customer"], abs=2),
	]
	assert finished.file("turns.json")["method"] == "channels"
	assert not list(finished.work.glob("*.new"))


def test_a_stage_runs_again_alone_and_gives_the_same(finished):
	before = (finished.work / "utterances.json").read_text()
	again = run_engine(spoken_call().leaking, finished.work, "--stage", "diarize")
	assert [e["stage"] for e in again.events if e["event"] == "stage"] == ["diarize"]
	assert (finished.work / "utterances.json").read_text() == before


def test_switched_off_everybody_is_one_speaker(finished):
	run = run_engine(spoken_call().leaking, finished.work, "--stage", "diarize", "--diarizer", "off")
	assert run.exit == 0
	assert "diarization_off" in run.warnings
	assert run.file("turns.json")["method"] == "single"
	assert {u["speaker"] for u in run.utterances} == {"S1"}


def test_labels_name_the_speakers(finished, tmp_path):
	labels = tmp_path / "labels.vtt"
	labels.write_text(LABELS)
	run = run_engine(spoken_call().leaking, finished.work, "--stage", "diarize", "--labels", labels)
	answer = run.file("utterances.json")
	assert [s["name"] for s in answer["speakers"]] == ["Daniel Fox", "Sarah"]
	assert answer["utterances"][0]["speaker"] == "S1"


@pytest.mark.parametrize(
	("arguments", "code"),
	[
		(("--diarizer", "labels", "--labels", "/nowhere.vtt"), "diarizer_failed"),
		(("--diarizer", "pyannote", "--diarization-model", "/nowhere"), "diarizer_missing"),
		(("--diarizer", "pyannote", "--models", "/nowhere"), "diarizer_missing"),
	],
)
def test_a_diarizer_that_fails_loses_nothing(finished, arguments, code):
	run = run_engine(spoken_call().leaking, finished.work, "--stage", "diarize", *arguments)
	assert run.exit == 0
	assert run.warnings[code]["reason"]
	assert run.file("turns.json")["method"] == "single"
	assert len(run.text.split()) == len(finished.file("words.json")["words"])


def test_the_number_of_speakers_can_be_given(tmp_path):
	run_engine(
		spoken_call().mono, tmp_path, "--stage", "prepare", "--stage", "transcribe", "--language", "en"
	)
	for speakers in (1, 2):
		run = run_engine(spoken_call().mono, tmp_path, "--stage", "diarize", "--speakers", speakers)
		assert len(run.file("turns.json")["speakers"]) == speakers
		assert run.file("turns.json")["method"] == "pyannote"


def test_a_missing_model_is_the_engines_fault_not_the_files(tmp_path):
	run = run_engine(spoken_call().mono, tmp_path, "--model", "/nowhere/at/all")
	assert (run.exit, run.error) == (4, "model_missing")
	assert (tmp_path / "prepare.json").exists()
	assert not (tmp_path / "words.json").exists()


def test_a_later_stage_without_an_earlier_one(tmp_path):
	assert run_engine(spoken_call().mono, tmp_path, "--stage", "transcribe").error == "internal"


def test_too_little_memory_is_said(tmp_path):
	run_engine(spoken_call().mono, tmp_path, "--stage", "prepare")
	run = run_engine(spoken_call().mono, tmp_path, "--stage", "transcribe", "--memory-mb", "200")
	assert run.exit != 0
	assert not (tmp_path / "words.json").exists()
	assert run.error in (
		"out_of_memory",
		None,
	)  # the libraries may abort before Python notices


def test_processor_time_is_limited(tmp_path):
	path = write_wav(tmp_path / "noise.wav", noise(5))
	long = tmp_path / "long.wav"
	subprocess.run(
		["ffmpeg", "-v", "error", "-stream_loop", "1000", "-i", str(path), "-c", "copy", str(long)],
		check=True,
	)
	run = run_engine(long, tmp_path / "w", "--cpu-seconds", "2")
	assert (run.exit, run.error) == (3, "time_limit")


def test_it_dies_with_its_parent(tmp_path):
	"""For example when a worker is killed: the engine must not keep running."""
	script = (
		"import subprocess, sys, time\n"
		"child = subprocess.Popen([sys.executable, '-m', 'call_intelligence.engine', *sys.argv[1:]])\n"
		"print(child.pid, flush=True)\n"
		"time.sleep(600)\n"
	)
	arguments = [str(spoken_call().mono), "--json", "--work", str(tmp_path)]
	parent = subprocess.Popen(
		[str(engine_python()), "-c", script, *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT
	)
	child = int(parent.stdout.readline())
	for line in parent.stdout:  # it is working by now
		if json.loads(line)["event"] == "stage":
			break
	parent.send_signal(signal.SIGKILL)
	parent.wait()
	deadline = time.monotonic() + 10
	while _alive(child) and time.monotonic() < deadline:
		os.sched_yield()
	assert not _alive(child)


def test_for_people_it_prints_a_transcript():
	answer = subprocess.run(
		[
			str(engine_python()),
			"-m",
			"call_intelligence.engine",
			str(spoken_call().stereo),
			"--language",
			"en",
		],
		capture_output=True,
		text=True,
		cwd=ROOT,
	)
	lines = answer.stdout.splitlines()
	assert answer.returncode == 0
	assert lines[0].startswith("[0:00] Speaker 1: Good morning")
	assert lines[1].startswith("[0:08] Speaker 2: Hi Daniel")


def test_without_a_work_folder_the_result_is_an_event(tmp_path):
	path = write_wav(tmp_path / "noise.wav", noise(1))
	answer = subprocess.run(
		[str(engine_python()), "-m", "call_intelligence.engine", str(path), "--json"],
		capture_output=True,
		text=True,
		cwd=ROOT,
	)
	assert json.loads(answer.stdout.splitlines()[-1]) == {"event": "result", "speakers": [], "utterances": []}


def _alive(pid):
	try:
		with open(f"/proc/{pid}/stat") as stat:
			return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
	except FileNotFoundError:
		return False
