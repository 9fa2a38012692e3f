"""Output of processing is bounded, a failed call keeps no working files, and a full disk gives a message and is recovered from.

The full disk is simulated with RLIMIT_FSIZE of the writing process, which needs no privileges.
"""

import resource
import shutil
import struct
from contextlib import contextmanager

import frappe
import psutil
import pytest

from call_intelligence.api import calls, uploads
from call_intelligence.core import storage
from call_intelligence.core.times import utc_now
from call_intelligence.engine.limits import HIGHEST_RATE, LOWEST_RATE
from call_intelligence.ingest.create import create_call
from call_intelligence.ingest.details import read_details
from call_intelligence.queue.stages import PREPARING, TRANSCRIBING
from call_intelligence.speech import engine_stage
from tests import speech

API = "/api/method/call_intelligence.api."
MB = 1024 * 1024
SETTINGS = "Call Intelligence Settings"


@pytest.fixture(autouse=True)
def no_uploads(site):
	shutil.rmtree(storage.private_folder("uploads"), ignore_errors=True)
	yield
	shutil.rmtree(storage.private_folder("uploads"), ignore_errors=True)


@pytest.fixture
def upload(committed, site):
	"""upload(path) commits a queued Call; the worker starts it at once."""

	def make(path):
		created = create_call(storage.stage_path(path), read_details({}))
		committed("Call", created.call)
		frappe.db.commit()
		return created

	return make


@pytest.fixture
def finished(eventually):
	def wait(call: str) -> dict:
		def now():
			frappe.db.rollback()
			status = calls.status(call)
			return status if status["finished"] else None

		return eventually(now, 180, f"{call} finished")

	return wait


