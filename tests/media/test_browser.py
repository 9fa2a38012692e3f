"""What a browser plays at a time, after a seek and played through, matches the transcript."""

import wave
from array import array

import pytest

from tests.media import firefox, webkit
from tests.media.playing import SEEKS, address_of, answer_of, delays, served, transcribed, usual
from tests.media.recordings import NAMES, RECORDINGS
from tests.media.scripts import LISTEN, PLAY

LEEWAY = 0.05
AT_ONCE = 6
# originals of each kind that is played unchanged, and copies of files with differing browser times
IN_FIREFOX = (
	"pcm.wav", "a.flac", "cbr.mp3", "cbr-bare.mp3", "last.m4a", "first.m4a", "16000.m4a", "pictures.mp4", "pictures.webm", "opus.ogg",
	"telephone.wav", "joined.wav", "vbr.mp3", "vbr-bare.mp3", "joined-vbr.mp3", "late.m4a", "hole.m4a", "fragments.mp4", "chained.ogg",
	"late.webm", "hole.webm", "a.aac", "three-tracks.m4a", "pictures.ts", "late-sound.mp4", "late-sound.webm",
)  # fmt: skip
# fewer: they use one sound card, one after another
IN_WEBKIT = (
	"pcm.wav", "a.flac", "cbr.mp3", "first.m4a", "pictures.mp4",
	"cbr-bare.mp3", "vbr-bare.mp3", "late.webm", "hole.m4a",
)  # fmt: skip


@pytest.fixture(scope="module")
def root(prepared):
	"""Folder of the recordings and their prepared files"""
	return next(iter(prepared.values()))[0].parent.parent


@pytest.fixture(scope="module")
def heard(prepared):
	"""{name: what is transcribed}"""
	found = {}
	for name, (path, _run) in prepared.items():
		with wave.open(str(path.parent / "work" / "speech.0.wav")) as file:
			found[name] = transcribed(array("h", file.readframes(file.getnframes())))
	return found


@pytest.fixture(scope="module")
def played(prepared, root, _browser):
	"""{name: sound measured from the playable file of the recording}"""
	(root / "index.html").write_text("<!doctype html><title>Listening</title>")
	addresses = [address_of(prepared, name) for name in NAMES]
	with served(root) as (address, _said):
		page = _browser.new_page()
		page.goto(f"{address}/")
		answer = page.evaluate(LISTEN, [addresses, SEEKS, AT_ONCE])
		page.close()
	return dict(zip(NAMES, answer, strict=True))


@pytest.fixture(scope="module")
def played_in_firefox(prepared, root, tmp_path_factory):
	"""The same, for some recordings"""
	if not firefox.program():
		pytest.skip("needs Firefox: apt-get install firefox-esr pulseaudio")
	addresses = [address_of(prepared, name) for name in IN_FIREFOX]
	arguments = [addresses, SEEKS, AT_ONCE]
	answer, _ = answer_of(firefox, root, LISTEN, arguments, lambda: tmp_path_factory.mktemp("firefox"))
	return dict(zip(IN_FIREFOX, answer, strict=True))


@pytest.fixture(scope="module")
def played_in_webkit(prepared, root, tmp_path_factory):
	if not webkit.program():
		pytest.skip("needs WebKitGTK: ./run doctor says what to install")
	addresses = [address_of(prepared, name) for name in IN_WEBKIT]
	answer, listener = answer_of(
		webkit, root, PLAY, [addresses, SEEKS], lambda: tmp_path_factory.mktemp("webkit"), attempts=4
	)
	for one in answer:
		one["found"] = [listener.blocks(marks) for marks in one["found"]]
	return dict(zip(IN_WEBKIT, answer, strict=True))


def check(played, heard, recording):
	late, found = usual(played), delays(played, recording)
	assert found
	# less than half a second is played before and after: a seek to a wrong place finds no change
	assert None not in found.values(), found
	exact = delays(heard, recording)
	shifts = {second: delay - late - exact[second] + usual(heard) for second, delay in found.items()}
	# on a busy machine the browser's clock may be read late, but a shifted file is shifted at each second
	assert min(map(abs, shifts.values())) <= LEEWAY, (shifts, found, late)
	assert played[recording.name]["length"] == pytest.approx(max(recording.truth) + 1, abs=0.2)


@pytest.mark.parametrize("recording", RECORDINGS, ids=NAMES)
def test_a_browser_plays_what_the_transcript_says(played, heard, recording):
	check(played, heard, recording)


@pytest.mark.parametrize("name", IN_FIREFOX)
def test_firefox_does_so_too(played_in_firefox, heard, name):
	check(played_in_firefox, heard, RECORDINGS[NAMES.index(name)])


@pytest.mark.slow
@pytest.mark.parametrize("name", IN_WEBKIT)
def test_webkit_does_so_too(played_in_webkit, heard, name):
	check(played_in_webkit, heard, RECORDINGS[NAMES.index(name)])
