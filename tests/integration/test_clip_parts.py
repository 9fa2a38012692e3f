"""Clips of only a part: contents, sound, and page. Nothing next to the part may get out."""

import array
import json
import math
import os
import shutil
import subprocess
import time
from pathlib import Path

import frappe
import psutil
import pytest
from frappe.utils import add_to_date

from call_intelligence.api import clips
from call_intelligence.clips import cutting, ending, parts, sound
from call_intelligence.jobs import sweep
from tests import factories, speech

SECONDS = 8
WORDS = ["apricot", "beetroot", "cucumber", "dandelion", "eggplant", "fennel", "garlic", "horseradish"]
# each second has its own word and tone; two alternating voices, two seconds each
TRANSCRIPT = [
	(f"S{number // 2 % 2 + 1}", number, number + 2, f"{WORDS[number]} {WORDS[number + 1]}")
	for number in range(0, SECONDS, 2)
]


def hertz_of(second: int) -> int:
	return 400 + 300 * second


def tone(second: int) -> array.array:
	return array.array(
		"h",
		[int(8000 * math.sin(2 * math.pi * hertz_of(second) * i / speech.RATE)) for i in range(speech.RATE)],
	)


@pytest.fixture(scope="module")
def tones(tmp_path_factory):
	samples = array.array("h")
	for second in range(SECONDS):
		samples += tone(second)
	return speech.write_wav(tmp_path_factory.mktemp("sound") / "tones.wav", samples)


@pytest.fixture
def call(people, committed, tones, tmp_path):
	"""A committed call whose seconds all differ in sound and words"""
	name = factories.call(
		people["owner"],
		title="Premium plan",
		transcript=TRANSCRIPT,
		participants=[{"display_name": "Somebody who is not heard"}],
	)
	for key, who in (("S1", "Daniel Owner"), ("S2", "Sarah Miller")):
		frappe.db.set_value("Call Participant", {"parent": name, "speaker_key": key}, "display_name", who)
	recording = frappe.db.get_value("Call Recording", {"call": name})
	factories.sound(recording, Path(shutil.copy(tones, tmp_path / "call.wav")), SECONDS)
	committed("Call", name)
	frappe.db.commit()
	return name


@pytest.fixture
def new_clip(call, people, committed):
	"""`new_clip(3, 5)` -> the name of a committed clip whose sound is not queued"""

	def make(start, end, **values):
		values = {"only_this_part": 1, "media_state": "Preparing", **values}
		name = factories.clip(call, people["owner"], [people["stranger"]], start=start, end=end, **values)
		frappe.db.commit()
		return name

	return make


def content(clip: str, internal: bool = True) -> dict:
	return parts.content(frappe.get_doc("Call Clip", clip), internal)


def state(clip: str):
	frappe.db.rollback()
	return frappe.db.get_value("Call Clip", clip, ["media_state", "media_error"])


def played(path: Path) -> array.array:
	done = subprocess.run(
		[
			*("ffmpeg", "-nostdin", "-v", "error", "-i", str(path)),
			*("-ac", "1", "-ar", str(speech.RATE), "-f", "s16le", "-"),
		],
		check=True,
		capture_output=True,
	)
	return array.array("h", done.stdout)


def strength(samples, hertz: int) -> float:
	factor, before, last = 2 * math.cos(2 * math.pi * hertz / speech.RATE), 0.0, 0.0
	for sample in samples:
		before, last = last, sample + factor * last - before
	return 2 * math.sqrt(max(before * before + last * last - factor * before * last, 0.0)) / len(samples)


def seconds_in(path: Path) -> list[int]:
	samples = played(path)
	return [second for second in range(SECONDS) if strength(samples, hertz_of(second)) > 100]


# ------------------------------------------------------------------------------------------------ contents


def test_words_of_the_part_and_no_others(new_clip):
	shown = content(new_clip(3, 6))
	assert [row[4] for row in shown["segments"]] == ["dandelion", "eggplant fennel"]
	assert [row[1:3] for row in shown["segments"]] == [[0, 1], [1, 3]]
	assert shown["duration"] == 3
	text = json.dumps(shown)
	assert not [word for word in WORDS if word in text and word not in ("dandelion", "eggplant", "fennel")]