def claiming(path, rate: int, seconds_at_8000: float = 20.4):
	"""A wav file of a few hundred KB whose header claims a sample rate"""
	data = bytes(round(seconds_at_8000 * 16000))
	with path.open("wb") as file:
		file.write(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt ")
		file.write(struct.pack("<IHHIIHH", 16, 1, 1, rate, (rate * 2) % 2**32, 2, 16))
		file.write(b"data" + struct.pack("<I", len(data)) + data)
	return path


def size_of(folder) -> int:
	return sum(entry.stat().st_size for entry in folder.rglob("*")) if folder.exists() else 0


# ------------------------------------------------------------------------------------------------ limits


@pytest.mark.parametrize("rate", [1, LOWEST_RATE - 1, HIGHEST_RATE + 1, 2**31 - 1])
def test_a_rate_that_no_recording_has_writes_nothing(tmp_path, rate):
	run = speech.run_engine(
		claiming(tmp_path / "call.wav", rate),
		tmp_path / "work",
		"--stage",
		"prepare",
		"--max-duration",
		"28800",
	)
	# FFmpeg itself refuses some
	assert run.error in ("sample_rate", "corrupt")
	assert size_of(tmp_path / "work") == 0


@pytest.mark.parametrize("rate", [LOWEST_RATE, 8000, 192_000, HIGHEST_RATE])
def test_rates_that_recordings_have(tmp_path, rate):
	run = speech.run_engine(
		claiming(tmp_path / "call.wav", rate),
		tmp_path / "work",
		"--stage",
		"prepare",
		"--max-duration",
		"28800",
	)
	assert run.exit == 0, run.errors


def test_a_call_that_claims_one_sample_a_second(tmp_path, upload, finished):
	created = upload(claiming(tmp_path / "call.wav", 1))
	status = finished(created.call)
	assert status["status"] == "Failed"
	assert "1 samples per second" in status["error"] and "export it again" in status["error"]
	assert not storage.work_folder(created.recording).exists()


def test_no_file_grows_beyond_its_limit(tmp_path):
	path = speech.write_wav(tmp_path / "call.wav", speech.silence(120))
	work = tmp_path / "work"
	run = speech.run_engine(path, work, "--stage", "prepare", "--file-mb", "1")
	assert run.error == "disk_full" and run.events[-1]["retryable"]
	assert size_of(work) <= MB


def test_limits_follow_the_length_of_the_audio(site):
	settings = frappe.get_single(SETTINGS)
	short, long = (frappe._dict(duration=seconds) for seconds in (60, 3600))
	for stage in (TRANSCRIBING, PREPARING):
		assert engine_stage.limits_for(stage, short, settings).file_mb * MB > 60 * 32_000
	assert engine_stage.limits_for(TRANSCRIBING, long, settings).file_mb < 250
	assert engine_stage.limits_for(TRANSCRIBING, short, settings).file_mb < 70


# ------------------------------------------------------------------------------------------------ cleaning up


def test_a_call_that_failed_keeps_no_working_files_and_can_be_retried(tmp_path, upload, finished):
	"""Failed in a later stage: the earlier one's files are created again"""
	model = frappe.db.get_single_value(SETTINGS, "model")
	use_model("/nowhere/at/all")
	try:
		created = upload(speech.spoken_call().mono)
		assert finished(created.call)["status"] == "Failed"
		assert not storage.work_folder(created.recording).exists()
		run = frappe.get_last_doc("Processing Run", {"recording": created.recording})
		assert {row.stage: row.state for row in run.stages}[PREPARING] == "Done"
	finally:
		use_model(model)
	calls.retry(created.call)
	frappe.db.commit()
	assert finished(created.call)["status"] == "Ready"
	assert not storage.work_folder(created.recording).exists()


def use_model(name: str) -> None:
	frappe.db.rollback()
	frappe.db.set_single_value(SETTINGS, "model", name)
	frappe.db.commit()
	frappe.clear_document_cache(SETTINGS, SETTINGS)


def test_a_call_that_is_deleted_keeps_no_working_files(site, committed):
	created = create_call(storage.stage_path(speech.spoken_call().mono), read_details({}))
	committed("Call", created.call)
	frappe.db.set_value("Processing Run", {"recording": created.recording}, "status", "Failed")
	frappe.db.commit()
	folder = storage.work_folder(created.recording)
	folder.mkdir(parents=True, exist_ok=True)
	(folder / "speech.0.wav").write_bytes(bytes(1000))
	frappe.delete_doc("Call", created.call, delete_permanently=True)
	frappe.db.commit()
	assert not folder.exists()


# ------------------------------------------------------------------------------------------------ full disk


@contextmanager
def no_room_beyond(size: int, *pids: int):
	"""No file of these processes (by default this one) can grow beyond this number of bytes"""
	processes = [psutil.Process(pid) for pid in pids or (psutil.Process().pid,)]
	before = [process.rlimit(resource.RLIMIT_FSIZE) for process in processes]
	try:
		for process, (_soft, hard) in zip(processes, before, strict=True):
			process.rlimit(resource.RLIMIT_FSIZE, (size, hard))
		yield
	finally:
		for process, limits in zip(processes, before, strict=True):
			# a worker's job that waits for its next attempt inherits the limit
			for one in (process, *process.children()):
				one.rlimit(resource.RLIMIT_FSIZE, limits)


def test_a_chunk_that_finds_no_room_leaves_nothing_and_may_come_again(people, as_user):
	data = bytes(range(256)) * 1024
	with as_user(people["owner"]):
		token = storage.start_upload("call.wav", 2 * len(data))
		assert storage.append_to_upload(token, 0, data) == len(data)
		with no_room_beyond(len(data) + 1000), pytest.raises(storage.NoRoomError) as refused:
			storage.append_to_upload(token, len(data), data)
		assert "no disk space" in str(refused.value) and refused.value.http_status_code == 507
		assert storage.private_folder("uploads", token, "data").stat().st_size == len(data)
		assert storage.append_to_upload(token, len(data), data) == 2 * len(data)
		assert storage.finished_upload(token).path.read_bytes() == 2 * data


@pytest.mark.parametrize("room", [0, 300_000])
def test_a_file_in_one_piece_that_finds_no_room_leaves_nothing(people, as_user, tmp_path, room):
	path = tmp_path / "call.wav"
	path.write_bytes(bytes(MB))
	with as_user(people["owner"]):
		with no_room_beyond(room), pytest.raises(storage.NoRoomError):
			storage.stage_path(path)
		folder = storage.private_folder("uploads")
		assert not folder.exists() or not list(folder.iterdir())
		with no_room_beyond(0), pytest.raises(storage.NoRoomError):
			uploads.start("call.wav", 10)
		assert not list(folder.iterdir())


def test_an_upload_over_http_goes_on_once_there_is_room(people, web, bench, committed):
	data = speech.spoken_call().mono.read_bytes()
	step = 400_000
	client = web(people["owner"])
	frappe.db.commit()
	token = client.post(f"{API}uploads.start", json={"file_name": "call.wav", "size": len(data)}).json()[
		"message"
	]["upload"]

	def send(offset):
		return client.post(
			f"{API}uploads.append",
			data={"upload": token, "offset": offset},
			files={"chunk": data[offset : offset + step]},
		)

	assert send(0).json()["message"]["received"] == step
	master = psutil.Process(bench.pid("gunicorn"))
	with no_room_beyond(step + 1000, *(worker.pid for worker in master.children())):
		refused = send(step)
	assert refused.status_code == 507
	assert "no disk space" in refused.json()["_server_messages"]
	assert storage.private_folder("uploads", token, "data").stat().st_size == step
	for offset in range(step, len(data), step):
		send(offset).raise_for_status()
	created = client.post(f"{API}calls.create", data={"upload": token}).json()["message"]
	committed("Call", created["call"])
	frappe.db.rollback()
	file = frappe.db.get_value("Call Recording", created["recording"], "file")
	assert storage.path_of(file).read_bytes() == data


def test_a_stage_that_finds_no_room_is_tried_again(tmp_path, upload, finished, bench, eventually):
	path = speech.write_wav(tmp_path / "call.wav", speech.silence(200))
	with no_room_beyond(4 * MB, bench.pid("worker_transcription")):
		created = upload(path)

		def waits():
			frappe.db.rollback()
			run = frappe.get_last_doc("Processing Run", {"recording": created.recording})
			return run.error_code == "disk_full" and run

		run = eventually(waits, 60, "the run has found no room")
	assert "no disk space" in run.error
	assert not storage.work_folder(created.recording).exists()
	# it is due
	frappe.db.set_value("Processing Run", run.name, "next_attempt_at", utc_now())
	frappe.db.commit()
	assert finished(created.call)["status"] == "Ready"
	assert not storage.work_folder(created.recording).exists()
