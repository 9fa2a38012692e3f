"""Cutting a part out of a recording: its length, its sound, and that it contains nothing else."""

import array
import json
import math
import os
import subprocess
import time

import pytest

from call_intelligence.engine.containers import sniff
from tests.speech import (
	CACHE,
	RATE,
	ROOT,
	converted,
	engine_python,
	looped,
	run_engine,
	spoken_call,
	write_wav,
)

FRAME = 1024  # samples of one AAC frame
SECONDS = 10


def tone(hertz, seconds=1.0, rate=RATE, loudness=8000):
	return array.array(
		"h",
		[int(loudness * math.sin(2 * math.pi * hertz * i / rate)) for i in range(round(seconds * rate))],
	)


def hertz_of(second, channel=0):
	"""Each second of each channel has a distinct tone, with a whole number of waves"""
	return 500 + 200 * second + 100 * channel


def kept(name, channels):
	"""Tones as a file that is kept next to its conversions"""
	path = CACHE / "tones" / name
	if not path.exists():
		path.parent.mkdir(parents=True, exist_ok=True)
		samples = [array.array("h") for _ in range(channels)]
		for second in range(SECONDS):
			for number, channel in enumerate(samples):
				channel += tone(hertz_of(second, number))
		write_wav(path.with_name(f"new-{name}"), *samples).replace(path)
	return path


@pytest.fixture(scope="module")
def mono():
	return kept("mono.wav", 1)


@pytest.fixture(scope="module")
def stereo():
	return kept("stereo.wav", 2)


def cut(path, work, start, end, *arguments):
	return run_engine(path, work, "--cut", start, end, *arguments)


