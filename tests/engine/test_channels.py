"""No channel and no track is lost: neither cancelled ones, nor those players leave out, nor those with few words."""

import array
import json
import math
import subprocess
import wave
from functools import cache

import pytest

from tests.engine_runs import run_all
from tests.speech import RATE, converted, noise, run_engine, say, scaled, silence, spoken_call, write_wav

OWNER = ("The price depends on the number of users.", "Would Thursday afternoon suit you both?")
CUSTOMER = ("I need to talk to my manager first.", "Yes, that works for me.")
SAID_AT = -24.4  # dB


@cache
def conversation():
	"""-> (the owner's channel, the customer's, [(first second, last, 0 for the owner or 1)])"""
	channels, turns = [silence(0.5), silence(0.5)], []
	for pair in zip(OWNER, CUSTOMER, strict=True):
		for speaker, text in enumerate(pair):
			said = say(text, ("rms", "slt")[speaker])
			begin = len(channels[0]) / RATE
			for number in (0, 1):
				channels[number] = channels[number] + (
					said if number == speaker else silence(len(said) / RATE)
				)
				channels[number] = channels[number] + silence(
					begin + len(said) / RATE + 0.4 - len(channels[number]) / RATE
				)
			turns.append((begin + 0.3, begin + len(said) / RATE - 0.3, speaker))
	length = min(map(len, channels))
	return channels[0][:length], channels[1][:length], turns


def plus(*channels):
	return array.array("h", map(sum, zip(*channels, strict=True)))


def delayed(samples, seconds):
	count = int(seconds * RATE)
	return silence(seconds) + samples[: len(samples) - count] if count else samples


def tracks(path, channels, *arguments):
	"""A file with a track for each wav file"""
	maps = [part for number in range(len(channels)) for part in ("-map", f"{number}:a")]
	files = [part for name in channels for part in ("-i", str(name))]
	subprocess.run(["ffmpeg", "-v", "error", "-y", *files, *maps, *arguments, str(path)], check=True)
	return path


def prepared(tmp_path, paths):
	runs = run_all(
		[[path, "--json", "--stage", "prepare", "--work", work_of(path)] for path in paths], tmp_path / "runs"
	)
	assert [run.exit for run in runs] == [0] * len(runs), [run.error for run in runs]
	return runs


def work_of(path):
	return path.with_name(f"{path.name}.work")


def result_of(path):
	return json.loads((work_of(path) / "prepare.json").read_text())


def heard(path):
	"""-> array of int16 at RATE, of a file played on a single loudspeaker with all channels"""
	fresh = path.with_name(f"{path.name}.heard.wav")
	mixed = ("-map", "0:a:0", "-ac", "1", "-ar", str(RATE))
	subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", path, *mixed, fresh], check=True)
	return samples_of(fresh)


def samples_of(path):
	with wave.open(str(path)) as file:
		return array.array("h", file.readframes(file.getnframes()))


def level(samples, begin, end):
	part = samples[int(begin * RATE) : int(end * RATE)]
	return 10 * math.log10(sum(x * x for x in part) / max(1, len(part)) / 32768**2 + 1e-12)


def speech(path, number=0):
	return samples_of(work_of(path) / f"speech.{number}.wav")


def for_players(path):
	copy = work_of(path) / "playback.m4a"
	return copy if copy.exists() else path


def check_all_is_heard(path, turns=None, most_below=16):
	"""Both in the transcribed sound and on a player with one loudspeaker"""
	sounds = {"played": heard(for_players(path))}
	if not result_of(path)["dual_channel"]:
		sounds["transcribed"] = speech(path)
	for what, samples in sounds.items():
		for begin, end, speaker in turns or conversation()[2]:
			assert level(samples, begin, end) > SAID_AT - most_below, (path.name, what, begin, speaker)


def check_a_speaker_on_each(path):
	assert result_of(path)["dual_channel"] is True, path.name
	for number in (0, 1):
		samples = speech(path, number)
		for begin, end, speaker in conversation()[2]:
			found = level(samples, begin, end)
			assert (found > -32) if speaker == number else (found < -45), (path.name, number, begin)


def test_inverted_channels_are_heard(tmp_path):
	owner, customer, _ = conversation()
	mono = plus(owner, customer)
	half = len(mono) // 2
	pairs = {
		"inverted": (mono, scaled(mono, -1)),
		"quieter": (mono, scaled(mono, -0.6)),
		"louder": (scaled(mono, -0.5), mono),
		"noisy": (mono, plus(scaled(mono, -1), noise(len(mono) / RATE + 1, 0.002)[: len(mono)])),
		"later": (mono, mono[:half] + scaled(mono[half:], -1)),
	}
	paths = [write_wav(tmp_path / f"{name}.wav", *pair) for name, pair in pairs.items()]
	coded = tmp_path / "coded.mp3"
	subprocess.run(["ffmpeg", "-v", "error", "-i", paths[0], "-b:a", "64k", coded], check=True)
	prepared(tmp_path, [*paths, coded])
	for path in (*paths, coded):
		samples = speech(path)
		for begin, end, speaker in conversation()[2]:
			assert level(samples, begin, end) > -32, (path.name, begin, speaker)
	for path in (paths[0], paths[1], coded):
		assert result_of(path)["browser_playable"] is False
		check_all_is_heard(path, most_below=8)


