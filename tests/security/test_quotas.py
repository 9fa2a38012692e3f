"""Uploads cannot fill the disk: files and bytes per user are limited, and refused uploads leave nothing."""

import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from call_intelligence.api import uploads
from call_intelligence.core import quota, storage
from call_intelligence.ingest.create import create_call
from call_intelligence.ingest.details import read_details
from call_intelligence.jobs import sweep
from tests import speech

API = "/api/method/call_intelligence.api."
SETTINGS = "Call Intelligence Settings"


def staged() -> set[str]:
	folder = storage.private_folder("uploads")
	return {entry.name for entry in folder.iterdir()} if folder.exists() else set()


@pytest.fixture(autouse=True)
def no_uploads(site):
	shutil.rmtree(storage.private_folder("uploads"), ignore_errors=True)
	yield
	shutil.rmtree(storage.private_folder("uploads"), ignore_errors=True)


@pytest.fixture
def limit(site):
	"""limit(max_uploads=2): as set by an administrator; committed, so that requests see it"""

	def change(**values):
		for field, value in values.items():
			frappe.db.set_single_value(SETTINGS, field, value)
		frappe.db.commit()
		frappe.clear_document_cache(SETTINGS, SETTINGS)

	yield change
	frappe.db.rollback()
	# the defaults again
	frappe.db.delete("Singles", {"doctype": SETTINGS, "field": ["in", ("max_uploads", "max_uploads_mb")]})
	frappe.db.commit()
	frappe.clear_document_cache(SETTINGS, SETTINGS)


@pytest.fixture
def owner(people, web):
	frappe.db.commit()
	return web(people["owner"])


def start(client, size=10):
	return client.post(f"{API}uploads.start", json={"file_name": "call.wav", "size": size})


def words(answer) -> str:
	return answer.json()["_server_messages"]


def test_so_many_uploads_at_a_time(limit, owner):
	limit(max_uploads=3)
	assert [start(owner).status_code for _number in range(3)] == [200] * 3
	refused = start(owner)
	assert refused.status_code == 429
	assert "3 unfinished uploads" in words(refused) and "try again" in words(refused)
	assert len(staged()) == 3


def test_so_many_bytes_at_a_time(limit, owner):
	limit(max_uploads_mb=3)
	assert start(owner, 2 * quota.MB).status_code == 200
	refused = start(owner, 2 * quota.MB)
	assert refused.status_code == 429
	assert "3 MB" in words(refused)
	assert start(owner, quota.MB).status_code == 200


def test_a_file_in_one_piece_counts_as_well(limit, owner):
	limit(max_uploads_mb=1)
	answer = owner.post(f"{API}calls.create", files={"file": ("call.wav", bytes(2 * quota.MB))})
	assert answer.status_code == 429
	limit(max_uploads=1, max_uploads_mb=5)
	assert start(owner).status_code == 200
	assert owner.post(f"{API}calls.create", files={"file": ("call.wav", b"x")}).status_code == 429
	assert len(staged()) == 1


def test_uploads_of_others_do_not_count(limit, people, as_user):
	limit(max_uploads=1)
	for who in ("owner", "other seat"):
		with as_user(people[who]):
			uploads.start("call.wav", 10)
			with pytest.raises(quota.UploadsFullError):
				uploads.start("call.wav", 10)


def test_those_who_start_at_once_do_not_get_more(limit, people, web):
	limit(max_uploads=4)
	frappe.db.commit()
	clients = [web(people["owner"]) for _number in range(4)]
	begin = threading.Barrier(len(clients))

	def many(client):
		begin.wait()
		return [start(client).status_code for _number in range(5)]

	with ThreadPoolExecutor(len(clients)) as pool:
		answers = [status for found in pool.map(many, clients) for status in found]
	assert sorted(answers) == [200] * 4 + [429] * 16
	assert len(staged()) == 4


def test_what_stands_still_makes_room(limit, people, as_user):
	limit(max_uploads=2)
	with as_user(people["owner"]):
		first, second = (uploads.start("call.wav", 10)["upload"] for _number in range(2))
		touch(first, quota.IDLE_MINUTES * 60 + 1)
		third = uploads.start("call.wav", 10)["upload"]
	assert staged() == {second, third}


def test_what_nobody_continues_is_gone_after_a_day(people, as_user):
	with as_user(people["owner"]):
		old, new = (uploads.start("call.wav", 10)["upload"] for _number in range(2))
		touch(old, quota.KEPT_HOURS * 3600 + 1)
		touch(new, quota.KEPT_HOURS * 3600 - 60)
	assert quota.KEPT_HOURS <= 24
	sweep.remove_uploads()
	assert staged() == {new}
	hourly = [
		entry for entry in frappe.get_hooks("scheduler_events")["hourly"] if "call_intelligence" in entry
	]
	assert "call_intelligence.jobs.sweep.remove_uploads" in hourly


