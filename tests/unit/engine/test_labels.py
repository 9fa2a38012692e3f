"""Speaker labels of providers."""

import json

import pytest

from call_intelligence.engine.diarize.labels import by_labels
from call_intelligence.engine.types import EngineError

ZOOM = """WEBVTT

1
00:00:00.500 --> 00:00:02.000
Daniel Fox: Good morning.

2
00:00:02.100 --> 00:00:03.000
Daniel Fox: How are you?

3
01:00:02.500 --> 01:00:04.000
Sarah Miller: Fine.
"""
VOICES = "\ufeffWEBVTT - title\r\n\r\nNOTE nothing\r\n\r\n00:01.000 --> 00:02.000 align:start\r\n<v.loud Ann &amp; Bob>Hi</v>\r\n"
RTTM = (
	"SPEAKER call 1 1.000 2.500 <NA> <NA> Ann <NA> <NA>\nSPEAKER call 1 4.0 1.0 <NA> <NA> Bob_Lee <NA> <NA>\n"
)


def labels(tmp_path, text):
	path = tmp_path / "labels"
	path.write_text(text, encoding="utf-8")
	return by_labels(path)


def test_zoom_vtt(tmp_path):
	found = labels(tmp_path, ZOOM)
	assert [(speaker.key, speaker.name) for speaker in found.speakers] == [
		("S1", "Daniel Fox"),
		("S2", "Sarah Miller"),
	]
	assert [(turn.start, turn.end, turn.speaker) for turn in found.turns] == [
		(0.5, 3.0, "S1"),
		(3602.5, 3604.0, "S2"),
	]
	assert found.speakers[1].talk_seconds == 1.5


def test_vtt_voices(tmp_path):
	found = labels(tmp_path, VOICES)
	assert (found.speakers[0].name, found.turns[0].start, found.turns[0].end) == ("Ann & Bob", 1.0, 2.0)


@pytest.mark.parametrize(
	"text",
	[
		"00:05.000 --> 00:06.000",
		"Ann: at 00:05.000 --> 00:06.000",
		"00:05.000 ---> 00:06.000",
		"00:05.000 --> 00:06.0001",
		"00:05.000 --> 00:06.000, she said",
	],
)
def test_times_in_the_text_are_text(tmp_path, text):
	"""Times are in the first line of a cue, or in the second one after its name."""
	cues = f"WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<v Ann>Hi\n{text}\n<v Bob>Ho\n\nNOTE\nnothing\n{text}\n<v Eve>no\n"
	found = labels(tmp_path, cues)
	assert [(turn.start, turn.end) for turn in found.turns] == [(1.0, 2.0)]
	assert [speaker.name for speaker in found.speakers] == ["Ann"]


def test_a_line_that_is_nearly_one_of_times_is_text(tmp_path):
	cues = "WEBVTT\n\n00:05.000 --> 00:06.000abc\n<v Eve>no\n\n00:01.000 --> 00:02.000 line:0\n<v Ann>Hi\n"
	assert [speaker.name for speaker in labels(tmp_path, cues).speakers] == ["Ann"]


def test_rttm(tmp_path):
	found = labels(tmp_path, RTTM)
	assert [(t.start, t.end, t.speaker) for t in found.turns] == [(1.0, 3.5, "S1"), (4.0, 5.0, "S2")]
	assert found.speakers[1].name == "Bob Lee"


@pytest.mark.parametrize(
	"data",
	[
		[{"start": 1, "end": 2, "speaker": "Ann"}],
		{"segments": [{"startTime": 1, "endTime": 2, "speaker": "Ann", "body": "Hi"}]},
		{"turns": [{"start": "1", "end": "2", "speaker": "Ann"}]},
	],
)
def test_json(tmp_path, data):
	found = labels(tmp_path, json.dumps(data))
	assert [(t.start, t.end, t.speaker) for t in found.turns] == [(1.0, 2.0, "S1")]


@pytest.mark.parametrize(
	"text",
	["", "WEBVTT\n", "nonsense", "{", '{"a": 1}', "[1, 2]", '[{"start": null, "end": 1, "speaker": "x"}]'],
)
def test_labels_that_say_nothing_are_refused(tmp_path, text):
	with pytest.raises(EngineError) as refusal:
		labels(tmp_path, text)
	assert refusal.value.code == "diarizer_failed"


def test_a_missing_file_is_refused(tmp_path):
	with pytest.raises(EngineError, match="diarizer_failed"):
		by_labels(tmp_path / "none")
