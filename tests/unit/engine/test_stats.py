"""Figures of calls, with the calculation by hand next to each. Times are seconds."""

import random
from dataclasses import asdict, fields
from itertools import pairwise
from statistics import median

import pytest

from call_intelligence.engine.stats import (
	CUSTOMER_UNKNOWN,
	NO_REPLY,
	NO_SPEECH,
	NO_WORDS,
	OWNER_UNKNOWN,
	Figure,
	Options,
	interactivity_score,
	measure,
)
from call_intelligence.engine.types import Turn
from tests import speech

from .conversations import said, shifted, words

SIDES = {"S1": "Owner", "S2": "Customer"}
NEED_OWNER = ("owner_share", "owner_share_of_call", "talk_speed", "longest_monologue", "owner_questions")
NEED_CUSTOMER = ("longest_story", "customer_questions")
NEED_BOTH = ("switches", "interactivity", "pauses", "patience", "interruptions", "first_response")

# 60 s. The owner speaks 6 + 0.5 + 6 + 12 + 4 = 28.5 s, the customer 10 + 6 + 1.5 + 0.6 = 18.1 s, together 46.6 s.
SALES = [
	said(0, 6, "S1", "Hello, this is Daniel from Acme, how can I help you today?"),  # 12 words
	said(7, 17, "S2", words(20)),
	said(12, 12.5, "S1", "Uh-huh."),
	said(19, 25, "S2", words(15)),
	said(24, 30, "S1", "Sorry, so how many seats do you need?"),  # 8 words, a second too early
	said(31.5, 33, "S2", "Twelve, is that fine?"),
	said(33, 45, "S1", words(24)),
	said(38, 38.6, "S2", "Right."),
	said(52, 56, "S1", words(10)),
]


@pytest.fixture
def sales():
	return measure(SALES, 60, SIDES)


def moments(figure):
	return [tuple(moment) for moment in figure.moments]


def test_shares_of_speaking_and_of_the_call(sales):
	assert sales.call_seconds == 60
	assert sales.speech_seconds == 46.6
	assert sales.owner_share.value == pytest.approx(100 * 28.5 / 46.6)
	assert sales.owner_share_of_call.value == pytest.approx(47.5)
	# the owner's three turns: the "Uh-huh." is none
	assert moments(sales.owner_share) == [(0, 6), (24, 30), (33, 56)]


def test_figures_of_each_voice(sales):
	owner, customer = sales.speakers
	assert (owner.key, owner.side, customer.key, customer.side) == ("S1", "Owner", "S2", "Customer")
	assert (owner.talk.value, customer.talk.value) == (28.5, 18.1)
	assert owner.share + customer.share == pytest.approx(100)
	assert customer.share_of_call == pytest.approx(100 * 18.1 / 60)
	# 20 + 15 + 4 + 1 words in 18.1 s
	assert (customer.words, customer.words_per_minute.value) == (40, pytest.approx(40 / 18.1 * 60))
	assert moments(customer.turns) == [(7, 25), (31.5, 33)]
	assert owner.questions.value == 2
	assert moments(owner.longest_monologue) == [(25, 45)]


def test_talk_speed_counts_words_while_speaking(sales):
	# 12 + 1 + 8 + 24 + 10 = 55 words in 28.5 s
	assert sales.talk_speed.value == pytest.approx(55 / 28.5 * 60)
	# of the utterances of ten words or more, 10 in 4 s are faster than 12 in 6 s and 24 in 12 s
	assert moments(sales.talk_speed) == [(52, 56)]


def test_longest_monologue(sales):
	# The customer speaks 16 s in one go (7 to 25, pause included), which cuts off the owner's first second of 24 to 30. "Twelve, is that
	# fine?" takes 1.5 s and "Right." 0.6 s: no end. From 25 to 45; the 7 s of silence end it.
	assert (sales.longest_monologue.value, moments(sales.longest_monologue)) == (20, [(25, 45)])


def test_longest_customer_story(sales):
	# "Uh-huh." doesn't end it, nor do the 2 s of silence; the owner's "Sorry ..." from 24 on does.
	assert (sales.longest_story.value, moments(sales.longest_story)) == (17, [(7, 24)])


