"""Playing a call: controls, timeline, saved state, and error messages."""

import re
import shutil
import subprocess
from pathlib import Path

import frappe
import pytest
from playwright.sync_api import expect

from call_intelligence import transcript
from call_intelligence.core import storage
from call_intelligence.insights import analysis
from tests import factories, speech
from tests.ui.conftest import PHONE, PROCESSED
from tests.ui.pages import PlayerPage, RecordPage


@pytest.fixture
def player(desk, rep, reviewable):
	return PlayerPage(desk(rep)).open(reviewable)


@pytest.fixture
def heard_by(contact, rep, committed, spoken, tmp_path):
	"""heard_by([(speaker, start, end, text)]) -> name of a call with the sound of the spoken one"""

	def make(transcript, file=None, kind="Audio"):
		call = factories.call(
			rep, associations=[("Contact", contact)], transcript=transcript, duration=spoken.duration
		)
		committed("Call", call)
		recording = frappe.db.get_value("Call Recording", {"call": call})
		file = file or shutil.copy(spoken.stereo, tmp_path / "call.wav")
		factories.sound(recording, Path(file), spoken.duration, kind)
		frappe.db.commit()
		return call

	return make


def as_transcript(spoken):
	keys = {"owner": "S1", "customer": "S2"}
	return [(keys[turn.speaker], turn.start, turn.end, turn.text) for turn in spoken.turns]


# ---- controls


def test_steps_of_fifteen_seconds(player):
	player.skip("Forward 15 seconds")
	player.skip("Forward 15 seconds")
	player.skip("Back 15 seconds")

	assert player.seconds == pytest.approx(15, abs=0.1)
	expect(player.time).to_have_value("0:15")


@pytest.mark.parametrize("speed", ["0.5", "3"])
def test_another_speed_keeps_the_pitch(player, speed):
	player.speed.select_option(speed)
	player.start()

	assert player.read("playbackRate") == float(speed)
	assert player.read("preservesPitch")


def test_volume_and_silence(player):
	player.volume.fill("0.4")
	assert player.read("volume") == pytest.approx(0.4)
	player.button("Sound off").click()
	assert player.read("muted")
	player.button("Sound on").click()
	assert not player.read("muted")
	assert player.read("volume") == pytest.approx(0.4)
	player.button("Sound off").click()
	# moving the slider unmutes
	player.volume.fill("0.6")
	assert not player.read("muted")


@pytest.mark.parametrize(("typed", "seconds"), [("0:23", 23), ("41", 41), ("0:00:12", 12), (" 7.5 ", 7.5)])
def test_a_typed_time_is_gone_to(player, typed, seconds):
	player.time.fill(typed)
	player.time.press("Enter")

	assert player.seconds == pytest.approx(seconds, abs=0.1)
	expect(player.time).not_to_be_focused()


@pytest.mark.parametrize(
	("typed", "words"),
	[("soon", "Write a time"), ("0:75", "Write a time"), ("-3", "Write a time"), ("9:00", "ends at 0:50")],
)
def test_what_is_no_time_is_said_and_changes_nothing(player, typed, words):
	player.time.fill(typed)
	player.time.press("Enter")

	expect(player.error).to_contain_text(words)
	expect(player.time).to_be_focused()
	assert player.seconds == 0
	player.time.press("Escape")
	expect(player.error).to_have_count(0)
	expect(player.time).to_have_value("0:00")


def test_silence_is_skipped_when_wanted(desk, rep, heard_by):
	call = heard_by([("S1", 0, 2, "Hello."), ("S1", 1.5, 2.5, "Hello again."), ("S2", 20, 50, "Here I am.")])
	player = PlayerPage(desk(rep)).open(call)
	player.button("Skip silence").click()
	player.time.fill("1")
	player.time.press("Enter")
	player.start()
	player.until_after(19.7)
	player.stop()

	unheard = [end for start, end in player.heard if start < 3]
	# speech plays to its end, with a short pause after it
	assert unheard and 2.7 <= max(unheard) < 5
	assert all(not 5 < start < 19.6 for start, _end in player.heard)


def test_silence_is_heard_otherwise(desk, rep, heard_by):
	player = PlayerPage(desk(rep)).open(heard_by([("S1", 0, 1, "Hello."), ("S2", 20, 50, "Here I am.")]))
	player.speed.select_option("3")
	player.start()
	player.until_after(4)
	player.stop()

	assert len(player.heard) == 1