def heard(path, rate=RATE):
	"""A file as played -> [array of int16 for each channel], at `rate` Hz"""
	probed = subprocess.run(
		["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(path)], check=True, capture_output=True
	)
	(stream,) = json.loads(probed.stdout)["streams"]
	assert stream["codec_name"] == "aac"
	played = subprocess.run(
		["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-ar", str(rate), "-f", "s16le", "-"],
		check=True,
		capture_output=True,
	)
	samples = array.array("h", played.stdout)
	return [samples[number :: stream["channels"]] for number in range(stream["channels"])]


def part(path, tmp_path, start, end, rate=RATE, warnings=()):
	run = cut(path, tmp_path / "work", start, end)
	assert run.exit == 0, run.events
	assert [e["stage"] for e in run.events if e["event"] in ("stage", "done")] == ["cut", "cut"]
	assert run.done("cut")["result"] == "part.m4a"
	assert set(run.warnings) == set(warnings)
	assert sorted(file.name for file in (tmp_path / "work").iterdir()) == ["part.m4a"]
	return heard(tmp_path / "work" / "part.m4a", rate)


def strength(samples, hertz, rate=RATE):
	"""Amplitude of a tone in the samples, by Goertzel's algorithm"""
	factor, before, last = 2 * math.cos(2 * math.pi * hertz / rate), 0.0, 0.0
	for sample in samples:
		before, last = last, sample + factor * last - before
	power = before * before + last * last - factor * before * last
	return 2 * math.sqrt(max(power, 0.0)) / max(1, len(samples))


def tones_in(samples, channel=0):
	"""The seconds of the recording whose tones are in the samples"""
	return [n for n in range(SECONDS) if strength(samples, hertz_of(n, channel)) > 400]


def test_holds_just_the_part(mono, tmp_path):
	(samples,) = part(mono, tmp_path, 3, 6)
	assert len(samples) == pytest.approx(3 * RATE, abs=FRAME)
	for number, second in enumerate((3, 4, 5)):
		# the codec smears a little over the border of two tones
		inner = samples[number * RATE + 800 : (number + 1) * RATE - 800]
		assert tones_in(inner) == [second]
		assert strength(inner, hertz_of(second)) == pytest.approx(8000, rel=0.1)
	for neighbour in (2, 6):
		assert strength(samples, hertz_of(neighbour)) < 40


def test_channels_stay_apart(stereo, tmp_path):
	channels = part(stereo, tmp_path, 7, 8.5)
	assert len(channels) == 2
	for number, samples in enumerate(channels):
		assert len(samples) == pytest.approx(1.5 * RATE, abs=FRAME)
		inner = samples[800 : RATE - 800]
		assert tones_in(inner, number) == [7]
		assert strength(inner, hertz_of(7, 1 - number)) < 80


@pytest.mark.parametrize("at", [1.25, 2.3456, 3.0001])
def test_not_a_sample_of_the_neighbours(tmp_path, at):
	"""Silence up to a moment, and loud from then on: a single sample too many would be heard."""
	before = round(at * RATE)
	loud = tone(1000, 4)
	quiet = array.array("h", bytes(2 * before))
	path = write_wav(tmp_path / "step.wav", quiet + loud)
	(silent,) = part(path, tmp_path, at - 1, at)
	assert len(silent) == pytest.approx(RATE, abs=FRAME)
	assert max(map(abs, silent)) <= 1
	(sounding,) = part(path, tmp_path, at, at + 1)
	assert max(map(abs, sounding[:80])) > 2000
	reversed_path = write_wav(tmp_path / "reversed.wav", loud + array.array("h", bytes(8 * RATE)))
	(silent,) = part(reversed_path, tmp_path, 4, 5)
	assert max(map(abs, silent)) <= 1


def test_what_was_cut_out_of_running_sound_does_not_click(tmp_path):
	"""It begins and ends where the waves are highest. The recording's own beginning stays as loud as it is."""
	quarter = 0.25 / 500
	path = write_wav(tmp_path / "running.wav", tone(500, 4)[round(quarter * RATE) :])
	(samples,) = part(path, tmp_path, 1, 3)
	assert len(samples) == pytest.approx(2 * RATE, abs=FRAME)
	assert max(map(abs, samples[:2])) < 1000 and max(map(abs, samples[2 * RATE - 2 : 2 * RATE])) < 1000
	# after four milliseconds it is whole
	assert max(map(abs, samples[64:96])) == pytest.approx(8000, rel=0.1)
	(samples,) = part(path, tmp_path, 0, 1)
	assert max(map(abs, samples[:8])) > 4000


@pytest.mark.parametrize(
	("name", "arguments"),
	[
		("tones.mp3", ("-b:a", "64k")),
		("tones.m4a", ()),
		("tones.ogg", ("-c:a", "libvorbis")),
		("tones.opus", ()),
		("tones.flac", ()),
		("mulaw.wav", ("-c:a", "pcm_mulaw", "-ar", "8000")),
		("tones.wma", ()),
	],
)
def test_formats(mono, tmp_path, name, arguments):
	source = converted(mono, name, *arguments)
	(samples,) = part(source, tmp_path, 4, 6)
	assert len(samples) == pytest.approx(2 * RATE, abs=2 * FRAME)
	# some codecs begin with up to 50 ms of padding, which a player plays too
	assert tones_in(samples[1600 : RATE - 1600]) == [4]
	assert tones_in(samples[RATE + 1600 : 2 * RATE - 1600]) == [5]
	assert strength(samples, hertz_of(8)) < 100


def test_of_a_video_the_sound(mono, tmp_path):
	video = converted(
		mono, "v.mp4", "-c:v", "libx264", "-shortest", before=("-f", "lavfi", "-i", "testsrc=s=64x64:r=5")
	)
	(samples,) = part(video, tmp_path, 2, 3)
	assert len(samples) == pytest.approx(RATE, abs=FRAME)
	assert tones_in(samples[1600:-1600]) == [2]


def test_music_rates_stay(tmp_path):
	path = write_wav(tmp_path / "high.wav", tone(6000, 3, 44100), rate=44100)
	(samples,) = part(path, tmp_path, 1, 2, rate=44100)
	assert strength(samples, 6000, 44100) > 4000


def test_the_first_and_the_last_moment(mono, tmp_path):
	(samples,) = part(mono, tmp_path, 0, 0.5)
	assert tones_in(samples) == [0]
	# players round: a part may end slightly after the last sample
	(samples,) = part(mono, tmp_path, SECONDS - 1, SECONDS + 0.4)
	assert len(samples) == pytest.approx(RATE, abs=FRAME)
	assert tones_in(samples[800:]) == [SECONDS - 1]


def test_a_part_that_was_cut_is_a_file_that_is_let_in(mono, tmp_path):
	part(mono, tmp_path, 1, 2)
	assert sniff((tmp_path / "work" / "part.m4a").read_bytes()[:4096]).name == "mp4"


def test_a_damaged_file_is_cut_as_far_as_it_goes(mono, tmp_path):
	whole = converted(mono, "cbr.mp3", "-b:a", "64k").read_bytes()
	damaged = tmp_path / "damaged.mp3"
	damaged.write_bytes(whole[: len(whole) * 6 // 10])
	(samples,) = part(damaged, tmp_path, 4, 9, warnings=["partly_decoded"])
	assert len(samples) == pytest.approx(2 * RATE, abs=3000)
	assert tones_in(samples[1600 : RATE - 1600]) == [4]


def test_holes_in_a_damaged_file_do_not_move_what_follows(mono, tmp_path):
	whole = bytearray(converted(mono, "cbr.mp3", "-b:a", "64k").read_bytes())
	begin = len(whole) * 2 // 10
	whole[begin : begin + 400] = os.urandom(400)
	damaged = tmp_path / "hole.mp3"
	damaged.write_bytes(whole)
	(samples,) = part(damaged, tmp_path, 6, 7)
	assert tones_in(samples[3200:-3200]) == [6]


def test_a_part_behind_the_end(mono, tmp_path):
	run = cut(mono, tmp_path, SECONDS + 5, SECONDS + 6)
	assert (run.exit, run.error) == (3, "part_missing")
	assert list(tmp_path.iterdir()) == []


def test_what_is_no_recording_is_refused(tmp_path):
	(tmp_path / "list.m3u8").write_text("#EXTM3U\nfile:///etc/passwd\n")
	assert cut(tmp_path / "list.m3u8", tmp_path / "work", 0, 1).error == "playlist"
	assert cut(tmp_path / "gone.wav", tmp_path / "work", 0, 1).error == "not_media"
	assert not list((tmp_path / "work").iterdir())


@pytest.mark.parametrize(
	"arguments",
	[
		("--cut", 2, 2),
		("--cut", -1, 2),
		("--cut", "nan", 2),
		("--cut", 1, "inf"),
		("--cut", 1, 2, "--stage", "prepare"),
	],
)
def test_parts_that_cannot_be(mono, tmp_path, arguments):
	run = run_engine(mono, tmp_path, *arguments)
	assert run.exit == 2
	assert "--cut" in run.errors
	assert list(tmp_path.iterdir()) == []


def test_a_second_run_replaces_the_first(mono, tmp_path):
	part(mono, tmp_path, 1, 2)
	(samples,) = part(mono, tmp_path, 5, 6)
	assert tones_in(samples[800:-800]) == [5]


def test_long_files_take_no_more_memory_and_end_with_the_part(mono, tmp_path):
	"""Two hours; the part is in the first minute, or in the last"""
	path = looped(mono, 7200, "two-hours.flac")
	used, took = {}, {}
	for start in (10, 7190):
		began = time.monotonic()
		run = cut(path, tmp_path / str(start), start, start + 5)
		assert run.exit == 0, run.events
		used[start], took[start] = run.done("cut")["peak_mb"], time.monotonic() - began
	assert used[7190] < used[10] + 25
	assert took[10] < took[7190]


def test_speech_comes_out_as_it_went_in(tmp_path):
	"""The part of a turn is as loud as the turn; sound before it is not included."""
	call = spoken_call()
	turn = call.turns[2]
	(samples,) = part(call.mono, tmp_path, turn.start, turn.end)
	loud = math.sqrt(sum(x * x for x in samples) / len(samples))
	assert 300 < loud < 6000
	assert len(samples) / RATE == pytest.approx(turn.end - turn.start, abs=FRAME / RATE)


def test_at_a_terminal_it_says_nothing(mono, tmp_path):
	done = subprocess.run(
		[
			*(str(engine_python()), "-m", "call_intelligence.engine", str(mono)),
			*("--cut", "1", "2", "--work", str(tmp_path)),
		],
		capture_output=True,
		text=True,
		cwd=ROOT,
		env={**os.environ, "PYTHONPATH": str(ROOT)},
	)
	assert (done.returncode, done.stdout) == (0, "")
	assert (tmp_path / "part.m4a").exists()
