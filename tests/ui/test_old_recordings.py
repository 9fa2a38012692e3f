"""Recordings prepared by older versions without the transcript's timeline, and files whose length a browser measures differently."""

import frappe
import pytest
from playwright.sync_api import expect

from call_intelligence.speech import jobs
from tests import factories
from tests.media.ladder import ffmpeg, ladder
from tests.ui.pages import PlayerPage

SECONDS = 30
LENGTH = "(media, seconds) => Math.abs(media.duration - seconds) < 0.2"


@pytest.fixture
def stored(contact, rep, committed):
	"""`stored(file, **values of the Call Recording)` -> (call, recording), as stored by an older version: the original, no copy"""

	def store(file, **values):
		call = factories.call(
			rep,
			associations=[("Contact", contact)],
			transcript=[("S1", 1, 5, "Good morning."), ("S2", 20, 25, "Goodbye.")],
			duration=SECONDS,
		)
		committed("Call", call)
		recording = frappe.db.get_value("Call Recording", {"call": call})
		factories.sound(recording, file, SECONDS)
		frappe.db.set_value("Call Recording", recording, values)
		frappe.db.commit()
		return call, recording

	return store


def kept(recording):
	frappe.db.rollback()
	fields = ["playback_file", "sound_file", "plain_timeline"]
	return frappe.db.get_value("Call Recording", recording, fields, as_dict=True)


def test_a_copy_is_made_when_somebody_listens(desk, rep, stored, tmp_path):
	"""Browsers estimate both the length of such an mp3 and the position of its seconds."""
	path = tmp_path / "call.mp3"
	ffmpeg("-i", ladder(tmp_path / "a.wav", SECONDS, rate=44100), "-q:a", "5", "-write_xing", "0", path)
	call, recording = stored(path, container="mp3", codec="mp3")

	player = PlayerPage(desk(rep)).open(call)
	player.until(LENGTH, SECONDS)

	assert kept(recording).playback_file
	player.start()
	player.until_after(0.5)


def test_the_original_is_played_on_where_it_keeps_the_time(desk, rep, stored, tmp_path):
	path = tmp_path / "call.m4a"
	ffmpeg("-i", ladder(tmp_path / "a.wav", SECONDS, rate=44100), "-movflags", "+faststart", path)
	call, recording = stored(path, container="mp4", codec="aac")

	PlayerPage(desk(rep)).open(call).until(LENGTH, SECONDS)

	assert dict(kept(recording)) == {"playback_file": None, "sound_file": None, "plain_timeline": 1}


def test_the_player_takes_the_copy_where_the_browser_finds_another_length(desk, rep, stored, tmp_path):
	data = bytearray(ladder(tmp_path / "call.wav", SECONDS).read_bytes())
	at = data.index(b"data") + 4
	data[at : at + 4] = (int.from_bytes(data[at : at + 4], "little") // 2).to_bytes(4, "little")
	(tmp_path / "call.wav").write_bytes(data)
	call, recording = stored(tmp_path / "call.wav", container="wav", codec="pcm_s16le", plain_timeline=1)

	player = PlayerPage(desk(rep)).open(call, "?t=20")
	player.until(LENGTH, SECONDS)

	assert player.read("currentSrc").endswith("&copy=1")
	assert player.seconds == pytest.approx(20, abs=0.1)
	assert kept(recording).playback_file


@pytest.fixture
def video(tmp_path):
	"""`video(*options)` -> a webm with a ladder and pictures, with these options of ffmpeg"""

	def make(*options):
		path = tmp_path / "call.webm"
		pictures = ("-f", "lavfi", "-i", f"testsrc=s=64x64:r=5:d={SECONDS}")
		sound = ladder(tmp_path / "a.wav", SECONDS, rate=44100)
		ffmpeg("-i", sound, *pictures, "-c:v", "libvpx", "-c:a", "libopus", *options, path)
		return path

	return make


def test_a_video_whose_times_differ_gets_a_copy_with_pictures(desk, rep, stored, video):
	"""Like the ones that browsers record, without a length and an index"""
	call, recording = stored(video("-live", "1"), container="webm", codec="opus", kind="Video")
	jobs.make_playback_copy(recording)

	player = PlayerPage(desk(rep)).open(call, "?t=20")
	player.until(LENGTH, SECONDS)

	assert player.read("videoWidth") == 64
	assert player.seconds == pytest.approx(20, abs=0.1)
	assert kept(recording).playback_file and not kept(recording).plain_timeline


@pytest.mark.parametrize("plain", [True, False], ids=["original", "copy"])
def test_a_browser_that_cannot_show_a_video_plays_its_sound(desk, rep, stored, video, plain):
	options = () if plain else ("-live", "1")
	call, recording = stored(
		video(*options), container="webm", codec="opus", kind="Video", plain_timeline=int(plain)
	)
	if not plain:
		jobs.make_playback_copy(recording)
	page = desk(rep)
	# like a browser that does not know the format
	page.route(
		lambda address: "media.stream" in address and "copy=1" not in address,
		lambda route: route.fulfill(content_type="video/webm", body="no video"),
	)

	player = PlayerPage(page).open(call, "?t=20")
	player.until(LENGTH, SECONDS)

	assert player.read("currentSrc").endswith("&copy=1")
	assert player.seconds == pytest.approx(20, abs=0.1)
	expect(player.error).to_have_count(0)
	expect(player.player.get_by_role("note")).to_contain_text("can't show this video")
	expect(player.player.get_by_role("link", name="Download recording")).to_be_visible()
	player.start()
	player.until_after(20.5)
	assert kept(recording).sound_file
	assert bool(kept(recording).playback_file) is not plain

	# other browsers continue with pictures
	player = PlayerPage(desk(rep)).open(call)
	player.until(LENGTH, SECONDS)
	assert player.read("videoWidth") == 64