def test_interactivity_counts_switches_of_side(sales):
	# owner 0-6, customer 7-25, owner 24-30, customer 31.5-33, owner 33-56: four in a minute. The customer's 1.5 s answer a question.
	assert sales.switches.value == pytest.approx(4)
	assert moments(sales.switches) == [(6, 7), (24, 25), (30, 31.5), (33, 33)]
	assert sales.interactivity.value == pytest.approx(10 * 4 / (4 + 3))
	assert sales.turns.value == 5


def test_questions_by_side(sales):
	assert (sales.owner_questions.value, moments(sales.owner_questions)) == (2, [(0, 6), (24, 30)])
	assert (sales.customer_questions.value, moments(sales.customer_questions)) == (1, [(31.5, 33)])


def test_silence_and_overlap(sales):
	# 6-7, 17-19, 30-31.5, 45-52, 56-60; only the fourth is over 4 s
	assert (sales.silence.value, moments(sales.silence)) == (15.5, [(45, 52)])
	# "Uh-huh.", the second from 24 to 25, "Right."
	assert (sales.overlap.value, moments(sales.overlap)) == (2.1, [(12, 12.5), (24, 25), (38, 38.6)])


def test_patience():
	stats = measure(
		[
			said(0, 2.2, "S1", "Please go on."),
			said(2.5, 10, "S2", words(9)),
			said(11, 14, "S1", words(9)),  # after 1 s
			said(14, 20, "S2", words(9)),
			said(23, 25.5, "S1", words(9)),  # after 3 s
			said(26, 30, "S2", words(9)),
			said(30, 33, "S1", words(9)),  # at once
			said(33, 40, "S2", words(9)),
			said(39.9, 45, "S1", words(9)),  # 0.1 s early, which is at once
			said(45, 50, "S2", words(9)),
			said(48, 52, "S1", words(9)),  # 2 s early: an interruption
		],
		60,
		SIDES,
	)
	assert stats.patience.value == 0.5  # the median of 1, 3, 0, 0
	assert (stats.pauses.value, moments(stats.pauses)) == (2, [(10, 11), (20, 23)])
	assert (stats.interruptions.value, moments(stats.interruptions)) == (1, [(48, 50)])
	assert (stats.first_response.value, moments(stats.first_response)) == (1, [(10, 11)])


def test_who_speaks_on_while_the_other_has_a_say_does_not_reply():
	stats = measure(
		[said(0, 20, "S1", words(40)), said(8, 11, "S2", words(6)), said(25, 30, "S1", words(9))], 30, SIDES
	)
	for name in ("pauses", "patience", "interruptions", "first_response"):
		assert getattr(stats, name) == Figure(None, reason=NO_REPLY), name


def test_a_reply_after_somebody_else_spoke_says_nothing_about_patience():
	segments = [
		said(0, 5, "S2", words(9)),
		said(6, 8, "S3", words(9)),
		said(10, 15, "S1", words(9)),
		said(16, 20, "S2", words(9)),
		said(21.5, 25, "S1", words(9)),
	]
	stats = measure(segments, 30, SIDES)
	assert (stats.patience.value, stats.pauses.value) == (1.5, 1)


# ------------------------------------------------------------------------------------------------ interjections


def story(*between):
	"""10 s, what comes between, 10 s -> segments"""
	return [said(0, 10, "S2", words(9)), *between, said(14, 24, "S2", words(9))]


@pytest.mark.parametrize(
	("seconds", "length"),
	[
		(1.9, 24),
		(2.0, 24),
		(2.01, 10),  # over 2 s: it is the other's turn
	],
)
def test_an_interjection_ends_no_story_and_is_no_switch(seconds, length):
	stats = measure(story(said(11, 11 + seconds, "S1", "Right, I see.")), 30, SIDES)
	assert stats.longest_story.value == length
	assert stats.turns.value == (1 if length == 24 else 3)
	assert stats.switches.value == (0 if length == 24 else 4)  # two in half a minute


