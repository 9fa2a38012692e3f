"""The time of what is played is the time of the transcript: in the sound that is transcribed, and in what players get of the recording."""

import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.engine_runs import run_all
from tests.media.ladder import RATE, TONES, ffmpeg, ladder, samples_of, second_at

LENGTH = 30
# where the seconds change, what is heard 50 ms before and after tells which of them it is
LEEWAY = 0.05


@dataclass(frozen=True)
class Recording:
	name: str
	make: Callable
	"""(folder, Path to be made)"""
	truth: dict = field(default_factory=lambda: {second: second for second in range(LENGTH)})
	"""{second of the transcript: what it sounds like; None: silence}"""
	plain: bool = False
	"""whether players get it as it came"""


def encoded(*arguments, rate=44100):
	def make(folder, path):
		ffmpeg("-i", ladder(folder / "source.wav", LENGTH, rate=rate), *arguments, path)

	return make


def late(seconds, *arguments):
	"""Timestamps begin at `seconds`."""

	def make(folder, path):
		source = ladder(folder / "source.wav", LENGTH, rate=44100)
		ffmpeg("-i", source, *arguments, "-output_ts_offset", seconds, path)

	return make


def with_hole(begin, end, *arguments):
	"""Nothing between the two seconds"""

	def make(folder, path):
		source = ladder(folder / "source.wav", LENGTH, rate=44100)
		moved = f"asetpts='if(lt(T,{begin}),PTS,PTS+{end - begin}/TB)'"
		ffmpeg("-i", source, "-af", f"asetnsamples=882,{moved}", *arguments, path)

	return make


def joined(*arguments):
	"""`cat a b`, the second of which goes on with the ladder"""

	def make(folder, path):
		parts = b""
		for number in range(2):
			part = folder / f"part-{number}{path.suffix}"
			ffmpeg(
				"-i",
				ladder(folder / f"{number}.wav", LENGTH // 2, start=number * LENGTH // 2, rate=44100),
				*arguments,
				part,
			)
			parts += part.read_bytes()
		path.write_bytes(parts)

	return make


def short_header(folder, path):
	"""A wav file that says to have half of its sound"""
	data = bytearray(ladder(path, LENGTH).read_bytes())
	at = data.index(b"data") + 4
	data[at : at + 4] = (int.from_bytes(data[at : at + 4], "little") // 2).to_bytes(4, "little")
	path.write_bytes(data)


def video(*arguments, late=0):
	def make(folder, path):
		pictures = ("-f", "lavfi", "-i", f"testsrc=s=64x64:r=5:d={LENGTH + late}")
		ffmpeg(
			"-itsoffset",
			late,
			"-i",
			ladder(folder / "source.wav", LENGTH, rate=44100),
			*pictures,
			*arguments,
			path,
		)

	return make


def hole(begin, end):
	before = {second: second for second in range(begin)}
	silent = dict.fromkeys((begin + 1, (begin + end) // 2, end - 2))
	return before | silent | {end - begin + second: second for second in range(begin + 1, LENGTH)}


OPUS = ("-c:a", "libopus")
RECORDINGS = [
	Recording("pcm.wav", encoded(), plain=True),
	Recording("telephone.wav", encoded("-c:a", "pcm_mulaw", "-ar", "8000")),
	Recording("adpcm.wav", encoded("-c:a", "adpcm_ima_wav")),
	Recording("joined.wav", joined()),
	Recording("short-header.wav", short_header),
	Recording("a.flac", encoded(), plain=True),
	Recording("cbr.mp3", encoded("-b:a", "64k"), plain=True),
	Recording("cbr-bare.mp3", encoded("-b:a", "64k", "-write_xing", "0"), plain=True),
	Recording("vbr.mp3", encoded("-q:a", "5")),
	Recording("vbr-bare.mp3", encoded("-q:a", "5", "-write_xing", "0")),
	Recording("joined.mp3", joined("-b:a", "64k")),
	Recording("joined-vbr.mp3", joined("-q:a", "5")),
	Recording("last.m4a", encoded(), plain=True),
	Recording("first.m4a", encoded("-movflags", "+faststart"), plain=True),
	Recording("16000.m4a", encoded(rate=RATE), plain=True),
	Recording("alac.m4a", encoded("-c:a", "alac")),
	Recording("late.m4a", late(4.087)),
	Recording("hole.m4a", with_hole(10, 15), hole(10, 15)),
	Recording(
		"fragments.mp4", encoded("-c:a", "aac", "-movflags", "empty_moov", "-frag_duration", "1000000")
	),
	Recording("vorbis.ogg", encoded()),
	Recording("opus.ogg", encoded(*OPUS)),
	Recording("late.ogg", late(1000, *OPUS)),
	Recording("chained.ogg", joined(*OPUS)),
	Recording("opus.webm", encoded(*OPUS)),
	Recording("live.webm", encoded(*OPUS, "-live", "1")),
	Recording("late.webm", late(1000, *OPUS)),
	Recording("hole.webm", with_hole(10, 15, *OPUS), hole(10, 15)),
	Recording("hold.webm", with_hole(20, 720, *OPUS), hole(20, 720)),
	Recording("pcm.mka", encoded("-c:a", "pcm_s16le")),
	Recording("a.aac", encoded()),
	Recording("a.wma", encoded()),
	Recording("pictures.mp4", video("-c:v", "libx264", "-c:a", "aac", "-movflags", "+faststart"), plain=True),
	Recording("pictures.webm", video("-c:v", "libvpx", *OPUS), plain=True),
	Recording(
		"late-sound.mp4",
		video("-c:v", "libx264", "-c:a", "aac", late=2),
		{0: None} | {second + 2: second for second in range(LENGTH)},
		plain=True,
	),
]
NAMES = [recording.name for recording in RECORDINGS]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
	"""{name: (Path of the recording, what the engine made of it)}"""
	root = tmp_path_factory.mktemp("clock")
	paths = {}
	for recording in RECORDINGS:
		folder = root / recording.name
		folder.mkdir()
		paths[recording.name] = folder / recording.name
		recording.make(folder, paths[recording.name])
	commands = [
		[path, "--json", "--stage", "prepare", "--work", path.parent / "work"] for path in paths.values()
	]
	runs = run_all(commands, root / "runs")
	return {name: (path, run) for (name, path), run in zip(paths.items(), runs, strict=True)}


@pytest.mark.parametrize("recording", RECORDINGS, ids=NAMES)
def test_what_is_transcribed_has_the_time_of_the_recording(prepared, recording):
	path, run = prepared[recording.name]
	assert run.exit == 0, run.events
	assert run.warnings == {}
	with wave.open(str(path.parent / "work" / "speech.0.wav")) as file:
		check(array("h", file.readframes(file.getnframes())), recording.truth)


@pytest.mark.parametrize("recording", RECORDINGS, ids=NAMES)
def test_what_players_get_has_it_too(prepared, recording):
	path, _run = prepared[recording.name]
	copy = path.parent / "work" / "playback.m4a"
	assert copy.exists() is not recording.plain
	check(samples_of(path if recording.plain else copy), recording.truth)


def check(samples, truth):
	wrong = {}
	for second, expected in truth.items():
		for moment in (second + LEEWAY, second + 0.4, second + 0.9 - LEEWAY):
			if moment > len(samples) / RATE - 0.2:  # encoders pad the end
				continue
			if (heard := second_at(samples, moment)) != (expected if expected is None else expected % TONES):
				wrong[round(moment, 2)] = heard
	assert wrong == {}
	assert len(samples) / RATE == pytest.approx(max(truth) + 1, abs=0.3)