CONTAINERS = [
	("two.m4a", ("-c:a", "aac")),
	("two.mp4", ("-c:a", "aac", "-movflags", "+faststart")),
	("two.mov", ("-c:a", "pcm_s16le")),
	("two.mkv", ("-c:a", "libopus")),
	("two.mka", ("-c:a", "flac")),
	("two.webm", ("-c:a", "libopus")),
]


@pytest.mark.parametrize("pair", ["mono", "stereo"])
def test_two_tracks_with_a_voice_each_are_two_channels(tmp_path, pair):
	owner, customer, _ = conversation()
	sources = [
		write_wav(tmp_path / f"{name}.wav", *([samples] * (1 if pair == "mono" else 2)))
		for name, samples in (("owner", owner), ("customer", customer))
	]
	paths = [tracks(tmp_path / name, sources, *arguments) for name, arguments in CONTAINERS]
	for run in prepared(tmp_path, paths):
		assert run.warnings == {}
	for path in paths:
		assert result_of(path)["playback"] == "playback.m4a"
		check_a_speaker_on_each(path)
		check_all_is_heard(path, most_below=8)


def test_tracks_keep_their_time(tmp_path):
	"""One track begins late, ends early, and has a different rate"""
	owner, customer, turns = conversation()
	begin = min(turn[0] for turn in turns if turn[2] == 1) - 0.4
	end = len(customer) / RATE - 1
	low = tmp_path / "low.wav"
	cut = (
		"-ss",
		str(begin),
		"-to",
		str(end),
		"-i",
		str(write_wav(tmp_path / "c.wav", customer)),
		"-ar",
		"8000",
	)
	subprocess.run(["ffmpeg", "-v", "error", *cut, low], check=True)
	first = write_wav(tmp_path / "o.wav", owner)
	paths = []
	for name, arguments in CONTAINERS:
		path = tmp_path / name
		subprocess.run(
			["ffmpeg", "-v", "error", "-i", first, "-itsoffset", str(begin), "-i", low, "-map", "0:a", "-map", "1:a", *arguments, path],
			check=True,
		)  # fmt: skip
		paths.append(path)
	for run in prepared(tmp_path, paths):
		assert run.warnings == {}
	for path in paths:
		check_a_speaker_on_each(path)
		assert result_of(path)["duration"] == pytest.approx(len(owner) / RATE, abs=0.1)


def test_a_track_that_says_nothing_new_changes_nothing(tmp_path):
	owner, customer, _ = conversation()
	stereo, mono = (
		write_wav(tmp_path / "s.wav", owner, customer),
		write_wav(tmp_path / "m.wav", plus(owner, customer)),
	)
	nothing = write_wav(tmp_path / "n.wav", silence(len(owner) / RATE))
	paths = []
	for first in (stereo, mono):
		for number, second in enumerate(([], [first], [nothing], [mono])):
			paths.append(tracks(tmp_path / f"{first.stem}{number}.m4a", [first, *second], "-c:a", "aac"))
	prepared(tmp_path, paths)
	for path in paths:
		alone = result_of(path.with_name(f"{path.name[0]}0.m4a"))
		found = result_of(path)
		for key in ("duration", "dual_channel", "speech", "playback", "browser_playable", "warnings"):
			assert found[key] == alone[key], (path.name, key)


def test_the_second_track_is_heard_where_the_first_is_silent(tmp_path):
	owner, customer, _ = conversation()
	mono = write_wav(tmp_path / "m.wav", plus(owner, customer))
	path = tracks(tmp_path / "a.m4a", [write_wav(tmp_path / "n.wav", silence(len(owner) / RATE)), mono])
	prepared(tmp_path, [path])
	assert (result_of(path)["dual_channel"], result_of(path)["playback"]) == (False, "playback.m4a")
	check_all_is_heard(path, most_below=8)