def test_interjections_together_are_none_when_nothing_is_said_between_them():
	# 1.5 + 1.5 s, while the customer waits
	stats = measure(story(said(10, 11.5, "S1", "Right."), said(12, 13.5, "S1", "I see.")), 30, SIDES)
	assert (stats.longest_story.value, stats.turns.value) == (10, 3)
	# the same on two sides of a word of the customer
	segments = story(
		said(10, 11.5, "S1", "Right."), said(11.6, 11.9, "S2", "So"), said(12, 13.5, "S1", "I see.")
	)
	assert measure(segments, 30, SIDES).longest_story.value == 24


def test_each_of_several_interjections_may_take_two_seconds():
	segments = [
		*story(said(10, 12, "S1", "Right, I see.")),
		said(24, 26, "S1", "Fine."),
		said(26, 30, "S2", words(9)),
	]
	assert measure(segments, 30, SIDES).longest_story.value == 30


def test_what_is_said_within_the_others_speech_is_no_turn_at_the_end_either():
	stats = measure([said(0, 10, "S1", words(9)), said(5, 5.5, "S2", "Right.")], 10, SIDES)
	assert (stats.turns.value, stats.switches.value) == (1, 0)


def test_a_short_reply_to_something_short_is_a_turn():
	segments = [said(0, 1, "S2", "So."), said(1.2, 2, "S1", "Right."), said(2.2, 12, "S2", words(9))]
	assert measure(segments, 12, SIDES).turns.value == 3


def test_who_answers_or_asks_makes_no_interjection():
	asked = said(0, 10, "S2", "Well, and what is the price?")
	answered = [asked, said(11, 12, "S1", "Twelve."), said(14, 24, "S2", words(9))]
	assert measure(answered, 30, SIDES).turns.value == 3
	asking = story(said(11, 12, "S1", "Since when?"))
	assert measure(asking, 30, SIDES).turns.value == 3
	# a question long before is not what "Twelve." answers
	before = [said(0, 4, "S2", "What is it?"), *shifted(story(said(11, 12, "S1", "Twelve.")), 5)]
	assert measure(before, 30, SIDES).turns.value == 1


def test_short_turns_on_both_sides_are_a_lively_talk():
	segments = [
		said(at, at + 1, f"S{number % 2 + 1}", "It is Tuesday.") for number, at in enumerate(range(0, 20, 2))
	]
	stats = measure(segments, 60, SIDES)
	assert (stats.turns.value, stats.switches.value) == (10, 9)


def test_pauses_in_a_monologue():
	for pause, length in ((4.0, 24.0), (4.01, 10.01)):
		segments = [
			said(0, 10, "S1", words(9)),
			said(10 + pause, 24 if pause == 4 else 24.02, "S1", words(9)),
		]
		assert measure(segments, 30, SIDES).longest_monologue.value == length, pause
	# "Uh-huh." is no silence: 3 + 3 s of it are too much, 2 + 1.9 s are not
	for start, again, length in ((13, 17, 10), (12, 14.9, 20)):
		segments = [
			said(0, 10, "S1", words(9)),
			said(start, start + 1, "S2", "Uh-huh."),
			said(again, 20, "S1", words(9)),
		]
		assert measure(segments, 30, SIDES).longest_monologue.value == length, start


def test_the_numbers_come_from_the_settings():
	segments = story(said(11, 13, "S1", words(5)))
	assert measure(segments, 30, SIDES, Options(interjection=1.5)).longest_story.value == 10
	assert measure(story(), 30, SIDES, Options(pause=3.9)).longest_story.value == 10
	assert measure(SALES, 60, SIDES, Options(lively=4)).interactivity.value == pytest.approx(5)
	assert measure(SALES, 60, SIDES, Options(touch=1)).interruptions.value == 0


# ------------------------------------------------------------------------------------------------ identification


