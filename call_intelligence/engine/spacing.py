"""What stands between words: a blank, or nothing. Each word says so itself, as the recognizer gave it. Standard library only.

A stored word is [start, end, text, probability], with GLUED as a fifth entry where it follows the word before it without a blank.
"""

import re
from collections.abc import Iterable, Sequence

GLUED = 1
# scripts whose words stand without blanks: Thai, Lao, Tibetan, Myanmar, Khmer, kana, ideographs, and their punctuation
UNSPACED = "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff"
# languages that are written in them
WITHOUT_SPACES = {"zh", "ja", "th", "lo", "my", "yue", "km", "bo"}
IN_UNSPACED = re.compile(f"[{UNSPACED}]")
PIECES = re.compile(rf"[{UNSPACED}]|[^{UNSPACED}\s]+")


def is_glued(word: Sequence) -> bool:
	return len(word) > 4 and bool(word[4])


def with_glue(word: Sequence, glued: bool) -> list:
	"""-> the stored word with that spacing"""
	return [*word[:4], GLUED] if glued else list(word[:4])


def joined(words: Iterable[Sequence]) -> str:
	"""words: stored words in their order -> the text that they are"""
	return "".join(word[2] if is_glued(word) else f" {word[2]}" for word in words).strip()


def pieces(text: str, since: int = 0, until: int | None = None) -> list[tuple[str, bool]]:
	"""A text that somebody has typed, or what of it lies between two positions, cut into words -> [(word, follows without a blank), ...]

	Blanks separate words, and each character of a script without blanks is one.
	"""
	found = PIECES.finditer(text, since, len(text) if until is None else until)
	return [(piece[0], follows(text, piece.start())) for piece in found]


def follows(text: str, at: int) -> bool:
	"""Whether there is something else than a blank before a position of the text"""
	return at > 0 and not text[at - 1].isspace()


def found_in(text: str, words: Iterable[Sequence]) -> list[list]:
	"""words: stored words without their spacing -> the same with it, as it is in the text that they stand in, one after the other"""
	found, at = [], 0
	for word in words:
		place = text.find(word[2], at)
		found.append(with_glue(word, place >= 0 and follows(text, place)))
		at = place + len(word[2]) if place >= 0 else at
	return found
