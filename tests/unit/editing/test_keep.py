"""Users' corrections, applied to the result of a new run."""

import pytest

from call_intelligence.editing.keep import keep
from call_intelligence.editing.talk import talk_seconds
from call_intelligence.engine.spacing import with_glue


def utterance(speaker, *words, channel=0, **values):
	"""words: (start, text), each half a second long"""
	words = [[start, start + 0.5, text, 0.8] for start, text in words]
	return {
		"start": words[0][0],
		"end": words[-1][1],
		"speaker": speaker,
		"channel": channel,
		"text": " ".join(word[2] for word in words),
		"words": words,
		"confidence": 0.8,
		**values,
	}


def edited(speaker, *words, **values):
	flags = {"name": "old", "text_edited": 0, "speaker_edited": 0, "limits_edited": 0}
	return utterance(speaker, *words, **{**flags, **values})


def said(rows):
	return [(row["speaker"], row["text"]) for row in rows]


NEW = [
	utterance("S1", (0, "Thank"), (1, "you"), (2, "Northwind")),
	utterance("S2", (4, "The"), (5, "premium"), (6, "plan")),
]


def test_without_edits_nothing_happens():
	assert keep([], NEW) == NEW


def test_a_corrected_text_stays_with_its_words():
	row = edited("S1", (4, "The"), (5, "bronze"), (6, "plan"), text_edited=1)
	found = keep([row], NEW)
	assert said(found) == [("S1", "Thank you Northwind"), ("S2", "The bronze plan")]
	assert (found[1]["name"], found[1]["text_edited"]) == ("old", 1)


def test_what_the_new_run_says_around_it_stays_as_well():
	row = edited("S1", (1, "thee"), text_edited=1)
	found = keep([row], NEW)
	assert said(found) == [
		("S1", "Thank"),
		("S1", "thee"),
		("S1", "Northwind"),
		("S2", "The premium plan"),
	]


def test_two_voices_in_a_corrected_text_are_two_utterances():
	row = edited("S1", (1, "you"), (2, "Northwood"), (4, "The"), (5, "bronze"), text_edited=1)
	found = keep([row], NEW)
	assert said(found) == [("S1", "Thank"), ("S1", "you Northwood"), ("S2", "The bronze"), ("S2", "plan")]
	assert [row.get("name") for row in found] == [None, "old", None, None]


def test_a_speaker_set_by_hand_stays_with_the_new_words():
	row = edited("S9", (4, "the"), (5, "old"), (6, "words"), speaker_edited=1)
	assert said(keep([row], NEW))[1] == ("S9", "The premium plan")


def test_a_speaker_of_words_that_are_not_heard_any_more_is_nobody():
	row = edited("S9", (10, "gone"), speaker_edited=1)
	assert keep([row], NEW) == NEW


def test_limits_set_by_hand_stay_and_the_speaker_is_who_is_heard_most():
	row = edited("S7", (1, "a"), (2, "b"), (4, "c"), (5, "d"), (6, "e"), limits_edited=1)
	assert said(keep([row], NEW)) == [("S1", "Thank"), ("S2", "you Northwind The premium plan")]


def test_what_is_said_meanwhile_on_the_other_channel_is_left_alone():
	other = utterance("S2", (1, "mhm"), channel=1)
	row = edited("S1", (0, "Thanks"), (2, "Northwind"), text_edited=1)
	found = keep([row], [NEW[0], other])
	assert said(found) == [("S1", "Thanks Northwind"), ("S2", "mhm")]


@pytest.mark.parametrize(("glued", "text"), [(False, "Thank thee"), (True, "Thankthee")])
def test_words_keep_what_stands_between_them(glued, text):
	row = edited("S1", (2, "x"), text_edited=1)
	new = [utterance("S1", (0, "Thank"), (1, "thee"), (2, "y"))]
	new[0]["words"][1] = with_glue(new[0]["words"][1], glued)
	assert keep([row], new)[0]["text"] == text


def test_what_was_typed_into_a_gap_takes_its_place():
	row = edited("S1", (2, "We"), (3, "agree"), text_edited=1)
	found = keep([row], [gap(2.0, 4.0), gap(6.0, 8.0)])
	assert said(found) == [("S1", "We agree"), ("S1", "")]


def gap(start, end, speaker="S1"):
	place = {"start": start, "end": end, "speaker": speaker, "channel": 0}
	return {**place, "text": "", "words": [], "confidence": 0.0}


def test_who_speaks_in_a_gap_stays():
	row = {**edited("S9", (2, "x"), speaker_edited=1), "start": 2.0, "end": 4.0, "text": "", "words": []}
	assert said(keep([row], [gap(2.0, 4.0)])) == [("S9", "")]


def test_a_gap_within_what_was_edited_otherwise_stays():
	row = edited("S9", (0, "Thank"), (20, "you"), speaker_edited=1)
	new = [utterance("S1", (0, "Thank")), gap(5.0, 15.0), utterance("S1", (20, "you"))]
	assert ("S1", "") in said(keep([row], new))


# ------------------------------------------------------------------------------------------- talk


TURNS = [
	{"start": 0.0, "end": 4.0, "speaker": "S1"},
	{"start": 4.0, "end": 7.0, "speaker": "S2"},
	{"start": 7.0, "end": 12.0, "speaker": "S1"},
]


def row(speaker, start, end, by_hand=0):
	return {"speaker": speaker, "start": start, "end": end, "speaker_edited": by_hand}


def test_without_edits_the_turns_count():
	rows = [row("S1", 0.2, 3.5), row("S2", 4.1, 6.5), row("S1", 7.2, 11.0)]
	assert talk_seconds(TURNS, rows) == {"S1": 9.0, "S2": 3.0}


def test_what_was_given_to_somebody_else_counts_for_them():
	rows = [row("S1", 0.2, 3.5), row("S2", 4.1, 6.5), row("S2", 7.0, 11.0, 1)]
	assert talk_seconds(TURNS, rows) == {"S1": 5.0, "S2": 7.0}


def test_a_voice_of_its_own_and_one_that_says_nothing_any_more():
	rows = [row("S1", 0.2, 3.5), row("S3", 4.0, 7.0, 1), row("S1", 7.2, 11.0)]
	assert talk_seconds(TURNS, rows) == {"S1": 9.0, "S3": 3.0}


def test_nobody_is_known_by_then():
	rows = [row("unknown", 4.0, 7.0, 1), row("S1", 20.0, 21.5, 1)]
	assert talk_seconds(TURNS, rows) == {"S1": 10.5, "unknown": 3.0}


def test_without_turns_the_utterances_count():
	assert talk_seconds([], [row("S1", 0, 2), row("S2", 2, 3), row("unknown", 3, 9)]) == {
		"S1": 2.0,
		"S2": 1.0,
		"unknown": 6.0,
	}