def touch(token: str, seconds: float) -> None:
	"""Simulates that the last chunk arrived this long ago"""
	then = time.time() - seconds
	os.utime(storage.private_folder("uploads", token, "data"), (then, then))


@pytest.mark.parametrize("content", [b"", b"Dear Sir or Madam. " * 300_000, b"#EXTM3U\nfile:///etc/passwd\n"])
@pytest.mark.parametrize("way", ["one piece", "chunks", "a file of the site"])
def test_nothing_stays_of_a_file_that_is_refused(owner, content, way, committed):
	size = max(len(content), 1)
	for _number in range(5):
		if way == "one piece":
			answer = owner.post(f"{API}calls.create", files={"file": ("call.mp3", content)})
		elif way == "chunks":
			token = start(owner, size).json()["message"]["upload"]
			for offset in range(0, size, storage.CHUNK_BYTES):
				chunk = (content or b"x")[offset : offset + storage.CHUNK_BYTES]
				data = {"upload": token, "offset": offset}
				owner.post(f"{API}uploads.append", data=data, files={"chunk": chunk}).raise_for_status()
			answer = owner.post(f"{API}calls.create", data={"upload": token})
		else:
			file = owner.post(
				"/api/method/upload_file",
				data={"is_private": 1},
				files={"file": ("call.txt", content or b"x")},
			)
			committed("File", file.json()["message"]["name"])
			answer = owner.post(f"{API}calls.create", data={"file_url": file.json()["message"]["file_url"]})
		assert answer.status_code == 417
	assert staged() == set()


@pytest.mark.parametrize(
	"details",
	[
		{"direction": "Sideways"}, {"start_time": "9999-99-99"}, {"associations": '[{"doctype": "Contact", "name": "nobody"}]'},
		{"call_owner": "nobody@example.com"},
	],
)  # fmt: skip
def test_nothing_stays_of_a_request_that_is_refused(owner, details):
	data = speech.spoken_call().mono.read_bytes()
	answer = owner.post(f"{API}calls.create", data=details, files={"file": ("call.wav", data)})
	assert answer.status_code in (403, 417)
	assert staged() == set()


def test_duplicates_at_once_leave_nothing(people, web, committed):
	"""The same recording from several machines of a telephone system, as a whole and in chunks"""
	data = speech.spoken_call().mono.read_bytes()
	frappe.db.commit()
	clients = [web(people["owner"]) for _number in range(4)]
	begin = threading.Barrier(len(clients))
	known = {"source": "PBX", "external_id": frappe.generate_hash(length=12)}

	def send(number):
		client = clients[number]
		begin.wait()
		answers = []
		for turn in range(4):
			if (number + turn) % 2:
				token = start(client, len(data)).json()["message"]["upload"]
				client.post(
					f"{API}uploads.append", data={"upload": token, "offset": 0}, files={"chunk": data}
				).raise_for_status()
				answers.append(client.post(f"{API}calls.create", data={**known, "upload": token}))
			else:
				answers.append(
					client.post(f"{API}calls.create", data=known, files={"file": ("call.wav", data)})
				)
		return answers

	with ThreadPoolExecutor(len(clients)) as pool:
		answers = [answer for found in pool.map(send, range(len(clients))) for answer in found]
	calls = {answer.json()["message"]["call"] for answer in answers if answer.status_code == 200}
	frappe.db.rollback()
	for call in calls:
		committed("Call", call)
	assert {answer.status_code for answer in answers} <= {200, 409}
	assert len(calls) == 1
	# a chunked upload that was answered with 409 may be continued
	late = sum(answer.status_code == 409 for answer in answers)
	assert len(staged()) <= late


def test_settings_let_everybody_upload_one_file(site):
	settings = frappe.get_doc(SETTINGS)
	assert settings.max_uploads and settings.max_uploads_mb >= settings.max_file_size_mb
	for values in ({"max_uploads": 0}, {"max_uploads_mb": 1, "max_file_size_mb": 2}):
		settings = frappe.get_doc(SETTINGS).update(values)
		with pytest.raises(frappe.ValidationError, match="at least one file"):
			settings.save()


def test_a_command_and_a_job_have_the_same_limits(limit, site, tmp_path):
	"""All sources of staged files have the same limits"""
	limit(max_uploads_mb=1)
	path = tmp_path / "call.wav"
	path.write_bytes(bytes(2 * quota.MB))
	with pytest.raises(quota.UploadsFullError):
		storage.stage_path(path)
	assert staged() == set()


def test_a_recording_that_was_refused_is_removed_at_once(people, as_user, tmp_path):
	path = tmp_path / "call.wav"
	path.write_bytes(b"no recording")
	with as_user(people["owner"]):
		file = storage.stage_path(path)
		with pytest.raises(frappe.ValidationError):
			create_call(file, read_details({}))
	assert staged() == set() and path.exists()
