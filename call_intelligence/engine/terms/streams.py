"""Joins each voice's utterances to one sequence of words."""

from collections.abc import Sequence
from typing import NamedTuple

from ..questions import QUESTION, ending
from ..spacing import is_glued
from ..types import UNKNOWN


class Spoken(NamedTuple):
	"""A word of the transcript."""

	segment: int
	number: int  # in its segment
	start: float
	end: float
	text: str
	speaker: str
	glued: bool = False  # follows the word before it without a space


BREAK = Spoken(-1, -1, 0.0, 0.0, "\x00", "")  # separates words that no phrase may span


def spoken(segments: Sequence[Sequence], gap: float) -> list[Spoken]:
	"""segments: [[name, start, end, speaker key, text, words], ...] in any order; gap: seconds -> the words, voice by voice

	A voice's utterances are joined, whatever others say in between, unless there are more than `gap` seconds between them: then
	there is a BREAK.
	"""
	voices: dict[str, list[Spoken]] = {}
	for number in sorted(range(len(segments)), key=lambda number: (segments[number][1], segments[number][2])):
		words = _words(number, segments[number])
		if words:
			said = voices.setdefault(words[0].speaker, [])
			# "unknown" may be another person in each utterance
			if said and (words[0].speaker == UNKNOWN or words[0].start - said[-1].end > gap):
				said.append(BREAK)
			said += words
	return [word for said in voices.values() for word in [*said, BREAK]]


def _words(number: int, segment: Sequence) -> list[Spoken]:
	_name, start, end, key, text, words = segment
	key = key or UNKNOWN
	if words:
		return [
			Spoken(number, index, word[0], word[1], word[2], key, is_glued(word))
			for index, word in enumerate(words)
		]
	# A transcript without words: distribute the time in proportion to their lengths.
	found, done, words = [], 0, (text or "").split()
	length = sum(map(len, words))
	for index, word in enumerate(words):
		since = round(start + (end - start) * done / length, 2)
		done += len(word)
		found.append(Spoken(number, index, since, round(start + (end - start) * done / length, 2), word, key))
	return found


def asking(words: Sequence[Spoken], marks: str) -> list[bool]:
	"""Whether the sentence of each word ends with a question mark"""
	found, asks = [], False
	for word in reversed(words):
		if word is BREAK:
			asks = False
		elif ends := ending(word.text, marks):
			asks = ends == QUESTION
		found.append(asks)
	return found[::-1]
