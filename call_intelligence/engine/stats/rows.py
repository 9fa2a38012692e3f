"""Reading utterances. Milliseconds."""

from collections.abc import Sequence
from typing import NamedTuple

from ..types import UNKNOWN
from .spans import milliseconds

TELLING = 10  # words from which the speed of an utterance says something


class Row(NamedTuple):
	start: int
	end: int
	speaker: str
	words: int
	segment: list


def read(segment: Sequence) -> Row:
	"""segment: [name, start, end, speaker key, text, words], seconds. One that ends before it begins has no length."""
	name, start, end, key, text, words = segment
	text = text or ""
	first, last = milliseconds(start), milliseconds(end)
	# a mark that stands alone is no word
	said = sum(word[0].isalnum() or any(map(str.isalnum, word)) for word in text.split())
	return Row(first, max(last, first), key or UNKNOWN, said, [name, start, end, key, text, words])


def pace(row: Row) -> tuple[int, float, int]:
	"""Orders rows: the fastest of those that are long enough to tell comes last, the longest where none is."""
	if row.words >= TELLING:
		return 1, row.words / max(row.end - row.start, 1), -row.start
	return 0, row.words, -row.start