def test_without_sides_what_depends_on_them_is_not_told():
	for sides in ({}, {"S1": "Unknown", "S2": "Unknown"}, {"S1": None}, {"S9": "Owner"}):
		stats = measure(SALES, 60, sides)
		for name in NEED_OWNER + NEED_BOTH:
			assert getattr(stats, name) == Figure(None, reason=OWNER_UNKNOWN), name
		for name in NEED_CUSTOMER:
			assert getattr(stats, name) == Figure(None, reason=CUSTOMER_UNKNOWN), name
		# what doesn't depend on them is there all the same
		assert (stats.turns.value, stats.silence.value, stats.speakers[0].turns.value) == (5, 15.5, 3)
		assert stats.speakers[0].side == "Unknown"


def test_the_owner_alone_is_known():
	stats = measure(SALES, 60, {"S1": "Owner"})
	assert stats.owner_share.value == pytest.approx(100 * 28.5 / 46.6)
	assert stats.longest_monologue.value == 20
	for name in NEED_CUSTOMER + NEED_BOTH:
		assert getattr(stats, name) == Figure(None, reason=CUSTOMER_UNKNOWN), name


def test_one_voice():
	stats = measure([said(0, 6, "S1", words(12))], 10, {"S1": "Owner"})
	assert (stats.owner_share.value, stats.owner_share_of_call.value) == (100, 60)
	assert (stats.turns.value, stats.overlap.value, stats.silence.value) == (1, 0, 4)
	assert stats.longest_monologue.value == 6
	assert stats.patience.reason == CUSTOMER_UNKNOWN


def test_two_voices_of_one_side_go_on_for_each_other():
	segments = [said(0, 5, "S1", words(10)), said(5, 10, "S3", words(10)), said(11, 20, "S2", words(10))]
	stats = measure(segments, 20, {**SIDES, "S3": "Owner"})
	assert moments(stats.longest_monologue) == [(0, 10)]
	assert stats.owner_share.value == pytest.approx(100 * 10 / 19)
	assert moments(stats.switches) == [(10, 11)]
	assert stats.turns.value == 3  # of voices
	assert [voice.longest_monologue.value for voice in stats.speakers] == [5, 5, 9]
	# the speech of both counts where they speak at once, the words of both as well
	both = measure(
		[said(0, 6, "S1", words(12)), said(3, 9, "S3", words(12))], 10, {"S1": "Owner", "S3": "Owner"}
	)
	assert (both.owner_share.value, both.speech_seconds, both.overlap.value) == (100, 12, 3)
	assert both.talk_speed.value == 120
	assert moments(both.longest_monologue) == [(0, 9)]


def test_a_voice_on_neither_side_ends_a_monologue_and_switches_nothing():
	segments = [said(0, 5, "S1", words(9)), said(5, 8, "unknown", words(9)), said(8, 12, "S1", words(9))]
	stats = measure([*segments, said(13, 15, "S2", words(4))], 15, SIDES)
	assert stats.longest_monologue.value == 5
	assert moments(stats.switches) == [(12, 13)]
	assert [voice.side for voice in stats.speakers] == ["Owner", "Unknown", "Customer"]


def test_unknown_is_on_no_side_even_when_somebody_says_so():
	stats = measure([said(0, 5, "unknown", words(9))], 5, {"unknown": "Owner"})
	assert stats.owner_share == Figure(None, reason=OWNER_UNKNOWN)
	assert stats.speakers[0].side == "Unknown"


def test_nobody_speaks():
	for duration, silence in ((30, 30), (0, 0), (None, 0)):
		stats = measure([], duration, SIDES)
		for name in NEED_OWNER + NEED_CUSTOMER + NEED_BOTH:
			assert getattr(stats, name) == Figure(None, reason=NO_SPEECH), name
		assert (stats.silence.value, stats.overlap.value, stats.turns.value) == (silence, 0, 0)
		assert stats.speakers == ()


# ------------------------------------------------------------------------------------------------ transcripts


def test_utterances_back_to_back_are_one_turn():
	segments = [said(at, at + 3, "S1", words(6)) for at in range(0, 30, 3)] + [said(30, 33, "S2", words(6))]
	stats = measure(segments, 33, SIDES)
	assert (stats.turns.value, stats.silence.value, stats.overlap.value) == (2, 0, 0)
	assert moments(stats.longest_monologue) == [(0, 30)]


