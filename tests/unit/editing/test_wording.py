"""A corrected text gets word times: unchanged words keep theirs, new words share the time between them."""

import random
import time
from itertools import pairwise

import pytest

from call_intelligence.editing import alignment, wording
from call_intelligence.engine.spacing import joined, with_glue

START, END = 4.6, 8.1


def spoken(text: str, start: float = START, end: float = END, gap: float = 0.05) -> list[list]:
	tokens = text.split()
	step = (end - start) / len(tokens)
	return [
		[round(start + i * step, 2), round(start + (i + 1) * step - gap, 2), token, 0.8]
		for i, token in enumerate(tokens)
	]


def check_sane(found: list[list], start: float = START, end: float = END) -> None:
	assert all(word[0] <= word[1] for word in found)
	assert all(start <= word[0] and word[1] <= end for word in found)
	assert [word[0] for word in found] == sorted(word[0] for word in found)
	assert all(one[1] <= other[0] for one, other in pairwise(found))


OLD = spoken("I have a question about the premium plan.")


def texts(found):
	return [word[2] for word in found]


def test_a_misheard_word_is_heard_when_the_wrong_one_was():
	found = wording.retime("I have a question about the bronze plan.", OLD, START, END)
	assert found[6] == [*OLD[6][:2], "bronze", 1.0]
	assert found[:6] + found[7:] == OLD[:6] + OLD[7:]


def test_several_words_instead_of_one_share_its_time():
	found = wording.retime("I have a question about the very first plan.", OLD, START, END)
	assert texts(found)[6:8] == ["very", "first"]
	assert found[6][0] == OLD[6][0] and found[7][1] == OLD[6][1]
	assert found[:6] + found[8:] == OLD[:6] + OLD[7:]
	check_sane(found)


def test_a_word_that_was_missed_lies_between_its_neighbours():
	found = wording.retime("I have a big question about the premium plan.", OLD, START, END)
	assert (found[3][0], found[3][1]) == (OLD[2][1], OLD[3][0])
	assert found[:3] + found[4:] == OLD
	check_sane(found)


def test_words_before_and_after_all_others():
	late = spoken("I have a question", 5.0, 7.0)
	found = wording.retime("Well I have a question now", late, START, END)
	assert (found[0][:2], found[-1][:2]) == ([START, 5.0], [late[-1][1], END])
	assert found[1:-1] == late


def test_words_that_are_taken_out_leave_a_pause():
	assert wording.retime("I have a plan.", OLD, START, END) == [*OLD[:3], OLD[7]]


def test_case_and_punctuation_leave_times_alone():
	found = wording.retime("i have a Question, about the premium plan!", OLD, START, END)
	assert [word[:2] for word in found] == [word[:2] for word in OLD]
	assert texts(found)[3] == "Question,"
	assert [word[3] for word in found] == [1.0, 0.8, 0.8, 1.0, 0.8, 0.8, 0.8, 1.0]


def test_no_common_word():
	found = wording.retime("Entirely different and rather longer than what was there before", OLD, START, END)
	assert len(found) == 10
	assert (found[0][0], found[-1][1]) == (OLD[0][0], OLD[-1][1])
	check_sane(found)


def test_an_utterance_without_words():
	found = wording.retime("Hello there", [], START, END)
	assert (found[0][0], found[-1][1]) == (START, END)
	check_sane(found)


def test_words_of_no_length_are_no_division_by_zero():
	found = wording.retime("a b c d e", [[5.0, 5.0, "x", 0.1]], 5.0, 5.0)
	assert {(word[0], word[1]) for word in found} == {(5.0, 5.0)}


def test_old_words_that_overlap():
	old = [[4.6, 5.4, "one", 0.5], [5.2, 6.0, "two", 0.5]]
	found = wording.retime("one and two", old, START, END)
	assert found == [old[0], [5.2, 5.2, "and", 1.0], old[1]]


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_typed_times_stay_sane(seed):
	dice = random.Random(seed)
	vocabulary = ["the", "a", "plan", "price", "of", "no", "yes", "to", "is", "twenty"]
	old = spoken(" ".join(dice.choices(vocabulary, k=dice.randint(1, 30))), gap=dice.choice([0, 0.01]))
	new = texts(old)
	for _edit in range(dice.randint(1, 12)):
		at = dice.randint(0, len(new))
		what = dice.choice(["insert", "delete", "replace"])
		if what == "insert" or not new[at : at + 1]:
			new.insert(at, dice.choice([*vocabulary, "Unheard", "x" * 30]))
		elif what == "delete" and len(new) > 1:
			del new[at]
		else:
			new[at] = dice.choice(vocabulary).title()
	found = wording.retime(" ".join(new), old, START, END)
	assert texts(found) == new
	check_sane(found)
	# words that were neither typed nor moved are unchanged
	kept = [word for word in found if word[3] == 0.8]
	assert all(word in old for word in kept)
	# the same text again changes nothing
	assert wording.retime(" ".join(texts(found)), found, START, END) == found


