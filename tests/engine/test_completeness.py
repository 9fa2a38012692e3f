"""Missing data of a recording is reported, in every format; nothing is reported for a complete one."""

import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from call_intelligence.engine.containers import ASF
from call_intelligence.engine.structure import examine
from tests.engine_runs import run_all
from tests.speech import converted, spoken_call

LENGTH = 20.0  # seconds
PICTURES = ("-f", "lavfi", "-i", "testsrc=s=64x64:r=5:d=20")


@dataclass(frozen=True)
class Format:
	name: str
	arguments: tuple = ()
	half: str = "partly_decoded"  # the report on its first half; "cut_off" if the format has no length; "corrupt": cannot be read
	hole: bool = True  # whether a hole in the middle can be detected
	before: tuple = ()


FORMATS = [
	Format("pcm.wav", hole=False),
	Format("alaw.wav", ("-c:a", "pcm_alaw", "-ar", "8000"), hole=False),
	Format("gsm.wav", ("-c:a", "libgsm_ms", "-ar", "8000"), hole=False),
	Format("adpcm.wav", ("-c:a", "adpcm_ima_wav"), hole=False),
	Format("mpeg.wav", ("-c:a", "libmp3lame")),
	Format("long.wav", ("-rf64", "always"), hole=False),
	Format("cbr.mp3", ("-b:a", "64k")),
	Format("vbr.mp3", ("-q:a", "5")),
	Format("bare.mp3", ("-q:a", "5", "-write_xing", "0"), "cut_off"),
	Format("last.m4a", (), "corrupt"),
	Format("first.m4a", ("-movflags", "+faststart")),
	Format("fragments.mp4", ("-c:a", "aac", "-movflags", "empty_moov", "-frag_duration", "1000000"), "cut_off"),
	Format("vorbis.ogg", (), "cut_off"),
	Format("flac.ogg", ("-c:a", "flac"), "cut_off"),
	Format("speex.ogg", ("-c:a", "libspeex"), "cut_off"),
	Format("a.opus", (), "cut_off"),
	Format("opus.webm", ("-c:a", "libopus")),
	Format("vorbis.webm", ("-c:a", "libvorbis")),
	Format("live.webm", ("-c:a", "libopus", "-live", "1"), "cut_off"),
	Format("pcm.mka", ("-c:a", "pcm_s16le")),
	Format("a.flac"),
	Format("a.wma"),
	Format("a.aac", (), "cut_off"),
	Format("a.gsm", ("-c:a", "libgsm", "-ar", "8000"), "cut_off", hole=False),
	Format("video.mp4", ("-c:v", "libx264", "-movflags", "+faststart"), before=PICTURES),
	Format("video.webm", ("-c:v", "libvpx", "-c:a", "libopus"), before=PICTURES),
	Format("video.wmv", (), before=PICTURES),
]  # fmt: skip
NAMES = [format.name for format in FORMATS]


def whole(format):
	options = ("-fflags", "+bitexact", "-t", str(LENGTH), *format.arguments)
	return converted(spoken_call().mono, format.name, *options, before=format.before)


