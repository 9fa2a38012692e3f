"""Finds ends of sentences and questions. Standard library only."""

from collections.abc import Sequence
from functools import lru_cache

from .align import SENTENCE_ENDS

MARKS = "?？؟"
CLOSERS = "\"'”’»›)]}）」』*"  # characters that may follow the mark
STATEMENT, QUESTION = "statement", "question"


def marks_of(language: str | None = None) -> str:
	"""language: a code such as "en" -> the characters that end a question"""
	# The Greek question mark looks like a semicolon.
	return MARKS + ";\u037e" if language == "el" else MARKS


@lru_cache(maxsize=1 << 16)
def ending(word: str, marks: str = MARKS) -> str | None:
	"""word: with its punctuation -> QUESTION or STATEMENT if a sentence ends with it, else None"""
	bare = word.rstrip(CLOSERS)
	# "What?!" and "What?..." are questions as well.
	last = bare.rstrip("!！.…")
	if last.endswith(tuple(marks)):
		return QUESTION
	return STATEMENT if bare.endswith(SENTENCE_ENDS) else None


def questions(segment: Sequence, marks: str = MARKS) -> list[tuple[float, float]]:
	"""segment: [name, start, end, speaker key, text, words] -> (start, end) of each question in it, seconds.

	A sentence that begins in an earlier utterance is counted where it ends. Without words the times are the utterance's.
	"""
	_name, start, end, _speaker, text, words = segment
	if not any(mark in text for mark in marks):
		return []
	words = words or [(start, end, word) for word in text.split()]
	found, first = [], None
	for word in words:
		if first is None and any(map(str.isalnum, word[2])):
			first = word[0]
		ends = ending(word[2], marks)
		# "What ? ?" is one question: a mark alone is none.
		if ends == QUESTION and first is not None:
			found.append((first, word[1]))
		if ends:
			first = None
	return found