def test_speakers_are_those_who_are_heard_in_it(new_clip):
	shown = content(new_clip(4, 6))
	assert [(row["key"], row["name"], row["talk_share"]) for row in shown["speakers"]] == [
		("S1", "Daniel Owner", 100)
	]
	assert "Sarah" not in json.dumps(shown) and "Somebody" not in json.dumps(shown)
	both = content(new_clip(3, 6))["speakers"]
	assert [(row["name"], row["talk_seconds"]) for row in both] == [("Daniel Owner", 2), ("Sarah Miller", 1)]
	assert sum(row["talk_share"] for row in both) == pytest.approx(100, abs=0.02)


def test_the_waveform_is_that_of_the_part(new_clip):
	assert content(new_clip(2, 5))["peaks"]["count"] == 30


def test_figures_are_those_of_the_part(new_clip, call):
	for key, side in (("S1", "Owner"), ("S2", "Customer")):
		frappe.db.set_value("Call Participant", {"parent": call, "speaker_key": key}, "side", side)
	frappe.db.commit()
	shown = content(new_clip(3, 6))["statistics"]
	assert shown["call_seconds"] == 3
	figures = {figure["key"]: figure for figure in shown["figures"]}
	assert figures["owner_share"]["value"] == pytest.approx(66.667, abs=0.01)
	assert all(0 <= start <= end <= 3 for figure in figures.values() for start, end in figure["moments"])


def test_comments_at_moments_of_the_part(new_clip, call, people):
	owner = people["owner"]
	inside = factories.comment(call, owner, "<p>Well <b>said</b></p>", timed=1, at_seconds=4)
	factories.comment(call, owner, "<p>An answer</p>", reply_to=inside)
	factories.comment(call, owner, "<p>Elsewhere</p>", timed=1, at_seconds=2)
	factories.comment(call, owner, "<p>About all</p>")
	frappe.db.commit()
	clip = new_clip(3, 6)
	shown = content(clip)["comments"]
	assert [(row["at"], row["text"]) for row in shown] == [(1, "Well said"), (None, "An answer")]
	assert {"comments", "statistics"}.isdisjoint(content(clip, internal=False))


def test_people_outside_get_no_names_of_documents(new_clip, call):
	text = json.dumps(content(new_clip(3, 6), internal=False))
	recording = frappe.db.get_value("Call Recording", {"call": call})
	segments = frappe.get_all("Transcript Segment", filters={"recording": recording}, pluck="name")
	assert not [name for name in (call, recording, *segments) if name in text]


def test_a_call_without_a_transcript(new_clip, call):
	frappe.db.delete("Transcript Segment", {"call": call})
	frappe.db.commit()
	shown = content(new_clip(3, 6))
	assert (shown["segments"], shown["speakers"]) == ([], [])


# ------------------------------------------------------------------------------------------------ sound


def test_the_sound_of_the_part(new_clip):
	clip = new_clip(3, 5)
	assert sound.path(clip) is None
	cutting.cut(clip)
	assert state(clip) == ("Ready", None)
	assert len(played(sound.path(clip))) == pytest.approx(2 * speech.RATE, abs=1024)
	assert seconds_in(sound.path(clip)) == [3, 4]
	assert [path.name for path in sound.folder(clip).iterdir()] == ["part.m4a"]


def test_a_shared_part_is_cut_by_the_queue(call, people, as_user, eventually):
	with as_user(people["owner"]):
		# no recipients: other tests would find a committed mail
		answer = clips.share(call, 2, 3, users=[people["stranger"]], only_this_part=1, notify=0)
	clip = answer["clip"]["name"]
	frappe.db.commit()
	eventually(lambda: state(clip)[0] == "Ready", 60, "the clip is ready")
	assert seconds_in(sound.path(clip)) == [2]


