"""Playback of recordings that an older version has stored without a copy."""

import os

import frappe
import pytest

from call_intelligence.core import storage
from call_intelligence.jobs import sweep
from call_intelligence.speech import playback, playback_requests
from tests import factories

STREAM = "/api/method/call_intelligence.api.media.stream"


@pytest.fixture
def stored(people, committed, tmp_path):
	"""`stored(bytes, **values)` -> name of a committed Call Recording of people["owner"] without a copy"""

	def store(data, suffix, kind="Audio", **values):
		call = factories.call(people["owner"])
		name = frappe.db.get_value("Call Recording", {"call": call})
		(tmp_path / f"call.{suffix}").write_bytes(data)
		factories.sound(name, tmp_path / f"call.{suffix}", 10, kind)
		frappe.db.set_value("Call Recording", name, values)
		committed("Call", call)
		frappe.db.commit()
		return name

	return store


def test_the_original_is_better_than_nothing(stored, web, people, eventually):
	"""Where no copy can be made"""
	name = stored(b"ID3 and nothing else", "mp3", container="mp3", codec="mp3")
	session = web(people["owner"])

	first = session.get(STREAM, params={"recording": name})
	assert (first.status_code, first.headers["Retry-After"]) == (503, "60")
	found = eventually(lambda: (answer := session.get(STREAM, params={"recording": name})).ok and answer, 60)
	assert found.content == b"ID3 and nothing else"
	assert session.get(STREAM, params={"recording": name, "copy": 1}).content == found.content


@pytest.mark.parametrize(
	("suffix", "kind", "values"),
	[
		("wav", "Audio", {"container": "wav"}),
		("m4a", "Audio", {"container": "mp4", "plain_timeline": 1}),
		("mp4", "Video", {"container": "mp4"}),
		("mp3", "Audio", {}),
	],
)
def test_what_keeps_the_time_is_played_at_once(stored, web, people, suffix, kind, values):
	name = stored(b"sound", suffix, kind, **values)
	assert web(people["owner"]).get(STREAM, params={"recording": name}).content == b"sound"


def test_the_upload_can_be_had_in_the_meantime(stored, web, people):
	name = stored(b"sound", "mp3", container="mp3")
	answer = web(people["owner"]).get(STREAM, params={"recording": name, "original": 1})
	assert answer.content == b"sound"


def test_nothing_is_copied_of_a_recording_that_is_not_prepared_yet(stored, web, people):
	"""Its length is unknown, so a copy would end too early; and preparing will make one."""
	name = stored(b"sound", "mp3", container="", duration=0)
	answer = web(people["owner"]).get(STREAM, params={"recording": name, "copy": 1})
	assert (answer.status_code, answer.content) == (200, b"sound")
	assert not playback.may_be_made(name)


def test_a_copy_that_could_not_be_stored_is_not_tried_again_at_once(stored):
	name = stored(b"sound", "mp3", container="mp3")

	def no_room(recording, folder):
		raise OSError("no room")

	with pytest.raises(OSError, match="no room"):
		playback.make(name, no_room)
	assert playback_requests.has_failed(name)


def test_one_person_has_so_many_copies_made_in_an_hour(people, as_user):
	frappe.cache.delete_value(f"{playback_requests.ASKED}|{people['owner']}")
	with as_user(people["owner"]):
		asked = [
			playback_requests.may_ask(f"recording-{number}")
			for number in range(playback_requests.COPIES_AN_HOUR + 5)
		]
		assert asked.count(True) == playback_requests.COPIES_AN_HOUR
		assert playback_requests.may_ask("recording-0")
		frappe.cache.delete_value(f"{playback_requests.ASKED}|{people['owner']}")


def test_the_sound_of_a_video_goes_with_its_recording(stored):
	name = stored(b"pictures", "webm", "Video", container="webm")
	call = frappe.db.get_value("Call Recording", name, "call")

	def maker(recording, folder):
		(folder / "part.m4a").write_bytes(b"sound")
		return folder / "part.m4a"

	playback.make(name, maker, "sound_file")
	row = frappe.db.get_value("Call Recording", name, ["playback_file", "sound_file"], as_dict=True)
	path = storage.path_of(row.sound_file)
	assert (row.playback_file, path.read_bytes()) == (None, b"sound")
	frappe.delete_doc("Call", call)
	frappe.db.commit()
	assert not path.exists() and not frappe.db.exists("File", row.sound_file)


def test_a_copy_that_is_being_made_is_no_leftover(stored):
	name = stored(b"sound", "mp3", container="mp3")
	folder = storage.work_folder(f"{playback.COPYING}{name}")
	folder.mkdir(parents=True)
	sweep.remove_leftovers()
	assert folder.exists()
	os.utime(folder, (0, 0))
	sweep.remove_leftovers()
	assert not folder.exists()