def test_an_utterance_without_length_or_words():
	segments = [
		["a", 3, 3, "S1", "What?", []],
		["b", 5, 4.5, None, None, None],
		["c", 6, 9, "S2", "So what is it then?", []],
	]
	stats = measure(segments, 10, SIDES)
	assert [voice.key for voice in stats.speakers] == ["S1", "unknown", "S2"]
	assert (stats.speakers[0].talk.value, stats.speakers[0].questions.value) == (0, 1)
	assert stats.speakers[0].words_per_minute == Figure(None, reason=NO_SPEECH)
	assert moments(stats.customer_questions) == [(6, 9)]
	assert stats.owner_share.reason == OWNER_UNKNOWN  # not heard for any time at all


def test_an_utterance_that_outlasts_the_recording_lengthens_the_call():
	stats = measure([said(0, 10.4, "S1", words(9))], 10, SIDES)
	assert (stats.call_seconds, stats.owner_share_of_call.value) == (10.4, 100)


@pytest.mark.parametrize(
	("text", "language", "count"),
	[
		("What? When?", "en", 2),
		("What?! Really??", "en", 2),
		("Quoi ? Non.", "fr", 1),
		('He asked "why?" and left.', "en", 1),
		("ما هو السعر؟", "ar", 1),
		("多少钱？好的。", "zh", 1),
		("Πόσο κάνει;", "el", 1),
		("Yes; no.", "en", 0),
		("See example.com/?page=2 there.", "en", 0),
		("? ?", "en", 0),
	],
)
def test_questions(text, language, count):
	stats = measure([said(0, 8, "S1", text, language)], 8, SIDES, language=language)
	assert stats.owner_questions.value == count


def test_a_question_is_where_its_sentence_begins():
	stats = measure([said(0, 8, "S1", "It is so. And what is the price?")], 8, SIDES)
	assert moments(stats.owner_questions) == [(3, 8)]  # eight words in 8 s, the fourth begins it


def test_languages_without_spaces_have_no_words_to_count():
	assert measure([said(0, 8, "S1", "多少钱", "zh")], 8, SIDES, language="zh").talk_speed == Figure(
		None, reason=NO_WORDS
	)


# ------------------------------------------------------------------------------------------------ turns


def test_turns_say_when_and_utterances_who():
	turns = [Turn(0.1, 4, "S1"), Turn(4.6, 9.9, "S1"), Turn(10.2, 14, "S2"), Turn(16, 18, "S2")]
	segments = [said(0, 10, "S1", words(20)), said(10, 14.2, "S2", words(9)), said(16, 18, "S2", words(4))]
	stats = measure(segments, 20, SIDES, turns=turns)
	assert [voice.talk.value for voice in stats.speakers] == [9.2, 5.8]  # 3.9 + 5.3, 3.8 + 2
	# a person has given the last utterance to a third voice
	segments[2][3] = "S3"
	stats = measure(segments, 20, SIDES, turns=turns)
	assert {voice.key: voice.talk.value for voice in stats.speakers} == {"S1": 9.2, "S2": 3.8, "S3": 2}
	# ... and one that no turn knows of
	segments.append(said(18.5, 19.5, "unknown", "Bye."))
	assert measure(segments, 20, SIDES, turns=turns).speech_seconds == 16
	# what was heard of a voice that has no words left is noise
	assert measure(segments, 20, SIDES, turns=[*turns, Turn(15, 15.5, "S4")]).speech_seconds == 16


def test_speech_moves_only_from_who_is_heard_to_who_hardly_is():
	turns = [Turn(0, 0.5, "S3"), Turn(1, 10, "S2")]
	# 0.5 of 10 s are of S3, 9 s of S2: the utterance was given to S3
	stats = measure([said(0, 10, "S3", words(9))], 10, SIDES, turns=turns)
	assert {voice.key: voice.talk.value for voice in stats.speakers} == {"S3": 9.5}
	# 3 of 10 s are of S3, 2 s of S2: it was S3's all along, with long pauses
	turns = [Turn(0, 3, "S3"), Turn(5, 7, "S2")]
	stats = measure([said(0, 10, "S3", words(9))], 10, SIDES, turns=turns)
	assert {voice.key: voice.talk.value for voice in stats.speakers} == {"S3": 3}


