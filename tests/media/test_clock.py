"""The playback time is the time of the transcript: in the transcribed sound, and in the playable file of the recording."""

import wave
from array import array

import pytest

from tests.engine_runs import run_all
from tests.media.ladder import RATE, TONES, samples_of, second_at
from tests.media.recordings import NAMES, RECORDINGS

# at a change of seconds, the sound 50 ms before and after shows which of them it is
LEEWAY = 0.05
# seconds of a clip, and recordings to cut it from
BEGIN, END = 7.3, 18.6
OF_PARTS = (
	"pcm.wav", "joined.wav", "vbr.mp3", "vbr-bare.mp3", "late.m4a", "hole.m4a", "chained.ogg", "late.webm", "three-tracks.m4a",
	"inverted.wav", "recorder.wav", "pictures.webm", "late-sound.mp4",
)  # fmt: skip


@pytest.mark.parametrize("recording", RECORDINGS, ids=NAMES)
def test_what_is_transcribed_has_the_time_of_the_recording(prepared, recording):
	path, run = prepared[recording.name]
	assert run.exit == 0, run.events
	assert set(run.warnings) <= {"channels_identical"}
	with wave.open(str(path.parent / "work" / "speech.0.wav")) as file:
		check(array("h", file.readframes(file.getnframes())), recording.truth)


@pytest.mark.parametrize("recording", RECORDINGS, ids=NAMES)
def test_what_players_get_has_it_too(prepared, recording):
	path, _run = prepared[recording.name]
	copy = next((path.parent / "work").glob("playback.*"), None)
	assert bool(copy) is not recording.plain
	check(samples_of(copy or path), recording.truth)


@pytest.fixture(scope="module")
def parts(prepared, tmp_path_factory):
	"""{name: the part of the recording from BEGIN to END, cut as for clips}"""
	root = tmp_path_factory.mktemp("parts")
	runs = run_all(
		[[prepared[name][0], "--json", "--cut", BEGIN, END, "--work", root / name] for name in OF_PARTS],
		root / "runs",
	)
	assert [run.exit for run in runs] == [0] * len(runs), [run.error for run in runs]
	return {name: root / name / "part.m4a" for name in OF_PARTS}


@pytest.mark.parametrize("name", OF_PARTS)
def test_clips_have_it_as_well(parts, name):
	truth = next(recording.truth for recording in RECORDINGS if recording.name == name)
	inside = {second: sound for second, sound in truth.items() if BEGIN <= second < END - 1}
	check(samples_of(parts[name]), inside, BEGIN, END - BEGIN)


def check(samples, truth, begin=0, length=None):
	"""begin: second of the recording at which the samples begin; length: their duration, by default all of the truth"""
	wrong = {}
	for second, expected in truth.items():
		for moment in (second + LEEWAY, second + 0.4, second + 0.9 - LEEWAY):
			if moment - begin > len(samples) / RATE - 0.2:  # encoders pad the end
				continue
			heard = second_at(samples, moment - begin)
			if heard != (expected if expected is None else expected % TONES):
				wrong[round(moment, 2)] = heard
	assert wrong == {}
	assert len(samples) / RATE == pytest.approx(length or max(truth) + 1, abs=0.3)
