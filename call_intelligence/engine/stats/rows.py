"""Reads utterances. Times are milliseconds."""

from collections.abc import Sequence
from typing import NamedTuple

from ..types import UNKNOWN
from .spans import milliseconds

TELLING = 10  # words from which the speed of an utterance is meaningful


class Row(NamedTuple):
	start: int
	end: int
	speaker: str
	words: int
	segment: list


def read(segment: Sequence) -> Row:
	"""segment: [name, start, end, speaker key, text, words], seconds. One that ends before it begins gets length 0."""
	name, start, end, key, text, words = segment
	text = text or ""
	first, last = milliseconds(start), milliseconds(end)
	# a punctuation mark alone is not a word
	said = sum(word[0].isalnum() or any(map(str.isalnum, word)) for word in text.split())
	return Row(first, max(last, first), key or UNKNOWN, said, [name, start, end, key, text, words])


def pace(row: Row) -> tuple[int, float, int]:
	"""Sort key: the maximum is the fastest row of at least TELLING words, or the longest if there is none."""
	if row.words >= TELLING:
		return 1, row.words / max(row.end - row.start, 1), -row.start
	return 0, row.words, -row.start