def half(data):
	# not where a block or page could end by chance
	return data[: len(data) // 2 + 5]


def hole(data):
	start, end = len(data) * 45 // 100, len(data) * 65 // 100
	return data[:start] + random.Random(1).randbytes(end - start) + data[end:]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
	"""prepared(name, damage) -> Run, for each format and each damage"""
	folder = tmp_path_factory.mktemp("formats")
	files, runs = [], []
	for format in FORMATS:
		for damage in (None, half, hole):
			path = folder / f"{damage.__name__ if damage else 'whole'}.{format.name}"
			data = whole(format).read_bytes()
			path.write_bytes(damage(data) if damage else data)
			files.append((format.name, damage))
			runs.append([path, "--json", "--stage", "prepare", "--work", f"{path}.work"])
	found = dict(zip(files, run_all(runs, folder / "runs"), strict=True))
	return lambda name, damage=None: found[name, damage]


def missing(run):
	return {code: params for code, params in run.warnings.items() if code in ("partly_decoded", "cut_off")}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_said_of_what_is_whole(prepared, name):
	run = prepared(name)
	assert run.exit == 0, run.events
	assert run.warnings == {}


@pytest.mark.parametrize("format", FORMATS, ids=NAMES)
def test_half_a_recording_says_so(prepared, format):
	run = prepared(format.name, half)
	if format.half == "corrupt":
		assert run.error["code"] == "corrupt"
		return
	params = missing(run)[format.half]
	# variable bit rates do not halve the sound
	assert params["decoded"] == pytest.approx(LENGTH / 2, abs=2.5)
	if format.half == "partly_decoded":
		assert params["expected"] == pytest.approx(LENGTH, abs=0.3)


@pytest.mark.parametrize("format", FORMATS, ids=NAMES)
def test_a_hole_in_the_middle_is_said_and_passed_over(prepared, format):
	run = prepared(format.name, hole)
	assert run.exit == 0, run.events
	if not format.hole:
		return
	if format.name == "fragments.mp4":  # the hole cannot be skipped
		assert "cut_off" in run.warnings
		return
	params = missing(run)["partly_decoded"]
	# a webm continues with its next cluster
	assert 0.4 * LENGTH < params["decoded"] < 0.9 * LENGTH
	assert params["expected"] == pytest.approx(LENGTH, abs=1)


def amr(seconds):
	return b"#!AMR\n" + (b"\x3c" + bytes(range(31))) * round(50 * seconds)


def id3(size):
	return b"ID3\x03\0\0" + bytes([0, 0, size >> 7, size & 127]) + bytes(size)


def of(name):
	return whole(next(format for format in FORMATS if format.name == name)).read_bytes()


def piped(name, length=b"\xff\xff\xff\xff"):
	"""As written by a program that cannot seek back to the header"""
	data = bytearray(of(name))
	at = data.index(b"data") + 4
	data[4:8] = data[at : at + 4] = length
	return bytes(data)


WHOLE = {
	"amr": lambda: amr(10),
	"tag behind.mp3": lambda: of("cbr.mp3") + b"TAG" + bytes(125),
	"tags behind.mp3": lambda: of("bare.mp3") + b"TAG" + bytes(125),
	"tag before.mp3": lambda: id3(3000) + of("bare.mp3"),
	"tag before.aac": lambda: id3(3000) + of("a.aac"),
	"chained.ogg": lambda: of("vorbis.ogg") + of("vorbis.ogg"),
	"zeros behind.opus": lambda: of("a.opus") + bytes(1000),
	"zeros behind.m4a": lambda: of("first.m4a") + bytes(1000),
	"zeros behind.mp4": lambda: of("fragments.mp4") + bytes(512),
	"zeros behind.webm": lambda: of("opus.webm") + bytes(1000),
	"odd.wav": lambda: of("pcm.wav") + b"\0",
	"piped.wav": lambda: piped("pcm.wav"),
	"piped by sox.wav": lambda: piped("pcm.wav", b"\0\xf0\xff\x7f"),
	"chunk behind.wav": lambda: of("pcm.wav") + b"LIST\x04\0\0\0INFO",
	"chunk before.wav": lambda: of("pcm.wav").replace(b"data", b"JUNK\x40\x9c\0\0" + bytes(40_000) + b"data", 1),
	"free.m4a": lambda: of("first.m4a") + b"\0\0\0\x10free" + bytes(8),
}  # fmt: skip
CUT = {
	"amr": lambda: amr(10)[:-7],
	"chunk before.wav": lambda: WHOLE["chunk before.wav"]()[:-200_000],
	"last page.ogg": lambda: of("vorbis.ogg")[: of("vorbis.ogg").rindex(b"OggS")],
	"few bytes.mp3": lambda: of("bare.mp3")[:-50],
}


@pytest.mark.parametrize("which", ["whole", "cut"])
def test_marks_of_an_end(tmp_path, which):
	files = {"whole": WHOLE, "cut": CUT}[which]
	paths = []
	for number, (name, make) in enumerate(files.items()):
		paths.append(tmp_path / f"{number}.{Path(name).suffix}")
		paths[-1].write_bytes(make())
	runs = run_all(
		[[path, "--json", "--stage", "prepare", "--work", f"{path}.work"] for path in paths],
		tmp_path / "runs",
	)
	assert [run.exit for run in runs] == [0] * len(runs)
	said = {name: bool(missing(run)) for name, run in zip(files, runs, strict=True)}
	assert said == dict.fromkeys(files, which == "cut")


@pytest.mark.parametrize("length", [2**44, 2**63 - 1, 2**63, 2**64 - 1])
def test_impossible_lengths_in_a_wma_are_passed_over(tmp_path, length):
	data = bytearray(of("a.wma"))
	# of the first object of the header, of an unknown type
	data[30:54] = bytes(16) + length.to_bytes(8, "little")
	path = tmp_path / "odd.wma"
	path.write_bytes(data)
	assert examine(path, ASF).seconds is None


def test_a_pause_of_the_recorder_is_no_damage(tmp_path):
	one = converted(spoken_call().mono, "one.webm", "-c:a", "libopus", "-t", "5")
	path = converted(one, "hole.webm", "-c", "copy", "-bsf:a", "setts=ts='if(gt(PTS,2000),PTS+10000,PTS)'")
	(run,) = run_all([[path, "--json", "--stage", "prepare", "--work", tmp_path / "work"]], tmp_path / "runs")
	assert run.warnings == {}


def test_a_video_may_go_on_without_sound(tmp_path):
	paths = [
		converted(spoken_call().mono, f"short.{kind}", "-map", "0:v", "-map", "1:a", "-af", "atrim=0:5", *codecs, before=PICTURES)
		for kind, codecs in (("mkv", ("-c:v", "libvpx", "-c:a", "libopus")), ("mp4", ()))
	]  # fmt: skip
	runs = run_all(
		[[path, "--json", "--stage", "prepare", "--work", tmp_path / path.name] for path in paths],
		tmp_path / "runs",
	)
	assert [run.warnings for run in runs] == [{}, {}]
