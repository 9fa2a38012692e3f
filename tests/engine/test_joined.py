"""Files concatenated with `cat`, and wav files with too small a size in the header: all is read, or missing seconds are reported."""

import wave
from array import array

import pytest

from call_intelligence.engine.waves import Parts
from tests.engine_runs import run_all
from tests.media.ladder import RATE, ffmpeg, ladder, second_at

SECONDS = 4  # of each of the two
READ = {
	"pcm.wav": (),
	"deep.wav": ("-c:a", "pcm_s24le"),
	"stereo.wav": ("-ac", "2"),
	"telephone.wav": ("-c:a", "pcm_mulaw", "-ar", "8000"),
	"adpcm.wav": ("-c:a", "adpcm_ms"),
	"long.wav": ("-rf64", "always"),
	"a.flac": (),
	"flac.ogg": ("-c:a", "flac"),
	"a.opus": (),
	"a.aac": (),
	"a.mp3": (),
	"opus.webm": ("-c:a", "libopus"),
	"pcm.mka": ("-c:a", "pcm_s16le"),
}
OTHER = {
	"rate.wav": [(), ("-ar", "8000")],
	"depth.wav": [(), ("-c:a", "pcm_s24le")],
	"codec.wav": [("-c:a", "pcm_mulaw"), ("-c:a", "adpcm_ms")],
	"a.m4a": [(), ()],
	"first.m4a": [("-movflags", "+faststart"), ()],
}


def encoded(folder, name, both):
	"""-> bytes of each of two files, the second of which continues the ladder"""
	found = []
	for number, arguments in enumerate(both):
		path = folder / f"{number}.{name}"
		source = folder / f"{number}.source.wav"
		if not source.exists():
			ladder(source, SECONDS, start=number * SECONDS, rate=44100)
		ffmpeg("-i", source, *arguments, path)
		found.append(path.read_bytes())
	return found


def with_size(data, size, chunk=b"data", width=4, before=4):
	at = data.index(chunk) + before
	return data[:at] + size.to_bytes(width, "little") + data[at + width :]


def prepared(tmp_path, files):
	"""files: {name: bytes} -> {name: (Run, samples of the transcribed sound)}"""
	paths = []
	for name, data in files.items():
		paths.append(tmp_path / name)
		paths[-1].write_bytes(data)
	runs = run_all(
		[[path, "--json", "--stage", "prepare", "--work", f"{path}.work"] for path in paths],
		tmp_path / "runs",
	)
	assert [run.exit for run in runs] == [0] * len(runs), [run.error for run in runs]
	found = {}
	for path, run in zip(paths, runs, strict=True):
		with wave.open(f"{path}.work/speech.0.wav") as file:
			found[path.name] = run, array("h", file.readframes(file.getnframes()))
	return found


def seconds_of(samples):
	return [second_at(samples, second + 0.4) for second in range(len(samples) // RATE)]


def test_files_put_together_are_read_whole(tmp_path):
	files = {name: b"".join(encoded(tmp_path, name, [arguments] * 2)) for name, arguments in READ.items()}
	for name, (run, samples) in prepared(tmp_path, files).items():
		assert seconds_of(samples)[: 2 * SECONDS] == list(range(2 * SECONDS)), name
		assert not {"partly_decoded", "cut_off"} & set(run.warnings), name


def test_what_is_not_read_is_said(tmp_path):
	files = {name: b"".join(encoded(tmp_path, name, both)) for name, both in OTHER.items()}
	for name, (run, samples) in prepared(tmp_path, files).items():
		assert seconds_of(samples)[:SECONDS] == list(range(SECONDS)), name
		said = run.warnings["partly_decoded"]
		assert said["decoded"] == pytest.approx(SECONDS, abs=0.2), name
		assert said["expected"] == pytest.approx(2 * SECONDS, abs=0.3), name


def test_a_length_that_says_too_little_is_passed_over(tmp_path):
	plain, _ = encoded(tmp_path, "a.wav", [()] * 2)
	stereo, _ = encoded(tmp_path, "stereo.wav", [("-ac", "2")] * 2)
	long, _ = encoded(tmp_path, "long.wav", [("-rf64", "always")] * 2)
	half = (len(plain) - plain.index(b"data") - 8) // 2
	files = {
		f"{name}-{size:x}.wav": with_size(data, size)
		for name, data in (("plain", plain), ("stereo", stereo))
		for size in (0, 0xFFFFFFFF, half // 4 * 4, 44100)
	}
	for size in (0, half):
		files[f"long-{size}.wav"] = with_size(long, size, b"ds64", 8, 16)
	for name, (run, samples) in prepared(tmp_path, files).items():
		assert seconds_of(samples)[:SECONDS] == list(range(SECONDS)), name
		assert not {"partly_decoded", "cut_off"} & set(run.warnings), name


def test_many_parts_are_read_as_one_file(tmp_path):
	data = bytes(range(256)) * 40
	path = tmp_path / "parts"
	path.write_bytes(data)
	spans = [(7 * number, 7 * number + number % 5) for number in range(1400)]
	whole = b"".join(data[begin:end] for begin, end in spans)
	parts = Parts(path, spans)
	for at in (0, 1, 11, len(whole) - 3, len(whole), len(whole) + 9):
		for size in (0, 1, 5, 100, -1):
			parts.seek(at)
			assert parts.read(size) == (whole[at:] if size < 0 else whole[at : at + size])
			assert parts.tell() == at + len(whole[at:] if size < 0 else whole[at : at + size])
	parts.close()
