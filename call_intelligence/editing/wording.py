"""Times for the words of a corrected utterance: kept words keep their exact times, new ones share the time between them."""

import unicodedata

from call_intelligence.editing.alignment import align, opcodes, runs
from call_intelligence.engine.spacing import IN_UNSPACED, follows, is_glued, joined, pieces, with_glue

CERTAIN = 1.0  # confidence of a word that a person typed


def clean(text: str) -> str:
	"""Clean the user's text: one line, no control characters, single spaces. Empty if nothing is visible."""
	text = "".join(
		" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
		for char in unicodedata.normalize("NFC", text)
	)
	text = " ".join(text.split())
	# invisible characters, such as U+200B, only have a meaning between others
	return text if any(unicodedata.category(char) not in ("Cf", "Zs") for char in text) else ""


def retime(text: str, words: list[list], start: float, end: float) -> list[list]:
	"""text (see `clean`), spoken between start and end; words: the old words, as in engine/spacing.py -> words of the new text.
	Times never run backwards, and never leave the utterance unless old ones did.
	"""
	if not words:
		return spread(pieces(text), start, end)
	by_character = IN_UNSPACED.search(text) or IN_UNSPACED.search(joined(words))
	tokens = pieces_kept(words, text) if by_character else pieces(text)
	found: list[list] = []
	keys = [key(word[2]) for word in words], [key(token) for token, _ in tokens]
	for what, a, b, c, d in opcodes(*keys):
		if what == "equal" or (what == "replace" and b - a == d - c):
			# word by word: a corrected word keeps the time of the old one
			found += [
				with_glue([*word[:2], token, word[3] if word[2] == token else CERTAIN], glued)
				for word, (token, glued) in zip(words[a:b], tokens[c:d], strict=True)
			]
		elif what == "replace":
			found += spread(tokens[c:d], words[a][0], max(words[a][0], words[b - 1][1]))
		elif what == "insert":
			until = words[a][0] if a < len(words) else max(end, words[-1][1])
			since = min(words[a - 1][1] if a else start, until)
			found += spread(tokens[c:d], since, until)
	return found


def key(token: str) -> str:
	"""The form in which words are compared: without case and punctuation"""
	bare = "".join(char for char in token.casefold() if char.isalnum())
	return bare or token


def spread(tokens: list[tuple[str, bool]], start: float, end: float) -> list[list]:
	"""tokens: as returned by `pieces` -> words, each with time in proportion to its length"""
	total, done, found = sum(len(token) for token, _ in tokens), 0, []
	for token, glued in tokens:
		since = start + (end - start) * done / total
		done += len(token)
		until = start + (end - start) * done / total
		times = within(since, start, end), within(until, start, end)
		found.append(with_glue([*times, token, CERTAIN], glued))
	return found


def within(time: float, start: float, end: float) -> float:
	return min(max(round(time, 2), start), end)


def pieces_kept(words: list[list], text: str) -> list[tuple[str, bool]]:
	"""Cut the new text where the old words are cut: without spaces only the characters show which words stayed. The rest is cut as in
	`pieces`.
	"""
	before = joined(words)
	blocks = iter([*runs(align(before, text)), (len(before) + 1,) * 4])
	block = next(blocks)
	tokens, at, position = [], 0, 0
	for number, word in enumerate(words):
		first = position + (number > 0 and not is_glued(word))
		last = position = first + len(word[2])
		while block[1] <= first:
			block = next(blocks)
		if first < last and block[0] <= first and last <= block[1]:
			there = block[2] + first - block[0]
			tokens += pieces(text, at, there)
			at = there + len(word[2])
			tokens.append((text[there:at], follows(text, there)))
	return tokens + pieces(text, at)