def chinese(text="我想了解高级套餐的价格"):
	tokens = ["我", "想", "了解", "高级", "套餐", "的", "价格"]
	assert "".join(tokens) == text
	return [
		with_glue([round(START + i * 0.5, 2), round(START + (i + 1) * 0.5, 2), token, 0.8], i > 0)
		for i, token in enumerate(tokens)
	]


def test_chinese_words_stand_without_spaces():
	old = chinese()
	found = wording.retime("我想了解基础套餐的价格", old, START, END)
	assert joined(found) == "我想了解基础套餐的价格"
	assert found[:3] + found[-3:] == old[:3] + old[-3:]
	assert (found[3][0], found[-4][1]) == (old[3][0], old[3][1])
	check_sane(found)


def test_latin_words_within_chinese_stay_whole():
	text = "我想了解 New York 套餐的价格"
	found = wording.retime(text, chinese(), START, END)
	assert {"New", "York"} <= set(texts(found))
	assert joined(found) == text
	check_sane(found)
	assert wording.retime(text, found, START, END) == found


@pytest.mark.parametrize(
	"text", ["用Excel做", "用 Excel 做表", "今日は OK です。", "สวัสดี ครับ Bob", "我们 下周 见", "a b", "好"]
)
@pytest.mark.parametrize("old", [[], chinese(), spoken("What is the price of it?")])
def test_what_was_typed_is_what_is_kept(text, old):
	assert joined(wording.retime(text, old, START, END)) == text


def test_a_very_long_text_takes_no_time_to_speak_of():
	long = " ".join(f"word{i % 7}" for i in range(1600))
	old = spoken(" ".join(f"word{i % 5}" for i in range(150)), gap=0)
	started = time.process_time()
	check_sane(wording.retime(long, old, START, END))
	assert time.process_time() - started < 1


class Counted(str):
	"""A word that counts its comparisons"""

	comparisons = 0

	def __eq__(self, other):
		Counted.comparisons += 1
		return str.__eq__(self, other)

	__hash__ = str.__hash__


DICE = random.Random(4)
SHAPES = {
	"one word": lambda n: ["word"] * n,
	"two words": lambda n: [f"word{i % 2}" for i in range(n)],
	"few words": lambda n: DICE.choices([f"word{i}" for i in range(30)], k=n),
	"all different": lambda n: [f"word{i}" for i in range(n)],
	"backwards": lambda n: [f"word{n - i}" for i in range(n)],
	"in pairs": lambda n: [f"word{i // 2}" for i in range(n)],
	"peeled off": lambda n: [f"word{min(i, n - i) // 3}" for i in range(n)],
}


@pytest.mark.parametrize("before", SHAPES)
@pytest.mark.parametrize("after", SHAPES)
def test_the_work_of_an_edit_grows_with_its_length(before, after):
	"""For all shapes of texts"""

	def comparisons(n):
		old, new = [
			[Counted(f"{word}") for word in SHAPES[shape](size)]
			for shape, size in ((before, n), (after, n - 7))
		]
		Counted.comparisons = 0
		alignment.align(old, new)
		return Counted.comparisons

	# a piece of 200 words is compared with 200 others
	assert comparisons(1600) < 1600 * (alignment.PIECE + 10 * alignment.ROUNDS)


@pytest.mark.parametrize("seed", range(40))
def test_an_alignment_pairs_equal_words_in_order(seed):
	dice = random.Random(seed)
	old, new = (
		dice.choices("abcdefghij"[: dice.randint(1, 10)], k=dice.randint(0, 700)) for _side in range(2)
	)
	pairs = alignment.align(old, new)
	assert all(old[i] == new[j] for i, j in pairs)
	assert all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(pairs))
	assert alignment.align(old, old) == [(i, i) for i in range(len(old))]


def test_a_long_text_with_two_corrections_keeps_the_times_of_all_other_words():
	"""A typical edit: 1,200 words of everyday speech, one of them missing and one of them wrong"""
	dice = random.Random(1)
	said = dice.choices(["the", "a", "plan", "price", "of", "no", "yes", "to", "is", "twenty"], k=1200)
	old = spoken(" ".join(said), 0, 600, gap=0)
	typed = [*said[:300], "indeed", *said[300:900], "corrected", *said[901:]]
	found = wording.retime(" ".join(typed), old, 0, 600)
	assert sum(word in old for word in found) >= 1199


@pytest.mark.parametrize(
	("typed", "kept"),
	[
		("  two\n lines\t", "two lines"),
		("a\x00b\u2028c", "a b c"),
		(" \n ", ""),
		("Zu\u0308rich", "Z\u00fcrich"),
	],
)
def test_what_a_text_field_sends_becomes_one_line(typed, kept):
	assert wording.clean(typed) == kept
