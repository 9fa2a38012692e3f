"""Section "bad input" on the site: a clear error or a Ready call with a warning, and the bytes are kept.

The engine's own tests cover every kind of file; these are accepted uploads, through the real queue.
"""

import frappe
import pytest

from call_intelligence import transcript
from call_intelligence.api import calls
from call_intelligence.core import storage
from call_intelligence.ingest.create import create_call
from call_intelligence.ingest.details import read_details
from tests import speech


@pytest.fixture
def outcome(site, committed, eventually):
	"""outcome(path) -> (status as returned by the API, the stored bytes, [utterance text])"""

	def process(path, name=None):
		created = create_call(storage.stage_path(path, name), read_details({}))
		committed("Call", created.call)
		frappe.db.commit()

		def finished():
			frappe.db.rollback()
			status = calls.status(created.call)
			return status if status["finished"] else None

		status = eventually(finished, 180, f"{created.call} finished")
		kept = storage.path_of(frappe.db.get_value("Call Recording", created.recording, "file")).read_bytes()
		return status, kept, [row[4] for row in transcript.segments(created.recording)]

	return process


def wav():
	return speech.spoken_call("premium_plan").mono


def truncated(tmp_path, source, share, name):
	data = source.read_bytes()
	path = tmp_path / name
	path.write_bytes(data[: int(len(data) * share)])
	return path


def header_only(tmp_path):
	path = tmp_path / "call.wav"
	path.write_bytes(wav().read_bytes()[:44])
	return path


def truncated_m4a(tmp_path):
	return truncated(tmp_path, speech.converted(wav(), "call.m4a"), 0.6, "call.m4a")


def silent_video(tmp_path):
	import subprocess

	path = tmp_path / "call.mp4"
	command = [
		"ffmpeg",
		"-v",
		"error",
		"-f",
		"lavfi",
		"-i",
		"color=size=64x64:duration=3",
		"-pix_fmt",
		"yuv420p",
		str(path),
	]
	subprocess.run(command, check=True)
	return path


@pytest.mark.parametrize(
	("make", "says"),
	[
		(header_only, "damaged"),
		(truncated_m4a, "damaged"),
		(silent_video, "no sound"),
	],
)
def test_what_cannot_be_read_fails_in_words(tmp_path, outcome, make, says):
	path = make(tmp_path)
	status, kept, said = outcome(path)
	assert status["status"] == "Failed"
	assert says in status["error"]
	assert kept == path.read_bytes()
	assert said == []


def test_what_will_not_pass_is_not_tried_again(tmp_path, outcome):
	status, _kept, _said = outcome(header_only(tmp_path))
	run = frappe.get_last_doc("Processing Run", {"call": status["call"]})
	assert (run.status, run.attempts, run.next_attempt_at) == ("Failed", 1, None)
	assert frappe.db.exists("Error Log", {"method": ["like", "%Call Intelligence: corrupt%"]})


def test_a_truncated_wav_is_ready_and_says_what_is_missing(tmp_path, outcome):
	path = truncated(tmp_path, wav(), 0.4, "call.wav")
	status, kept, said = outcome(path)
	assert status["status"] == "Ready"
	assert "could be decoded" in status["warning"]
	assert kept == path.read_bytes()
	assert "Northwind" in " ".join(said)


def test_half_an_ogg_is_ready_and_says_where_it_ends(tmp_path, outcome):
	path = truncated(tmp_path, speech.converted(wav(), "call.ogg"), 0.4, "call.ogg")
	status, kept, said = outcome(path)
	assert status["status"] == "Ready"
	assert "ends in the middle of the sound" in status["warning"]
	assert kept == path.read_bytes()
	assert "Northwind" in " ".join(said)


def test_a_recording_of_255_channels_fails_in_words(tmp_path, outcome):
	path = speech.write_wav(tmp_path / "call.wav", *[speech.silence(1)] * 255)
	status, _kept, _said = outcome(path)
	assert status["status"] == "Failed"
	assert "255 channels" in status["error"] and "mono or stereo" in status["error"]


def test_a_damaged_mp3_is_ready_and_says_what_is_missing(tmp_path, outcome):
	data = bytearray(speech.converted(wav(), "call.mp3").read_bytes())
	middle = len(data) // 3
	data[middle : middle + len(data) // 3] = bytes(len(data) // 3)
	path = tmp_path / "call.mp3"
	path.write_bytes(data)
	status, kept, said = outcome(path)
	assert status["status"] == "Ready"
	assert status["warning"]
	assert kept == bytes(data)
	assert said


def test_silence_has_no_words(tmp_path, outcome):
	path = speech.write_wav(tmp_path / "silence.wav", speech.silence(20))
	status, _kept, said = outcome(path)
	assert (status["status"], said) == ("Ready", [])
	assert "No speech" in status["warning"]


@pytest.mark.parametrize(
	"name", ["../../../etc/passwd.wav", "o'neil \"<img src=x onerror=alert(1)>.wav", "\u202eשיחה 📞.wav"]
)
def test_names_are_only_names(outcome, name):
	status, _kept, said = outcome(wav(), name)
	assert status["status"] == "Ready"
	assert said
