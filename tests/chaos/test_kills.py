"""Whatever is killed during processing, every call ends Ready, with one set of segments.

`./run test tests/chaos --chaos` runs for ten minutes instead of one.
"""

import json
import random
import subprocess
import sys
import time

import frappe
import psutil
import pytest

from call_intelligence import transcript
from call_intelligence.core import storage
from call_intelligence.ingest.create import create_call
from call_intelligence.ingest.details import read_details
from call_intelligence.jobs import sweep
from call_intelligence.queue.stages import STAGES
from tests import speech

CALLS = 6
SECONDS_OF_SOUND = 20
# seconds of killing, by default and with --chaos
SHORT, LONG = 60, 600
# seconds between two kills, minimum and maximum
PAUSE = (1.0, 6.0)
SERVICES = (
	"worker_transcription",
	"worker_long",
	"gunicorn",
	"scheduler",
	"mariadb",
	"redis_cache",
	"redis_queue",
)
ENGINE = "engine"
PATIENCE = 300


@pytest.fixture
def impatient(bench):
	"""Dead workers are noticed after 5 s, and there is no limit on attempts."""
	file = bench.sites / bench.site / "site_config.json"
	before = file.read_text()
	file.write_text(json.dumps({**json.loads(before), "call_intelligence_lease_seconds": 5}))
	frappe.conf.call_intelligence_lease_seconds = 5
	settings = frappe.get_single("Call Intelligence Settings")
	attempts, diarizer = settings.max_attempts, settings.diarizer
	settings.update({"max_attempts": 100, "diarizer": "Automatic"}).save()
	frappe.db.commit()
	yield
	file.write_text(before)
	frappe.conf.pop("call_intelligence_lease_seconds")
	connected()
	frappe.get_single("Call Intelligence Settings").update(
		{"max_attempts": attempts, "diarizer": diarizer}
	).save()
	frappe.db.commit()


@pytest.fixture
def busy():
	"""Keeps both cores busy."""
	burn = [sys.executable, "-c", "while True: pass"]
	burning = [subprocess.Popen(burn) for _core in range(2)]
	yield
	for process in burning:
		process.kill()
		process.wait()


@pytest.fixture
def uploaded(impatient, committed):
	source = speech.spoken_call("premium_plan")
	made = []
	for number in range(CALLS):
		# all files differ
		kind = "stereo" if is_stereo(number) else "mono"
		recording = speech.looped(getattr(source, kind), SECONDS_OF_SOUND + number, f"chaos-{number}.wav")
		made.append(create_call(storage.stage_path(recording), read_details({"title": f"Chaos {number}"})))
		committed("Call", made[-1].call)
	frappe.db.commit()
	return made


def is_stereo(number: int) -> bool:
	return number % 3 == 2


def connected():
	"""A new connection: the database may have been killed."""
	deadline = time.monotonic() + 60
	while True:
		try:
			frappe.db.close()
			frappe.connect()
			frappe.flags.in_test = True
			return
		except Exception:
			if time.monotonic() > deadline:
				raise
			time.sleep(0.2)


def engines() -> list[psutil.Process]:
	found = []
	for process in psutil.process_iter(["cmdline"]):
		words = process.info["cmdline"] or []
		if "call_intelligence.engine" in words and any(storage.site_folder().as_posix() in w for w in words):
			found.append(process)
	return found


def kill(bench, victim: str) -> bool:
	"""SIGKILL; whether there was such a process"""
	if victim != ENGINE:
		try:
			return bool(bench.kill(victim))
		except (ProcessLookupError, TypeError):
			# it is restarting
			return False
	for process in engines():
		process.kill()
		return True
	return False


def victims(luck: random.Random):
	"""All victims in one order, then in another; the engine twice, as it runs for most of the time"""
	while True:
		order = [*SERVICES, ENGINE, ENGINE]
		luck.shuffle(order)
		yield from order


@pytest.mark.slow
def test_every_call_gets_ready(bench, uploaded, busy, request, eventually):
	luck = random.Random(20)
	killed = dict.fromkeys((*SERVICES, ENGINE), 0)
	deadline = time.monotonic() + (LONG if request.config.getoption("chaos") else SHORT)
	following = victims(luck)
	while time.monotonic() < deadline:
		time.sleep(luck.uniform(*PAUSE))
		victim = next(following)
		killed[victim] += kill(bench, victim)
	assert all(killed.values()), killed
	seen = {}

	def finished():
		try:
			# as the scheduler does each minute
			sweep.sweep()
			frappe.db.rollback()
			names = [made.call for made in uploaded]
			seen["states"] = frappe.get_all("Call", filters={"name": ["in", names]}, pluck="status")
			return sorted(seen["states"]) == ["Ready"] * CALLS
		except Exception as error:
			# services are restarting
			seen["error"] = error
			connected()
			return False

	deadline = time.monotonic() + PATIENCE
	while not finished():
		assert time.monotonic() < deadline, f"{seen} after {killed}"
		time.sleep(2)
	eventually(lambda: not engines(), 30, "no engine is left")
	for number, made in enumerate(uploaded):
		rows = transcript.segments(made.recording)
		assert "plan" in " ".join(row[4] for row in rows).lower()
		positions = frappe.get_all(
			"Transcript Segment", filters={"call": made.call}, pluck="position", order_by="position"
		)
		assert positions == list(range(len(rows))), "one set of segments"
		assert len({(row[1], row[2], row[4]) for row in rows}) == len(rows)
		method = frappe.db.get_value("Call Recording", made.recording, "speaker_method")
		assert method == ("channels" if is_stereo(number) else "pyannote")
		(run,) = frappe.get_all(
			"Processing Run", filters={"recording": made.recording}, fields=["name", "status", "lease"]
		)
		assert (run.status, run.lease) == ("Succeeded", None)
		stages = frappe.get_all(
			"Processing Run Stage", filters={"parent": run.name}, fields=["stage", "state"], order_by="idx"
		)
		assert {row.stage: row.state for row in stages} == dict.fromkeys(STAGES, "Done")
		assert not storage.work_folder(made.recording).exists()