def test_speaking_at_once_moves_no_speech():
	# each channel has its own turns; what the other says during a pause stays theirs
	turns = [Turn(0, 3, "S1"), Turn(6, 10, "S1"), Turn(2, 8, "S2")]
	stats = measure([said(0, 10, "S1", words(9)), said(2, 8, "S2", words(9))], 10, SIDES, turns=turns)
	assert [voice.talk.value for voice in stats.speakers] == [7, 6]
	assert stats.overlap.value == 3  # 2-3 and 6-8


def test_true_turns_give_true_figures_whatever_the_words_times():
	rng = random.Random(7)
	for _ in range(20):
		true, segments = {"S1": 0.0, "S2": 0.0}, []
		turns, at = [], 0.0
		for number in range(40):
			key, length = f"S{number % 2 + 1}", rng.uniform(1, 9)
			turns.append(Turn(at, at + length, key))
			true[key] += length
			early, late = rng.uniform(-0.3, 0.3), rng.uniform(-0.3, 0.3)
			segments.append(said(max(at + early, 0), at + length + late, key, words(8)))
			at += length + rng.uniform(-0.2, 1.5)
		stats = measure(segments, at, SIDES, turns=turns)
		for voice in stats.speakers:
			assert voice.talk.value == pytest.approx(true[voice.key], abs=0.1)
		assert stats.owner_share.value == pytest.approx(100 * true["S1"] / sum(true.values()), abs=0.5)


@pytest.mark.parametrize("name", sorted(speech.SCRIPTS))
def test_spoken_calls_of_which_the_turns_are_known(name):
	"""Words a little early or late, as a recogniser has them; turns as they were spoken."""
	call, rng = speech.spoken_call(name), random.Random(2)
	keys = {"owner": "S1", "customer": "S2"}
	turns = [Turn(turn.start, turn.end, keys[turn.speaker]) for turn in call.turns]
	segments = [
		said(
			max(turn.start + rng.uniform(-0.2, 0.2), 0),
			turn.end + rng.uniform(-0.2, 0.2),
			keys[turn.speaker],
			turn.text,
		)
		for turn in call.turns
	]
	stats = measure(segments, call.duration, SIDES, turns=turns, language="en")

	lengths = {who: [t.end - t.start for t in call.turns if t.speaker == who] for who in keys}
	spoken = sum(map(sum, lengths.values()))
	# the voices take turns, with a pause before each: every reply is one contribution
	replies = [after.start - before.end for before, after in pairwise(call.turns) if after.speaker == "owner"]
	assert all(wait > 0 for wait in replies)
	close = {"abs": 0.1}
	assert stats.owner_share.value == pytest.approx(100 * sum(lengths["owner"]) / spoken, abs=0.5)
	assert stats.owner_share_of_call.value == pytest.approx(
		100 * sum(lengths["owner"]) / call.duration, abs=0.5
	)
	assert stats.longest_monologue.value == pytest.approx(max(lengths["owner"]), **close)
	assert stats.longest_story.value == pytest.approx(max(lengths["customer"]), **close)
	assert stats.patience.value == pytest.approx(median(replies), **close)
	assert stats.first_response.value == pytest.approx(replies[0], **close)
	assert (stats.pauses.value, stats.interruptions.value) == (len(replies), 0)
	assert stats.silence.value == pytest.approx(call.duration - spoken, **close)
	assert stats.overlap.value == 0
	assert stats.turns.value == len(call.turns)
	assert stats.switches.value == pytest.approx((len(call.turns) - 1) / (call.duration / 60), rel=0.001)
	words_said = len(call.text("owner").split())
	assert stats.talk_speed.value == pytest.approx(words_said / (sum(lengths["owner"]) / 60), rel=0.01)
	for who, figure in (("owner", stats.owner_questions), ("customer", stats.customer_questions)):
		assert figure.value == call.text(who).count("?")


# ------------------------------------------------------------------------------------------------ properties


