"""Damaged files with the engine's own command, under the limits of a job: none hangs, fails as "internal", or leaves files."""

import json
import random

import pytest

from tests.engine_runs import run_all
from tests.speech import converted, spoken_call

FILES = 100
SEED = 20261128
MOST_SECONDS = 20  # for one file, wall time on a busy machine
LIMITS = ("--max-duration", "28800", "--memory-mb", "1500", "--cpu-seconds", "20", "--file-mb", "64")
PICTURES = ("-f", "lavfi", "-i", "testsrc=s=64x64:r=5:d=3")
FORMATS = {
	"pcm.wav": (),
	"adpcm.wav": ("-c:a", "adpcm_ms"),
	"a.mp3": (),
	"a.m4a": ("-movflags", "+faststart"),
	"fragments.mp4": ("-c:a", "aac", "-movflags", "empty_moov", "-frag_duration", "500000"),
	"alac.m4a": ("-c:a", "alac"),
	"vorbis.ogg": (),
	"flac.ogg": ("-c:a", "flac"),
	"a.opus": (),
	"a.webm": ("-c:a", "libopus"),
	"pcm.mka": ("-c:a", "pcm_s16le"),
	"a.flac": (),
	"a.wma": (),
	"a.aac": (),
	"a.gsm": ("-c:a", "libgsm", "-ar", "8000"),
	"video.mp4": ("-c:v", "libx264"),
	"video.wmv": (),
	"stereo.wav": (),
	"stereo.mp3": (),
	"stereo.m4a": ("-movflags", "+faststart"),
}
# errors that a user can act on
CLEAR = {
	*("empty_file", "not_media", "playlist", "no_audio", "corrupt", "unsupported_codec"),
	*("too_long", "too_short", "sample_rate", "channels"),
}


def recording(name):
	before = PICTURES if name.startswith("video") else ()
	source = spoken_call().stereo if name.startswith("stereo") else spoken_call().mono
	return converted(
		source, name, "-t", "3", "-fflags", "+bitexact", *FORMATS[name], before=before
	).read_bytes()


def cut(rng, data):
	return data[: rng.randrange(1, len(data))]


def without_a_part(rng, data):
	start, end = sorted(rng.sample(range(len(data)), 2))
	return data[:start] + data[end:]


def flipped(rng, data):
	found = bytearray(data)
	for _ in range(max(1, int(len(data) * 10 ** rng.uniform(-4, -1.5)))):
		found[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
	return bytes(found)


def broken_header(rng, data):
	"""Damages the header after its first four bytes, so that most files are still recognised"""
	found = bytearray(data)
	for _ in range(rng.randrange(1, 12)):
		found[rng.randrange(4, min(len(data), 600))] = rng.randrange(256)
	return bytes(found)


def huge_claims(rng, data):
	"""Sets numbers of the header to their maximum: sizes, rates, channels, counts."""
	found = bytearray(data)
	for _ in range(rng.randrange(1, 5)):
		at = rng.randrange(8, min(len(data) - 8, 600))
		width = rng.choice((1, 2, 4, 8))
		found[at : at + width] = rng.choice((b"\xff", b"\x7f", b"\x00")) * width
	return bytes(found)


def zeros(rng, data):
	start, end = sorted(rng.sample(range(len(data)), 2))
	return data[:start] + bytes(end - start) + data[end:]


def glued(rng, data):
	other = recording(rng.choice(list(FORMATS)))
	return rng.choice(
		(data + other, data[: len(data) // 2] + other, data[: len(data) // 2] + other[len(other) // 2 :])
	)


def mixed_up(rng, data):
	size = rng.choice((64, 512, 4096))
	blocks = [data[at : at + size] for at in range(0, len(data), size)]
	rest = blocks[1:]
	rng.shuffle(rest)
	return b"".join((blocks[0], *rest))


def nearly_empty(rng, data):
	return rng.choice((b"", data[: rng.randrange(1, 40)], data[:12] + rng.randbytes(2000)))


def untouched(rng, data):
	return data


DAMAGES = (
	cut, without_a_part, flipped, broken_header, huge_claims, zeros, glued, mixed_up, nearly_empty, untouched
)  # fmt: skip


def damaged(number, seed=SEED):
	"""-> (description, bytes)"""
	rng = random.Random(f"{seed} {number}")
	name, damage = rng.choice(list(FORMATS)), DAMAGES[number % len(DAMAGES)]
	return f"{number} {damage.__name__} {name}", damage(rng, recording(name))


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
	"""[(description, its folder, Run)]"""
	root = tmp_path_factory.mktemp("damaged")
	names, commands = [], []
	for number in range(FILES):
		name, data = damaged(number)
		folder = root / str(number)
		(folder / "work").mkdir(parents=True)
		# names don't matter: half of them have a wrong extension
		path = folder / ("recording.bin" if number % 2 else f"recording.{name.rsplit('.', 1)[1]}")
		path.write_bytes(data)
		names.append((name, folder))
		commands.append([path, "--json", "--stage", "prepare", "--work", folder / "work", *LIMITS])
	done = run_all(commands, root / "runs", MOST_SECONDS)
	return [(name, folder, run) for (name, folder), run in zip(names, done, strict=True)]


def test_damaged_files_end_in_good_order(runs):
	strange = [
		(name, run.exit, run.error, run.errors[-2000:])
		for name, _folder, run in runs
		if run.hung
		or (run.exit, run.error is None) not in ((0, True), (3, False))
		or (run.error and (run.error["code"] not in CLEAR or run.error["retryable"]))
	]
	assert strange == []


def test_damaged_files_leave_nothing_but_the_result(runs):
	for name, folder, run in runs:
		left = {path.name for path in folder.rglob("*") if not path.is_dir()}
		expected = {path.name for path in folder.glob("recording.*")}
		if run.exit == 0:
			result = json.loads((folder / "work" / "prepare.json").read_text())
			expected |= {"prepare.json", *result["speech"], *filter(None, [result["playback"]])}
		assert left == expected, name


def test_damaged_files_are_of_many_kinds(runs):
	"""Ensures that the test is meaningful."""
	codes = {run.error["code"] for _name, _folder, run in runs if run.error}
	warned = [name for name, _folder, run in runs if run.warnings]
	whole = [run for name, _folder, run in runs if "untouched" in name]
	assert len(codes) >= 4
	assert len(warned) >= 20
	# the customer has not spoken yet when the stereo files end
	said = [(run.exit, run.warnings.keys() - {"single_channel_silent"}) for run in whole]
	assert said == [(0, set())] * len(whole)