def test_a_passage_is_repeated_until_somebody_stops_it(desk, rep, reviewable):
	player = PlayerPage(desk(rep)).open(reviewable, "?clip=10-11.5")
	expect(player.player.get_by_role("status")).to_contain_text("Repeating 0:10 to 0:11")
	player.count_jumps()
	player.start()
	player.until_jumped(2)

	assert all(start >= 9.9 and end < 12.5 for start, end in player.heard)
	player.button("Stop repeating").click()
	player.until_after(12.5)
	player.stop()


def test_a_jump_elsewhere_ends_the_repeating(desk, rep, reviewable):
	player = PlayerPage(desk(rep)).open(reviewable, "?clip=10-11.5")
	player.button("Forward 15 seconds").click()

	expect(player.player.get_by_role("status")).to_have_count(0)
	assert player.seconds == pytest.approx(25, abs=0.1)


# ---- saved state


def test_speed_volume_and_place_follow_the_user_to_another_device(desk, rep, reviewable):
	player = PlayerPage(desk(rep)).open(reviewable)
	player.speed.select_option("1.5")
	player.volume.fill("0.3")
	player.time.fill("20")
	player.time.press("Enter")
	player.start()
	player.until_after(21)
	player.save_preferences(player.stop)
	place = player.seconds

	other = PlayerPage(desk(rep, viewport=PHONE, has_touch=True)).open(reviewable)

	expect(other.speed).to_have_value("1.5")
	other.until("media => media.playbackRate === 1.5 && Math.abs(media.volume - 0.3) < 0.01")
	assert other.seconds == pytest.approx(place, abs=0.2)
	other.wait_for_current_in_list()
	assert other.read("paused")


def test_a_page_that_has_been_open_for_long_asks_again(desk, rep, reviewable, heard_by):
	player = PlayerPage(desk(rep)).open(reviewable)
	elsewhere = PlayerPage(desk(rep)).open(reviewable)
	elsewhere.save_preferences(lambda: elsewhere.speed.select_option("2.5"))
	another = heard_by([("S1", 0, 2, "Hello.")])
	player.page.evaluate("frappe.model.user_settings.Call.updated_on = new Date(0).toString()")
	player.page.evaluate("name => frappe.set_route('Form', 'Call', name)", another)

	expect(player.speed).to_have_value("2.5")


def test_a_link_to_a_moment_wins_over_the_place(desk, rep, reviewable):
	player = PlayerPage(desk(rep)).open(reviewable, "?t=30")
	player.start()
	player.until_after(30.5)
	player.save_preferences(player.stop)

	again = PlayerPage(desk(rep)).open(reviewable, "?t=0")
	assert again.seconds == 0
	again = PlayerPage(desk(rep)).open(reviewable)
	assert again.seconds == pytest.approx(player.seconds, abs=0.2)


def test_a_call_heard_to_its_end_begins_anew(desk, rep, reviewable, spoken):
	player = PlayerPage(desk(rep)).open(reviewable, f"?t={int(spoken.duration) - 8}")
	player.start()
	player.save_preferences(player.stop)
	# saved separately, or it would be mistaken for the save at the end
	player.save_preferences(lambda: player.speed.select_option("3"))
	player.save_preferences(lambda: (player.start(), player.until("media => media.ended")))

	assert PlayerPage(desk(rep)).open(reviewable).seconds == 0


def test_the_settings_of_the_list_stay(desk, rep, reviewable):
	page = desk(rep, path="/app/call/view/list")
	# the list saves its initial state before showing rows; of two concurrent saves the later may be written first
	page.locator(".list-row").first.wait_for()
	page.wait_for_function("$.active === 0")
	page.evaluate("frappe.model.user_settings.save('Call', 'List', {sort_by: 'title', sort_order: 'asc'})")
	player = PlayerPage(page).open(reviewable)
	player.save_preferences(lambda: player.speed.select_option("2"))

	kept = page.evaluate("frappe.model.user_settings.get('Call')")
	assert kept["List"]["sort_by"] == "title"
	assert kept["Review"]["rate"] == 2
	# and the list, which saves all that it knows, does not restore old values
	page.evaluate("frappe.model.user_settings.save('Call', 'List', {sort_by: 'creation'})")
	assert page.evaluate("frappe.model.user_settings.get('Call')")["Review"]["rate"] == 2


