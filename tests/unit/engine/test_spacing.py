"""Spacing between words."""

import pytest

from call_intelligence.engine.spacing import found_in, joined, pieces


@pytest.mark.parametrize(
	("text", "words"),
	[
		("用 Excel 做表。", ["用", "Excel", "做", "表。"]),
		("用Excel做表。", ["用", "Excel", "做", "表。"]),
		("How are you?", ["How", "are", "you?"]),
		("สวัสดี ครับ", ["สวัสดี", "ครับ"]),
		("a a aa", ["a", "a", "aa"]),
	],
)
def test_spacing_is_found_in_the_text(text, words):
	found = found_in(text, [[0, 1, word, 0.9] for word in words])
	assert joined(found) == text
	assert [word[2] for word in found] == words


def test_words_that_are_not_in_the_text_stand_apart():
	assert found_in("Hello", [[0, 1, "Good", 0.9], [1, 2, "bye", 0.9]]) == [
		[0, 1, "Good", 0.9],
		[1, 2, "bye", 0.9],
	]


def test_pieces():
	assert pieces("我用 Excel 2024") == [("我", False), ("用", True), ("Excel", False), ("2024", False)]
	assert pieces("C++ e-mail") == [("C++", False), ("e-mail", False)]
	assert pieces("  ") == []
