"""New wording for an utterance: words that stay keep their times to the hundredth, new ones share what lies between them."""

import re
import unicodedata

from call_intelligence.editing.alignment import align, opcodes, runs

# scripts whose words stand without spaces: Thai, Lao, Myanmar, Khmer, Tibetan, kana, ideographs
UNSPACED = "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff"
PIECES = re.compile(rf"[{UNSPACED}]|[^{UNSPACED}\s]+(?:\s+[^{UNSPACED}\s]+)*")
CERTAIN = 1.0  # nobody is surer of a word than who has typed it


def clean(text: str) -> str:
	"""One line without control characters, with single spaces: what a text field sends may hold anything."""
	text = "".join(
		" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
		for char in unicodedata.normalize("NFC", text)
	)
	return " ".join(text.split())


def tokens_of(text: str, spaced: bool) -> list[str]:
	return text.split() if spaced else PIECES.findall(text)


def join(tokens: list[str], spaced: bool) -> str:
	return (" " if spaced else "").join(tokens)


def retime(text: str, words: list[list], start: float, end: float, spaced: bool = True) -> list[list]:
	"""text (see `clean`) said between start and end; words: [[start, end, text, probability], ...] that stood there before
	-> the same for the new text. Times never run backwards, and never leave the utterance unless old ones did.
	"""
	tokens = tokens_of(text, spaced)
	if not words:
		return spread(tokens, start, end)
	if not spaced:
		words, tokens = unspaced(words, text)
	found: list[list] = []
	for what, a, b, c, d in opcodes([key(word[2]) for word in words], [key(token) for token in tokens]):
		if what == "equal" or (what == "replace" and b - a == d - c):
			# word for word: a corrected spelling is heard when the wrong one was
			found += [
				[*word[:2], token, word[3] if word[2] == token else CERTAIN]
				for word, token in zip(words[a:b], tokens[c:d], strict=True)
			]
		elif what == "replace":
			found += spread(tokens[c:d], words[a][0], max(words[a][0], words[b - 1][1]))
		elif what == "insert":
			until = words[a][0] if a < len(words) else max(end, words[-1][1])
			since = min(words[a - 1][1] if a else start, until)
			found += spread(tokens[c:d], since, until)
	return found


def key(token: str) -> str:
	"""What makes two words the same: neither case nor punctuation."""
	bare = "".join(char for char in token.casefold() if char.isalnum())
	return bare or token


def spread(tokens: list[str], start: float, end: float) -> list[list]:
	"""Longer words get more of the time."""
	total, done, found = sum(map(len, tokens)), 0, []
	for token in tokens:
		since = start + (end - start) * done / total
		done += len(token)
		until = start + (end - start) * done / total
		found.append([within(since, start, end), within(until, start, end), token, CERTAIN])
	return found


def within(time: float, start: float, end: float) -> float:
	return min(max(round(time, 2), start), end)


def unspaced(words: list[list], text: str) -> tuple[list[list], list[str]]:
	"""Old words as they are, and the new text cut where they are cut: without spaces only the characters tell which of them
	stayed. What lies between is cut into single characters, and Latin words.
	"""
	before = "".join(word[2] for word in words)
	blocks = iter([*runs(align(before, text)), (len(before) + 1,) * 4])
	block = next(blocks)
	tokens, at, position = [], 0, 0
	for word in words:
		first, last = position, position + len(word[2])
		position = last
		while block[1] <= first:
			block = next(blocks)
		if first < last and block[0] <= first and last <= block[1]:
			there = block[2] + first - block[0]
			tokens += PIECES.findall(text[at:there])
			tokens.append(text[there : there + len(word[2])])
			at = there + len(word[2])
	tokens += PIECES.findall(text[at:])
	return words, tokens
