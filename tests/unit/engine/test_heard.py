"""Voice without words."""

import pytest

from call_intelligence.engine.heard import without_words
from call_intelligence.engine.types import Word


def words(*spans):
	return [Word(start, end, "word", 0.9) for start, end in spans]


@pytest.mark.parametrize(
	("voices", "said", "found"),
	[
		([(0, 5)], [(0, 2), (2.2, 5)], []),
		([(0, 5)], [(0, 1), (4, 5)], [(1.3, 3.7)]),
		([(0, 5)], [], [(0, 5)]),
		([(0, 1.0)], [], []),  # no longer than a breath
		([(0, 3), (3.5, 6)], [], [(0, 6)]),  # across a pause
		([(0, 3), (5, 8)], [], [(0, 3), (5, 8)]),
		([(0, 0.8), (1.2, 2.0)], [], [(0, 2.0)]),  # short ones together
		([(0, 0.8), (2.2, 3.0)], [(1.0, 2.0)], []),  # with words between them
		([(0, 3), (10, 13)], [(11, 12)], [(0, 3)]),
		([(0, 4)], [(-1, 0.5), (3.2, 9)], [(0.8, 2.9)]),
		([], [(0, 1)], []),
	],
)
def test_stretches(voices, said, found):
	assert without_words(voices, words(*said)) == [pytest.approx(stretch) for stretch in found]


def test_a_word_that_was_drawn_over_other_speech_covers_none_of_it():
	assert without_words([(0, 10)], words((0, 10))) == [pytest.approx((1.1, 8.9))]