def test_tracks_that_are_no_speaker_each_are_mixed(tmp_path):
	owner, customer, _ = conversation()
	mono = plus(owner, customer)
	far = plus(scaled(delayed(mono, 0.015), 0.35), noise(len(mono) / RATE + 1, 0.002)[: len(mono)])
	sounds = {"o": owner, "c": customer, "m": mono, "far": far}
	files = {name: write_wav(tmp_path / f"{name}.wav", samples) for name, samples in sounds.items()}
	third = write_wav(tmp_path / "hum.wav", noise(len(mono) / RATE + 1, 0.003, seed=3)[: len(mono)])
	paths = [
		tracks(tmp_path / "three.mkv", [files["o"], files["c"], third], "-c:a", "flac"),
		tracks(tmp_path / "both.m4a", [files["m"], files["far"]], "-c:a", "aac"),
	]
	prepared(tmp_path, paths)
	for path in paths:
		assert result_of(path)["dual_channel"] is False, path.name
		check_all_is_heard(path)


def test_no_channel_of_a_recorder_is_left_out(tmp_path):
	owner, customer, _ = conversation()
	mono = plus(owner, customer)
	empty = silence(len(owner) / RATE)[: len(owner)]

	def recorder(name, count, **voices):
		channels = [empty] * count
		for at, samples in voices.items():
			channels[int(at[1:])] = samples
		return write_wav(tmp_path / f"{name}.wav", *channels)

	alone = [recorder(f"one-{count}", count, c3=mono) for count in (4, 6, 8, 12)]
	pairs = [recorder("pair-6", 6, c3=owner, c5=customer), recorder("pair-8", 8, c3=owner, c7=customer)]
	three = recorder("three", 6, c0=scaled(mono, -1), c3=owner, c4=mono)
	coded = tmp_path / "coded.flac"
	subprocess.run(["ffmpeg", "-v", "error", "-i", alone[1], coded], check=True)
	prepared(tmp_path, [*alone, *pairs, three, coded])
	for path in (*alone, three, coded):
		assert result_of(path)["dual_channel"] is False
		check_all_is_heard(path)
	for path in pairs:
		check_a_speaker_on_each(path)
		check_all_is_heard(path, most_below=8)


def test_one_mix_on_both_channels_is_no_speaker_each(tmp_path):
	owner, customer, _ = conversation()
	mono = plus(owner, customer)
	hiss = noise(len(mono) / RATE + 1, 0.0005)[: len(mono)]
	paths = [
		write_wav(tmp_path / f"{first}-{milliseconds}-{below}.wav", *(pair if first else pair[::-1]))
		for milliseconds, below, first in ((1, 6.5, 0), (15, 9, 0), (15, 9, 1), (40, 20, 0))
		for pair in [(mono, plus(scaled(delayed(mono, milliseconds / 1000), 10 ** (-below / 20)), hiss))]
	]
	prepared(tmp_path, paths)
	for path in paths:
		assert result_of(path)["dual_channel"] is False, path.name
		check_all_is_heard(path, most_below=8)


def test_echoes_and_two_microphones_are_still_a_speaker_each(tmp_path):
	owner, customer, _ = conversation()
	pairs = {
		"clean": (owner, customer),
		"echo": (owner, plus(customer, scaled(delayed(owner, 0.03), 0.1))),
		"echoes": tuple(
			plus(own, scaled(delayed(other, 0.045), 0.15)) for own, other in ((owner, customer), (customer, owner))
		),
		"microphones": tuple(
			plus(own, scaled(delayed(other, 0.004), 0.35)) for own, other in ((owner, customer), (customer, owner))
		),
	}  # fmt: skip
	paths = [write_wav(tmp_path / f"{name}.wav", *pair) for name, pair in pairs.items()]
	prepared(tmp_path, paths)
	assert {path.stem: result_of(path)["dual_channel"] for path in paths} == dict.fromkeys(pairs, True)


def test_few_words_in_a_long_recording_are_not_taken_for_silence(tmp_path):
	owner, _, _ = conversation()
	word = say("Yes, of course I do.", "slt")
	many = (owner * (200 * RATE // len(owner) + 1))[: 200 * RATE]
	right = silence(100) + word + silence(100)
	path = write_wav(tmp_path / "long.wav", many, right[: len(many)])
	(run,) = prepared(tmp_path, [path])
	assert "single_channel_silent" not in run.warnings
	# the owner is silent at that time, or quieter than both
	samples = speech(path)
	plain = [level(many, second, second + 1) for second in (100, 101)]
	both = [level(samples, second, second + 1) for second in (100, 101)]
	assert result_of(path)["dual_channel"] or max(b - p for b, p in zip(both, plain, strict=True)) > -4


def test_more_tracks_than_can_be_mixed_are_refused_before_they_are_read(tmp_path):
	arguments = [part for _ in range(70) for part in ("-map", "0:a")]
	path = converted(spoken_call().mono, "tracks.mka", *arguments, "-t", "0.2", "-c:a", "pcm_s16le")
	run = run_engine(path, tmp_path / "w", "--stage", "prepare")
	assert (run.exit, run.error) == (3, "channels")
