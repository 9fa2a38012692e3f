"""Transcripts as files are valid, and no text can break out of its place."""

import itertools
import json
import re

import pytest

from call_intelligence.engine.formats import FORMATS, render
from call_intelligence.engine.types import Utterance, Word

UTTERANCES = [
	{
		"start": 0.5,
		"end": 2.0,
		"speaker": "S1",
		"channel": 0,
		"text": "Good morning.",
		"confidence": 0.9,
		"words": [],
	},
	{"start": 2.5, "end": 3.0, "speaker": "S2", "channel": 1, "text": "Hi.", "confidence": 0.8, "words": []},
	{
		"start": 3723.4,
		"end": 3724.0,
		"speaker": "unknown",
		"channel": None,
		"text": "Bye.",
		"confidence": 0.5,
		"words": [],
	},
]
NASTY = [
	{**UTTERANCES[0], "text": "a < b & c --> d\n\n00:00:09.000 --> 00:00:10.000\n<script>alert(1)</script>"}
]


def test_vtt():
	assert render(UTTERANCES, "vtt", {"S1": "Daniel Fox"}) == (
		"WEBVTT\n\n"
		"00:00:00.500 --> 00:00:02.000\n<v Daniel Fox>Good morning.</v>\n\n"
		"00:00:02.500 --> 00:00:03.000\n<v Speaker 2>Hi.</v>\n\n"
		"01:02:03.400 --> 01:02:04.000\n<v Unknown>Bye.</v>\n"
	)


def test_srt_names_a_speaker_when_they_begin():
	assert render(UTTERANCES[:2], "srt", {"S2": "Sarah"}) == (
		"1\n00:00:00,500 --> 00:00:02,000\nSpeaker 1: Good morning.\n\n2\n00:00:02,500 --> 00:00:03,000\nSarah: Hi.\n"
	)


def test_txt():
	assert render(UTTERANCES, "txt", {}) == (
		"[0:00] Speaker 1: Good morning.\n[0:02] Speaker 2: Hi.\n[1:02:03] Unknown: Bye.\n"
	)


def test_rttm_leaves_out_the_unknown_and_has_no_spaces_in_names():
	lines = render(UTTERANCES, "rttm", {"S1": "Daniel  Fox"}).splitlines()
	assert lines[0] == "SPEAKER call 1 0.500 1.500 <NA> <NA> Daniel_Fox <NA> <NA>"
	assert [len(line.split()) for line in lines] == [10, 10]


def test_json_has_names_beside_keys():
	data = json.loads(render(UTTERANCES, "json", {"S1": "Żaneta"}))
	assert data["speakers"] == {"S1": "Żaneta", "S2": "Speaker 2", "unknown": "Unknown"}
	assert data["utterances"][0]["speaker_name"] == "Żaneta"


def test_what_is_said_cannot_end_a_cue_or_open_a_tag():
	vtt = render(NASTY, "vtt", {"S1": "<b>Evil</b>\n\n--> x"})
	assert vtt.count("-->") == 1
	assert len(vtt.strip().split("\n\n")) == 2
	assert not re.findall(r"<(?!v |/v>)", vtt)
	srt = render(NASTY, "srt", {"S1": "Evil\n\n2"})
	assert srt.count("-->") == 1
	assert len(srt.strip().split("\n\n")) == 1
	assert render(NASTY, "txt", {"S1": "a\nb"}).count("\n") == 1
	assert render(NASTY, "rttm", {"S1": "a\nb c"}).count("\n") == 1


@pytest.mark.parametrize("format", ["srt", "vtt"])
@pytest.mark.parametrize(
	"text",
	[
		"it goes ---> there",
		"a ----------> b -->",
		"00:00:09,000 ---> 00:00:10,000",
		"00:00:09.000 \u2028 --> \x1c 00:00:10.000",
		"----->" * 30,
		"-\n-\n>",
		"\x85\n\n7\n\n00:00:01,000 --> 00:00:02,000",
	],
)
def test_only_lines_of_times_have_an_arrow(format, text):
	words = [[0.5, 4.0, word, 0.9] for word in text.split(" ")] + [[9.0, 12.0, "--->", 0.9]]
	for row in (
		{**UTTERANCES[0], "text": text},
		{**UTTERANCES[0], "end": 12.0, "words": words, "text": text},
	):
		lines = render([row, UTTERANCES[1]], format, {"S1": f"A {text}", "S2": "--->"}).splitlines()
		arrows = [line for line in lines if "-->" in line]
		assert arrows
		for line in arrows:
			assert re.fullmatch(r"\d\d:\d\d:\d\d[.,]\d{3} --> \d\d:\d\d:\d\d[.,]\d{3}", line)
		assert len(arrows) == len(
			[block for block in "\n".join(lines).split("\n\n") if block.strip() != "WEBVTT"]
		)


@pytest.mark.parametrize("format", ["srt", "vtt"])
@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u2028"])
def test_what_has_no_text_is_no_cue(format, text):
	rows = [UTTERANCES[0], {**UTTERANCES[0], "start": 2.0, "end": 2.2, "text": text}, UTTERANCES[1]]
	assert render(rows, format, {}) == render([rows[0], rows[2]], format, {})


def test_long_utterances_become_cues_that_can_be_read():
	words = [[0.5 * i, 0.5 * i + 0.4, f"word{i}" + ("." if i % 8 == 7 else ""), 0.9] for i in range(60)]
	long = {
		**UTTERANCES[0],
		"start": 0,
		"end": words[-1][1],
		"words": words,
		"text": " ".join(w[2] for w in words),
	}
	cues = re.findall(
		r"(\d+):(\d+):([\d.]+) --> (\d+):(\d+):([\d.]+)\n<v Speaker 1>(.*)</v>", render([long], "vtt", {})
	)
	spans = [(int(m) * 60 + float(s), int(n) * 60 + float(t)) for _, m, s, _, n, t, _ in cues]
	assert len(cues) > 4
	assert all(0 < end - start <= 7.5 for start, end in spans)
	assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
	assert " ".join(cue[-1] for cue in cues) == long["text"]
	assert all(len(line) < 60 for line in render([long], "srt", {}).splitlines())


def test_languages_without_spaces_keep_to_it():
	words = [[float(i), i + 0.9, "字", 0.9, 1] for i in range(20)]
	words[10:12] = [[10.0, 10.9, "Excel", 0.9], [11.0, 11.9, "字", 0.9]]
	text = "字" * 10 + " Excel 字" + "字" * 8
	for format in ("vtt", "srt"):
		rendered = render([{**UTTERANCES[0], "end": 20.0, "words": words, "text": text}], format, {})
		assert "字字字" in rendered and "字 字" not in rendered
		assert " Excel 字" in rendered


def test_gaps_are_told_where_there_is_a_word_for_them():
	gap = {**UTTERANCES[0], "text": "", "words": []}
	assert "(niezrozumiałe)" in render([gap], "txt", {}, "(niezrozumiałe)")
	assert "-->" not in render([gap], "vtt", {}) + render([gap], "srt", {})


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_dataclasses_and_nothing_at_all(format):
	utterance = Utterance(0.0, 1.0, "S1", 0, "Yes.", 0.9, [Word(0.0, 1.0, "Yes.", 0.9, 0)])
	assert "Yes" in render([utterance], format, {}) or format == "rttm"
	assert isinstance(render([], format, {}), str)


def test_no_other_format():
	with pytest.raises(KeyError):
		render([], "docx", {})