@pytest.fixture
def worker(bench, eventually):
	"""`worker(clip)` starts a process that cuts the clip -> psutil.Process; `worker.engine(process)` waits for its engine"""
	started = []

	def start(clip: str) -> psutil.Process:
		script = (
			"import frappe\nfrom call_intelligence.clips import cutting\n"
			f"frappe.init(site='{bench.site}', sites_path='.')\nfrappe.connect()\ncutting.cut('{clip}')\n"
		)
		process = psutil.Popen([str(bench.python), "-c", script], cwd=bench.sites)
		started.append(process)
		return process

	def engine(process) -> psutil.Process:
		# polling finds it before the engine has begun to work
		return eventually(lambda: process.children(), 30, "the engine has begun", every=0.005)[0]

	start.engine = engine
	yield start
	for process in started:
		if process.is_running():
			process.kill()
		process.wait()


def test_once_cut_it_stays(new_clip):
	clip = new_clip(3, 5)
	cutting.cut(clip)
	before = sound.path(clip).stat().st_mtime_ns
	cutting.cut(clip)
	assert sound.path(clip).stat().st_mtime_ns == before


def test_two_at_once_are_as_good_as_one(new_clip, worker):
	clip = new_clip(3, 5)
	both = [worker(clip), worker(clip)]
	assert [process.wait(60) for process in both] == [0, 0]
	assert state(clip)[0] == "Ready"
	assert seconds_in(sound.path(clip)) == [3, 4]
	assert [path.name for path in sound.folder(clip).iterdir()] == ["part.m4a"]


def test_an_attempt_that_comes_second_keeps_nobody_waiting(new_clip, people, web):
	clip = new_clip(3, 5)
	cutting.cut(clip)
	second = sound.folder(clip) / "cut-second"
	second.mkdir()
	user = people["stranger"]
	frappe.db.commit()
	recipient = web(user)
	cutting.finish(clip, second)
	# opening the clip writes to it
	answer = recipient.post("/api/method/call_intelligence.api.clips.open", json={"clip": clip}, timeout=10)
	assert answer.status_code == 200, answer.text
	assert not second.exists()


@pytest.mark.parametrize("what", ["ended", "deleted"])
def test_what_ends_meanwhile_leaves_nothing(new_clip, worker, what):
	clip = new_clip(3, 5)
	process = worker(clip)
	worker.engine(process)
	if what == "ended":
		ending.end(ending.held(clip), "Revoked")
	else:
		frappe.delete_doc("Call Clip", clip, force=True, ignore_permissions=True)
	frappe.db.commit()
	assert process.wait(60) == 0
	assert not sound.folder(clip).exists()
	assert state(clip) in (("", None), None)


def test_who_is_at_it_learns_of_the_end_though_the_folder_is_gone(new_clip):
	clip = new_clip(3, 5)
	work = sound.folder(clip) / "cut-1"
	work.mkdir(parents=True)
	os.utime(work, (0, 0))
	cutting.give_sign_of_life(clip, work)
	assert work.stat().st_mtime > 0
	# as if the folder was deleted after the clip was read as live
	shutil.rmtree(work)
	with pytest.raises(cutting.Ended):
		cutting.give_sign_of_life(clip, work)
	ending.end(ending.held(clip), "Revoked")
	frappe.db.commit()
	with pytest.raises(cutting.Ended):
		cutting.give_sign_of_life(clip, work)


def test_the_end_of_a_clip_takes_its_sound(new_clip):
	clip = new_clip(3, 5)
	cutting.cut(clip)
	ending.end(frappe.get_doc("Call Clip", clip), "Revoked")
	assert sound.path(clip)
	frappe.db.commit()
	assert not sound.folder(clip).exists()
	cutting.cut(clip)
	assert not sound.folder(clip).exists()


def test_deleting_the_call_takes_the_sound(new_clip, call):
	clip = new_clip(3, 5)
	cutting.cut(clip)
	frappe.delete_doc("Call", call, force=True, ignore_permissions=True, delete_permanently=True)
	frappe.db.commit()
	assert not sound.folder(clip).exists()


def test_a_recording_that_is_gone(new_clip, call):
	clip = new_clip(3, 5)
	frappe.db.set_value("Call Recording", {"call": call}, "file", None)
	frappe.db.commit()
	cutting.cut(clip)
	assert state(clip)[0] == "Failed"
	assert "missing on the server" in state(clip)[1]
	assert content(clip)["error"] == state(clip)[1]
	assert content(clip, internal=False)["error"] is None
	assert list(sound.folder(clip).iterdir()) == []


