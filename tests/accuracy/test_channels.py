"""Words and voices of recordings with channels other than left and right, with the embedded models."""

import array
import subprocess
import wave

import pytest

from tests.accuracy.measures import by_speaker, cpwer, wer
from tests.speech import RATE, converted, hear, scaled, silence, spoken_call, write_wav


def samples(path):
	with wave.open(str(path)) as file:
		return array.array("h", file.readframes(file.getnframes()))


def inverted(folder):
	mono = samples(spoken_call().mono)
	return write_wav(folder / "a.wav", mono, scaled(mono, -1))


def delayed(folder):
	mono = samples(spoken_call().mono)
	return write_wav(folder / "a.wav", mono, silence(0.015) + scaled(mono, 0.35)[: -int(0.015 * RATE)])


def two_tracks(folder):
	channels = [
		converted(spoken_call().stereo, f"{side}.wav", "-af", f"pan=mono|c0=c{side}") for side in (0, 1)
	]
	path = folder / "a.m4a"
	inputs = ("-i", channels[0], "-i", channels[1], "-map", "0", "-map", "1")
	subprocess.run(["ffmpeg", "-v", "error", *inputs, path], check=True)
	return path


def recorder(folder):
	return converted(spoken_call().stereo, "recorder.wav", "-af", "pan=5.1|c3=c0|c5=c1")


@pytest.mark.parametrize("make", [inverted, delayed, two_tracks, recorder])
def test_words_and_speakers(tmp_path, make):
	call = spoken_call()
	run = hear(make(tmp_path), tmp_path / "work", "--language", "en")
	assert run.exit == 0, run.events
	whole = wer(call.text(), run.text)
	assert whole <= 5.0, run.text
	said = {speaker: call.text(speaker) for speaker in ("owner", "customer")}
	assert cpwer(said, by_speaker(run.utterances)) <= whole + 2.0, run.utterances
