"""A part of a transcript, a waveform and a conversation contains all of the part, and nothing else."""

import base64
from itertools import pairwise

import pytest

from call_intelligence.clips import trim

ROWS = [
	["a", 0.0, 2.0, "S1", "Thanks for calling.", [[0.0, 0.5, "Thanks", 0.9], [0.5, 1.0, "for", 0.9], [1.0, 2.0, "calling.", 0.9]]],
	["b", 2.5, 5.0, "S2", "What does it cost?", [[2.5, 3.0, "What", 0.9], [3.0, 3.5, "does", 0.9], [3.5, 4.0, "it", 0.9], [4.0, 5.0, "cost?", 0.9]]],
	["c", 5.5, 7.0, "S1", "Twelve dollars.", [[5.5, 6.0, "Twelve", 0.9], [6.0, 7.0, "dollars.", 0.9]]],
]  # fmt: skip


def texts(rows):
	return [row[4] for row in rows]


def test_whole_utterances_on_the_parts_own_clock():
	assert trim.segments(ROWS, 2.25, 7.5) == [
		["b", 0.25, 2.75, "S2", "What does it cost?", [[0.25, 0.75, "What", 0.9], [0.75, 1.25, "does", 0.9], [1.25, 1.75, "it", 0.9], [1.75, 2.75, "cost?", 0.9]]],
		["c", 3.25, 4.75, "S1", "Twelve dollars.", [[3.25, 3.75, "Twelve", 0.9], [3.75, 4.75, "dollars.", 0.9]]],
	]  # fmt: skip


def test_the_whole_call_stays_as_it_is():
	assert trim.segments(ROWS, 0, 7.0) == ROWS


def test_an_utterance_that_is_cut_keeps_the_words_within():
	(one,) = trim.segments(ROWS, 3.2, 4.0)
	assert one == ["b", 0.0, 0.8, "S2", "does it", [[0.0, 0.3, "does", 0.9], [0.3, 0.8, "it", 0.9]]]


@pytest.mark.parametrize(
	("start", "end", "expected"),
	[
		# the middle of "does" is at 3.25
		(3.25, 3.3, ["does"]),
		(3.26, 3.3, []),
		(3.0, 3.25, []),
		(3.0, 3.26, ["does"]),
	],
)
def test_words_belong_where_their_middle_is(start, end, expected):
	assert texts(trim.segments(ROWS, start, end)) == expected


def test_neighbouring_parts_share_no_word_and_lose_none():
	cuts = [0, 1.1, 2.75, 3.25, 3.9, 4.4, 6.5, 8]
	heard = [text for start, end in pairwise(cuts) for text in texts(trim.segments(ROWS, start, end))]
	assert " ".join(heard).split() == " ".join(texts(ROWS)).split()


def test_times_never_leave_the_part():
	rows = [["a", 0, 10, "S1", "one two", [[0, 6, "one", 0.9], [2, 9, "two", 0.9]]]]
	for start, end in ((2, 4), (2.5, 6), (3, 5.6)):
		for _name, since, until, _speaker, _text, words in trim.segments(rows, start, end):
			assert 0 <= since <= until <= end - start + 1e-9
			assert all(0 <= word[0] <= word[1] <= end - start + 1e-9 for word in words)


def test_without_times_of_its_words_an_utterance_is_in_it_wholly_or_not_at_all():
	rows = [["a", 1.0, 3.0, "S1", "Nobody knows when", []]]
	assert texts(trim.segments(rows, 1.0, 3.0)) == ["Nobody knows when"]
	assert trim.segments(rows, 1.01, 3.5) == []
	assert trim.segments(rows, 0, 2.99) == []


def test_what_was_typed_without_words_of_its_own_is_not_told_of_a_cut_utterance():
	"""A user has typed more text than there are words with times."""
	rows = [["a", 0, 4, "S1", "We pay 900 in secret", [[0, 1, "We", 0.9], [1, 2, "pay", 0.9]]]]
	assert texts(trim.segments(rows, 0, 4)) == ["We pay 900 in secret"]
	assert texts(trim.segments(rows, 0, 3)) == ["We pay"]
	assert texts(trim.segments(rows, 1, 4)) == ["pay"]


def test_languages_without_spaces():
	rows = [
		["a", 0, 3, "S1", "今日は雨。", [[0, 1, "今日", 0.9], [1, 2, "は", 0.9, 1], [2, 3, "雨。", 0.9, 1]]]
	]
	assert texts(trim.segments(rows, 0.9, 3)) == ["は雨。"]


def test_the_channel_comes_along():
	rows = [["a", 0, 1, "S1", "Hi", [[0, 1, "Hi", 0.9]], 1], ["b", 1, 2, "S2", "Ho", [], 1]]
	assert [row[6] for row in trim.segments(rows, 0, 2)] == [1, 1]


# ------------------------------------------------------------------------------------------------ peaks


def peaks(values, per_second=10):
	return {
		"per_second": per_second,
		"count": len(values),
		"data": base64.b64encode(bytes(values)).decode(),
	}


def values(found):
	data = list(base64.b64decode(found["data"]))
	assert found["count"] == len(data)
	return data


def test_the_waveform_of_the_part():
	found = trim.peaks(peaks(range(100)), 3.3, 4.1)
	assert found["per_second"] == 10
	assert values(found) == list(range(33, 41))


def test_what_a_border_cuts_tells_nothing_of_its_other_side():
	loud_outside = [100] * 33 + [127] + [5] * 8 + [127] + [100] * 20
	assert values(trim.peaks(peaks(loud_outside), 3.35, 4.25)) == [5] * 10


def test_the_waveform_of_the_last_moments():
	assert values(trim.peaks(peaks(range(20)), 1.5, 2.04)) == [15, 16, 17, 18, 19]
	assert values(trim.peaks(peaks(range(20)), 0, 2)) == list(range(20))


def test_coarse_waveforms():
	"""Of recordings over two hours"""
	assert values(trim.peaks(peaks(range(100), per_second=2.5), 4, 8)) == list(range(10, 20))
	assert values(trim.peaks(peaks(range(100), per_second=2.5), 4.1, 4.2)) == []


def test_no_waveform():
	assert trim.peaks(None, 0, 1) is None
	assert values(trim.peaks(peaks([]), 0, 1)) == []
	assert values(trim.peaks(peaks(range(10)), 5, 6)) == []


# ------------------------------------------------------------------------------------------------ comments


def comment(name, at=None, reply_to=None):
	return {"name": name, "at": at, "reply_to": reply_to, "content": name}


def test_comments_at_moments_of_the_part_and_their_answers():
	rows = [
		comment("about all of it"),
		comment("before", 1.9),
		comment("first", 2.0),
		comment("last", 3.9),
		comment("behind", 4.0),
		comment("answer to first", reply_to="first"),
		comment("answer to before", reply_to="before"),
		comment("answer to all of it", reply_to="about all of it"),
	]
	assert [(row["name"], row["at"]) for row in trim.comments(rows, 2, 4)] == [
		("first", 0.0),
		("last", 1.9),
		("answer to first", None),
	]