# ---- timeline


def test_the_waveform_is_drawn_from_the_servers_peaks(desk, rep, reviewable):
	page = desk(rep)
	fetched = []
	page.on("request", lambda request: fetched.append(request) if "media.stream" in request.url else None)
	player = PlayerPage(page).open(reviewable)

	expect(player.utterances.first).to_be_visible()
	page.wait_for_function("document.querySelector('.ci-waveform-canvas').children.length")

	assert player.waveform_bars > 1000
	# only the media element requests the sound; decoding would fetch the whole file
	assert {request.resource_type for request in fetched} == {"media"}


def test_lanes_say_who_talks_when_and_how_much(desk, rep, reviewable, spoken):
	analysis.store(reviewable, transcript.recording_of(reviewable))
	frappe.db.commit()
	player = PlayerPage(desk(rep)).open(reviewable)
	said = {
		who: sum(turn.end - turn.start for turn in spoken.turns if turn.speaker == who)
		for who in ("owner", "customer")
	}
	share = round(100 * said["owner"] / sum(said.values()))
	expect(player.lanes).to_have_count(2)
	expect(player.lanes.first).to_contain_text(re.compile(rf"Daniel Owner\s*{share} %"))
	turn = next(turn for turn in spoken.turns if turn.speaker == "customer")
	middle = (turn.start + turn.end) / 2

	lane = player.lane("Sarah Miller")
	lane.hover(position=player.point_at(lane, middle / spoken.duration))
	expect(player.hover).to_contain_text("Sarah Miller")
	expect(player.hover).to_contain_text(f"0:{int(middle):02}")
	lane.click(position=player.point_at(lane, middle / spoken.duration))
	assert player.seconds == pytest.approx(middle, abs=0.5)
	player.button("One lane per speaker").click()
	expect(player.lanes).to_have_count(0)


def test_a_click_on_the_waveform_is_heard_there(player, spoken):
	player.page.wait_for_function("document.querySelector('.ci-waveform-canvas').children.length")
	player.stage.click(position=player.point_at(player.stage, 0.5))
	player.until_after(1)

	assert player.seconds == pytest.approx(spoken.duration / 2, abs=0.5)


def test_many_speakers_have_lanes_that_scroll(desk, rep, heard_by):
	call = heard_by([(f"S{i + 1}", i * 4, i * 4 + 3, "Here I am.") for i in range(11)])
	player = PlayerPage(desk(rep)).open(call)

	expect(player.lanes).to_have_count(11)
	tracks = player.player.get_by_role("list", name="Speakers")
	assert tracks.bounding_box()["height"] < 160
	tracks.focus()
	player.press("End")
	expect(player.lanes.last).to_be_in_viewport()


def test_zooming_shows_a_part_and_follows_the_playhead(player, spoken):
	expect(player.visible_part).to_have_count(0)
	player.button("Zoom into the call").click()
	player.button("Zoom into the call").click()

	expect(player.visible_part).to_have_attribute("aria-valuetext", "0:00 – 0:12")
	player.stage.click(position=player.point_at(player.stage, 0.9))
	part = spoken.duration / 4
	player.until_after(1)
	assert player.seconds == pytest.approx(0.9 * part, abs=0.3)
	# the playhead leaves on the right, and the page is turned
	player.start()
	expect(player.visible_part).not_to_have_attribute("aria-valuetext", "0:00 – 0:12")
	assert player.root.locator(".ci-timeline-stage .ci-playhead").is_visible()
	# after the user has scrolled, the view stays
	player.visible_part.press("End")
	expect(player.visible_part).to_have_attribute("aria-valuetext", re.compile("– 0:50"))
	player.stop()
	player.button("Show more of the call").click()
	player.button("Show more of the call").click()
	expect(player.visible_part).to_have_count(0)


