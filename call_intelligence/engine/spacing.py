"""Spaces between words. Each word records whether it follows a space, as the recognizer found it. Standard library only.

A stored word is [start, end, text, probability], with GLUED as a fifth entry if there is no space before it.
"""

import re
from collections.abc import Iterable, Sequence

GLUED = 1
# scripts without spaces between words: Thai, Lao, Tibetan, Myanmar, Khmer, kana, ideographs, and their punctuation
UNSPACED = "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff"
# languages written in them
WITHOUT_SPACES = {"zh", "ja", "th", "lo", "my", "yue", "km", "bo"}
IN_UNSPACED = re.compile(f"[{UNSPACED}]")
PIECES = re.compile(rf"[{UNSPACED}]|[^{UNSPACED}\s]+")


def is_glued(word: Sequence) -> bool:
	return len(word) > 4 and bool(word[4])


def with_glue(word: Sequence, glued: bool) -> list:
	"""-> the stored word with this spacing"""
	return [*word[:4], GLUED] if glued else list(word[:4])


def joined(words: Iterable[Sequence]) -> str:
	"""words: stored words in order -> their text"""
	return "".join(word[2] if is_glued(word) else f" {word[2]}" for word in words).strip()


def pieces(text: str, since: int = 0, until: int | None = None) -> list[tuple[str, bool]]:
	"""Cut a typed text, or the part between two positions, into words -> [(word, follows without a space), ...]

	Spaces separate words, and each character of a script without spaces is a word.
	"""
	found = PIECES.finditer(text, since, len(text) if until is None else until)
	return [(piece[0], follows(text, piece.start())) for piece in found]


def follows(text: str, at: int) -> bool:
	"""Whether there is a character other than a space before a position of the text"""
	return at > 0 and not text[at - 1].isspace()


def found_in(text: str, words: Iterable[Sequence]) -> list[list]:
	"""words: stored words without spacing -> the same with the spacing of the text that consists of them"""
	found, at = [], 0
	for word in words:
		place = text.find(word[2], at)
		found.append(with_glue(word, place >= 0 and follows(text, place)))
		at = place + len(word[2]) if place >= 0 else at
	return found