def test_a_part_that_the_file_does_not_have(new_clip):
	clip = new_clip(SECONDS + 1, SECONDS + 2)
	cutting.cut(clip)
	assert state(clip)[0] == "Failed"
	assert "no sound at this place" in state(clip)[1]


def test_an_engine_that_is_killed(new_clip, worker):
	clip = new_clip(3, 5)
	process = worker(clip)
	worker.engine(process).kill()
	assert process.wait(60) == 0
	assert state(clip)[0] == "Preparing", "that may pass"
	grow_old(clip)
	cutting.cut(clip)
	assert state(clip)[0] == "Ready"
	assert [path.name for path in sound.folder(clip).iterdir()] == ["part.m4a"]


def test_what_kills_its_workers_is_given_up(new_clip):
	clip = new_clip(3, 5)
	for number in range(cutting.MOST_ATTEMPTS):
		(sound.folder(clip) / f"{cutting.ATTEMPT}{number}").mkdir(parents=True)
	grow_old(clip)
	cutting.cut(clip)
	assert state(clip)[0] == "Failed"
	assert "stopped several times" in state(clip)[1]


def grow_old(clip: str) -> None:
	for attempt in cutting.attempts(clip):
		os.utime(attempt, (time.time() - 3600,) * 2)


def swept() -> list[str]:
	"""The clips that the sweep queues; not committed"""
	found = sweep.cut_what_was_lost()
	frappe.db.rollback()
	return found


def test_the_sweep_queues_what_was_lost(new_clip, eventually):
	clip = new_clip(3, 5)
	assert swept() == [], "it was made just now, and its job is on its way"
	frappe.db.set_value("Call Clip", clip, "creation", add_to_date(None, minutes=-5))
	frappe.db.commit()
	assert swept() == [clip]
	attempt = sound.folder(clip) / f"{cutting.ATTEMPT}x"
	attempt.mkdir(parents=True)
	assert swept() == [], "a worker is at it"
	grow_old(clip)
	assert sweep.cut_what_was_lost() == [clip]
	frappe.db.commit()
	eventually(lambda: state(clip)[0] == "Ready", 60, "the clip is ready")


def test_a_worker_that_is_killed(new_clip, worker, eventually):
	"""The engine dies with its worker, and the next attempt cuts the part."""
	clip = new_clip(3, 5)
	process = worker(clip)
	engine = worker.engine(process)
	process.kill()
	process.wait()
	eventually(lambda: not engine.is_running() or engine.status() == "zombie", 30, "the engine has gone too")
	assert state(clip)[0] == "Preparing"
	grow_old(clip)
	assert len(cutting.lost_attempts(clip)) == 1
	cutting.cut(clip)
	assert state(clip)[0] == "Ready"


def test_the_daily_tidying(new_clip):
	lives, ended = new_clip(3, 5), new_clip(1, 2)
	for clip in (lives, ended):
		cutting.cut(clip)
	frappe.db.set_value("Call Clip", ended, "ended", 1)
	sound.folder("CLIP-gone").mkdir()
	sweep.remove_leftovers()
	assert sound.path(lives) and not sound.path(ended)
	assert not sound.folder("CLIP-gone").exists()


@pytest.mark.parametrize("name", ["../uploads", "a/b", "", "..", None])
def test_names_that_lead_elsewhere(site, name):
	with pytest.raises(frappe.DoesNotExistError):
		sound.path(name)


# ------------------------------------------------------------------------------------------------ page


@pytest.fixture
def external(call, people, as_user, committed):
	"""-> the key of an external link for seconds 3 to 5, with its sound cut"""
	frappe.db.set_single_value("Call Intelligence Settings", "external_links", 1)
	frappe.clear_document_cache("Call Intelligence Settings", "Call Intelligence Settings")
	with as_user(people["owner"]):
		answer = clips.create_link(call, 3, 5, title="<i>Three</i> and four", message="Secret message")
	frappe.db.commit()
	cutting.cut(answer["clip"]["name"])
	yield answer["link"].rsplit("/", 1)[1], answer["clip"]["name"]
	frappe.db.rollback()
	frappe.db.set_single_value("Call Intelligence Settings", "external_links", 0)
	frappe.db.commit()