def test_the_wheel_zooms_where_the_mouse_is(player, spoken):
	player.page.wait_for_function("document.querySelector('.ci-waveform-canvas').children.length")
	lane = player.lane("Sarah Miller")
	lane.hover(position=player.point_at(lane, 0.75))
	before = player.hover.inner_text()
	player.page.keyboard.down("Control")
	player.page.mouse.wheel(0, -300)
	player.page.keyboard.up("Control")
	expect(player.visible_part).to_be_visible()
	lane.hover(position=player.point_at(lane, 0.75))

	assert player.hover.inner_text() == before
	# and the waveform shows the same part as the lanes
	start = float(player.visible_part.input_value())
	scrolled = player.root.locator(".ci-waveform-canvas").evaluate(
		"host => { const s = host.firstElementChild.shadowRoot.querySelector('.scroll'); return s.scrollLeft / s.scrollWidth; }"
	)
	assert scrolled * spoken.duration == pytest.approx(start, abs=0.3)


def test_hits_of_a_search_are_marked_and_led_to(player, spoken):
	player.search.fill("premium")
	expect(player.hit_count).to_have_text("1 of 2")

	assert player.marks("hit") == 2
	track = player.root.locator(".ci-markers")
	second = [turn for turn in spoken.turns if "premium" in turn.text][1]
	word = player.word("premium").locator("xpath=ancestor::*[@data-index]").first
	assert word.is_visible()
	track.hover(position=player.point_at(track, 0.01))
	time = float(player.root.locator(".ci-marker-hit path").get_attribute("d").split("M")[2].split(" ")[0])
	assert second.start < time < second.end
	track.click(position=player.point_at(track, time / spoken.duration))
	expect(player.hit_count).to_have_text("2 of 2")


def test_comments_are_marked_and_lead_to_their_moment(desk, rep, reviewable):
	for at, words in ((8, "Ask about the year"), (9, "And about this"), (30, "The price was too high")):
		factories.comment(reviewable, rep, f"<p>{words}</p>", timed=1, at_seconds=at)
	frappe.db.commit()
	player = PlayerPage(desk(rep)).open(reviewable)

	# two that would overlap are merged
	expect(player.button("2 comments from 0:08")).to_be_visible()
	player.button("Zoom into the call").click()
	player.button("Zoom into the call").click()
	expect(player.player.get_by_role("button", name="Comment at")).to_have_count(2)
	player.button("Show more of the call").click()
	player.button("Show more of the call").click()
	player.button("Comment at 0:30: Rita Rep: The price was too high").press("Enter")
	expect(player.position).to_have_attribute("aria-valuetext", "0:30")
	assert player.seconds == pytest.approx(30, abs=0.1)


# ---- errors


def test_a_lost_connection_is_said_and_playing_goes_on_where_it_was(desk, rep, reviewable):
	page = desk(rep)
	page.route("**/*media.stream*", lambda route: route.abort("connectionreset"))
	player = PlayerPage(page)
	player.page.goto(f"/app/call/{reviewable}?t=20")

	expect(player.error).to_contain_text("The connection was lost")
	page.unroute("**/*media.stream*")
	player.note_places()
	player.button("Try again").click()

	expect(player.error).to_have_count(0)
	player.until_after(20.2)
	player.stop()
	assert min(player.places) >= 20


def test_a_missing_file_is_said(desk, rep, reviewable):
	recording = frappe.db.get_value("Call Recording", {"call": reviewable}, "file")
	storage.path_of(recording).unlink()
	player = PlayerPage(desk(rep)).open(reviewable)

	expect(player.error).to_contain_text("missing on the server")
	expect(player.utterances.first).to_be_visible()


def test_a_foreign_format_is_said_and_can_be_downloaded(desk, rep, heard_by, tmp_path):
	file = tmp_path / "call.wma"
	file.write_bytes(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(4000))
	player = PlayerPage(desk(rep)).open(heard_by([("S1", 0, 2, "Hello.")], file))

	expect(player.error).to_contain_text("This browser cannot play this format (audio/x-ms-wma)")
	expect(player.error.get_by_role("link", name="Download recording")).to_be_visible()


@pytest.fixture
def without_copy(heard_by, spoken, tmp_path):
	"""Name of a call whose original browsers don't play, and whose playback copy is missing, as after a restored backup"""
	original = speech.converted(spoken.mono, "call.wma")
	call = heard_by(as_transcript(spoken), Path(shutil.copy(original, tmp_path / "call.wma")))
	recording = frappe.db.get_value("Call Recording", {"call": call})
	copy = Path(shutil.copy(spoken.mono, tmp_path / "copy.wav"))
	file = storage.adopt(copy, extension="wav", recording=recording, field="playback_file")
	frappe.db.set_value("Call Recording", recording, "playback_file", file)
	frappe.db.commit()
	storage.path_of(file).unlink()
	return call


