"""The time of what is played is the time of the transcript: in the sound that is transcribed, and in what players get of the recording."""

import wave
from array import array

import pytest

from tests.media.ladder import RATE, TONES, samples_of, second_at
from tests.media.recordings import NAMES, RECORDINGS

# where the seconds change, what is heard 50 ms before and after tells which of them it is
LEEWAY = 0.05


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