SAFE = {
	"Cache-Control": "no-store",
	"Referrer-Policy": "no-referrer",
	"X-Robots-Tag": "noindex, nofollow, noarchive",
}


def test_the_page_holds_nothing_of_the_clip(external, web):
	key, _name = external
	page = web().get(f"/clip/{key}")
	assert page.status_code == 200
	assert SAFE.items() <= dict(page.headers).items()
	assert "script-src 'self'" in page.headers["Content-Security-Policy"]
	assert '<meta name="robots" content="noindex' in page.text
	assert not [word for word in ("Three", "Secret", "Daniel", "dandelion") if word in page.text]


def test_a_guest_hears_the_part_and_nothing_else(external, web, tmp_path):
	key, _name = external
	guest = web()
	answer = guest.post("/api/method/call_intelligence.api.clip_links.open", data={"key": key}).json()[
		"message"
	]
	assert [row[4] for row in answer["segments"]] == ["dandelion", "eggplant"]
	heard = guest.get(answer["media_url"])
	assert (heard.status_code, heard.headers["Content-Type"]) == (200, "audio/mp4")
	(tmp_path / "part.m4a").write_bytes(heard.content)
	assert seconds_in(tmp_path / "part.m4a") == [3, 4]
	piece = guest.get(answer["media_url"], headers={"Range": "bytes=0-99"})
	assert (piece.status_code, piece.content) == (206, heard.content[:100])


def test_whatever_is_wrong_with_a_link_the_page_is_the_same(external, web, as_user, people):
	key, name = external
	guest = web()
	altered = key[:-1] + ("0" if key[-1] != "0" else "1")
	pages = {
		"guessed": guest.get("/clip/" + "0" * 64),
		"altered": guest.get(f"/clip/{altered}"),
		"short": guest.get("/clip/abc"),
		"not a key": guest.get("/clip/%3Cscript%3E"),
	}
	with as_user(people["owner"]):
		clips.revoke(name)
	frappe.db.commit()
	pages["revoked"] = guest.get(f"/clip/{key}")
	for why, page in pages.items():
		assert page.status_code == 404, why
		assert SAFE.items() <= dict(page.headers).items(), why
		assert page.text == pages["guessed"].text, why


def test_people_of_the_house(new_clip, people, web):
	clip = new_clip(3, 5)
	address = f"/clip/{clip}"
	assert web(people["stranger"]).get(address).status_code == 200
	assert web(people["owner"]).get(address).status_code == 200
	# neither recipients nor users who see the call
	refused = web(people["participant"])
	page = refused.get(address)
	assert page.status_code == 404
	unknown = refused.get("/clip/CLIP-0123456789")
	assert (unknown.status_code, unknown.text) == (404, page.text)
	guest = web().get(address, allow_redirects=False)
	assert guest.status_code == 302
	assert guest.headers["Location"].endswith(f"/login?redirect-to=/clip/{clip}")
	assert web().get("/clip/CLIP-0123456789", allow_redirects=False).status_code == 302


def test_a_clip_of_the_whole_call_opens_in_the_review(new_clip, call, people, web):
	clip = new_clip(3, 5, only_this_part=0, media_state="")
	page = web(people["owner"]).get(f"/clip/{clip}", allow_redirects=False)
	assert page.status_code == 302
	assert page.headers["Location"].endswith(f"/app/call/{call}?shared={clip}")


def test_a_clip_that_has_ended_is_gone_from_its_page(new_clip, people, web):
	clip = new_clip(3, 5)
	ending.end(frappe.get_doc("Call Clip", clip), "Revoked")
	frappe.db.commit()
	assert web(people["stranger"]).get(f"/clip/{clip}").status_code == 404


def test_other_addresses_stay_what_they_are(site, web):
	for path in ("/clip", "/clip/a/b"):
		page = web().get(path)
		assert page.status_code == 404
		assert "clip-setup" not in page.text