def chatter(rng, voices, count=60):
	segments, at = [], rng.uniform(0, 5)
	for _ in range(count):
		length = rng.choice([0.4, 1.5, 2.0, 4.0, 12.0])
		start = round(max(at + rng.uniform(-1.5, 5), 0), 2)
		text = words(rng.randint(1, 20)) if rng.random() < 0.8 else "So what is it?"
		segments.append(said(start, round(start + length, 2), rng.choice(voices), text))
		at = start + length
	return segments


def figures(value, prefix=""):
	"""Every Figure in a dataclass -> {path: Figure}"""
	found = {}
	for field in fields(value):
		one = getattr(value, field.name)
		if isinstance(one, Figure):
			found[prefix + field.name] = one
		elif isinstance(one, tuple):
			for number, part in enumerate(one):
				found.update(figures(part, f"{prefix}{field.name}.{number}."))
	return found


def test_properties_of_any_conversation():
	rng = random.Random(4)
	sides = {"S1": "Owner", "S2": "Customer", "S3": "Customer", "S4": "Owner", "unknown": "Unknown"}
	for turn in range(60):
		segments = chatter(rng, list(sides)[: rng.randint(1, 5)])
		length = max(segment[2] for segment in segments) + 20
		stats = measure(segments, length, sides)
		assert sum(voice.share for voice in stats.speakers) == pytest.approx(100)
		# where nobody is silent, somebody speaks; where two or three do, all count
		spoken = stats.call_seconds - stats.silence.value
		assert spoken <= stats.speech_seconds - stats.overlap.value + 0.001
		assert sum(voice.turns.value for voice in stats.speakers) == stats.turns.value
		assert (stats.owner_questions.value or 0) + (stats.customer_questions.value or 0) <= sum(
			voice.questions.value for voice in stats.speakers
		)
		for name, figure in figures(stats).items():
			assert (figure.value is None) == (figure.reason is not None), name
			for start, end in figure.moments:
				assert 0 <= start <= end <= length, name
			assert list(figure.moments) == sorted(figure.moments, key=lambda moment: moment.start), name

		mixed = rng.sample(segments, len(segments))
		assert asdict(measure(mixed, length, sides)) == asdict(stats), "the order of input"

		later = measure(shifted(segments, 7.25), length, sides)
		for name, figure in figures(stats).items():
			if figure.value is not None and name != "silence":
				assert getattr_path(later, name).value == pytest.approx(figure.value), (turn, name)
			if name != "silence":
				at = [round(start - 7.25, 2) for start, _ in getattr_path(later, name).moments]
				assert at == pytest.approx([start for start, _ in figure.moments], abs=0.02), name
		assert later.silence.value == pytest.approx(stats.silence.value)


def test_silence_overlap_and_talk_as_counted_tick_by_tick():
	rng = random.Random(9)
	for _ in range(15):
		segments = chatter(rng, ["S1", "S2", "S3"], 25)
		length = max(segment[2] for segment in segments) + 3
		ticks = [set() for _ in range(round(length * 100))]  # who speaks in each hundredth of a second
		for _name, start, end, key, _text, _words in segments:
			for tick in range(round(start * 100), round(end * 100)):
				ticks[tick].add(key)
		stats = measure(segments, length, SIDES)
		assert stats.silence.value == pytest.approx(sum(not who for who in ticks) / 100)
		assert stats.overlap.value == pytest.approx(sum(len(who) > 1 for who in ticks) / 100)
		for voice in stats.speakers:
			assert voice.talk.value == pytest.approx(sum(voice.key in who for who in ticks) / 100)


def getattr_path(value, path):
	for part in path.split("."):
		value = value[int(part)] if part.isdigit() else getattr(value, part)
	return value


def test_the_score_rises_with_the_switches_and_stays_within_ten():
	rates = [number / 10 for number in range(0, 3000)]
	scores = [interactivity_score(rate) for rate in rates]
	assert scores[0] == 0
	assert all(before < after < 10 for before, after in pairwise(scores))
	assert (interactivity_score(1), interactivity_score(3), interactivity_score(9)) == (2.5, 5, 7.5)