def test_a_missing_copy_is_made_again_and_appears_by_itself(desk, rep, without_copy):
	player = PlayerPage(desk(rep)).open(without_copy)
	expect(player.error).to_contain_text("being prepared")
	expect(player.error).to_have_count(0, timeout=PROCESSED)
	player.start()


def test_the_timeline_says_that_a_missing_copy_is_made_again(desk, rep, contact, without_copy):
	card = RecordPage(desk(rep), "Contact", contact).open().cards.first
	play = card.get_by_role("button", name="Play", exact=True)
	play.click()
	expect(card.page.get_by_text("The sound is being prepared")).to_be_visible()
	# and can be clicked again
	expect(play).to_be_visible()


def test_a_call_that_may_no_longer_be_heard_is_said(desk, rep, reviewable):
	page = desk(rep)
	player = PlayerPage(page).open(reviewable)
	# logged out in another tab; what was loaded stays on the screen
	page.evaluate(
		"fetch('/api/method/logout', {method: 'POST', headers: {'X-Frappe-CSRF-Token': frappe.csrf_token}})"
	)
	page.wait_for_function("!document.cookie.includes('user_id=ui')")
	# buffered sound would still play
	player.media.evaluate("media => { media.src += '&again=1'; }")

	expect(player.error).to_contain_text("logged out")


# ---- video


@pytest.fixture
def video(heard_by, spoken, tmp_path):
	file = tmp_path / "call.webm"
	command = [
		"ffmpeg",
		"-v",
		"error",
		"-f",
		"lavfi",
		"-i",
		"testsrc=size=320x180:rate=10",
		"-i",
		"SOUND",
		"-shortest",
		"-c:v",
		"libvpx",
		"-deadline",
		"realtime",
		"-cpu-used",
		"8",
		"-b:v",
		"150k",
		"-c:a",
		"libopus",
	]
	command[command.index("SOUND")] = str(spoken.stereo)
	subprocess.run([*command, str(file)], check=True)
	return heard_by(as_transcript(spoken), file, "Video")


def test_a_video_is_seen_above_the_tracks_and_heard_when_hidden(desk, rep, video):
	player = PlayerPage(desk(rep)).open(video)

	assert player.read("videoWidth") == 320
	assert player.media.bounding_box()["y"] < player.stage.bounding_box()["y"]
	player.media.click()
	player.until_after(0.3)
	player.button("Hide the video").click()
	expect(player.media).to_be_hidden()
	player.until_after(player.seconds + 0.5)
	assert not player.read("paused")
	player.button("Show the video").click()
	expect(player.media).to_be_visible()
	player.stop()


def test_a_video_can_stand_in_a_window_of_its_own(desk, rep, video):
	player = PlayerPage(desk(rep)).open(video)
	if not player.page.evaluate("document.pictureInPictureEnabled"):
		pytest.skip("this browser has no picture-in-picture")
	player.start()
	player.button("Video in a window of its own").click()

	expect(player.button("Video in a window of its own")).to_have_attribute("aria-pressed", "true")
	player.button("Video in a window of its own").click()
	expect(player.button("Video in a window of its own")).to_have_attribute("aria-pressed", "false")


# ---- phone


def test_a_phone_has_the_player_at_its_bottom(desk, rep, reviewable):
	player = PlayerPage(desk(rep, viewport=PHONE, has_touch=True)).open(reviewable)

	box = player.player.bounding_box()
	assert box["y"] + box["height"] == pytest.approx(PHONE[1] - 8, abs=2)
	assert box["height"] < PHONE[1] / 4
	expect(player.button("Skip silence")).to_be_hidden()
	player.button("More controls").tap()
	player.button("Skip silence").tap()
	expect(player.button("Skip silence")).to_have_attribute("aria-pressed", "true")
	for control in player.player.get_by_role("button").all():
		if control.is_visible():
			where = control.bounding_box()
			assert box["x"] <= where["x"] and where["x"] + where["width"] <= box["x"] + box["width"]
	# at the end of the page it scrolls up with its panel and covers nothing
	player.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
	panel = player.root.locator(".ci-main").bounding_box()
	assert player.player.bounding_box()["y"] >= panel["y"] + panel["height"]
