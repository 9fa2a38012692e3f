"""Finds voice without words, which is transcribed again. Times are seconds."""

from .types import Word

SHORTEST = 1.0  # of voice worth another try; a shorter one is a breath, or a word whose time is too short
REACH = 0.3  # by which the times of words may be early or late
LONGEST_WORD = 1.6  # that one word may take
JOINED = 1.0  # pauses up to this length don't end a stretch


def without_words(voices: list[tuple[float, float]], words: list[Word]) -> list[tuple[float, float]]:
	"""voices: where a voice was detected on one channel, in order -> stretches with more than SHORTEST of voice and without words"""
	said = sorted((start - REACH, end + REACH) for word in words for start, end in said_in(word))
	bare = [span for voice in voices for span in _without(voice, said)]
	stretches: list[list[tuple[float, float]]] = []
	for span in bare:
		last = stretches[-1][-1] if stretches else None
		if last and span[0] - last[1] <= JOINED and not _any_between(said, last[1], span[0]):
			stretches[-1].append(span)
		else:
			stretches.append([span])
	return [
		(spans[0][0], spans[-1][1])
		for spans in stretches
		if sum(end - start for start, end in spans) > SHORTEST
	]


def said_in(word: Word) -> list[tuple[float, float]]:
	"""Times when a word may be spoken: a very long one was stretched over something else, and is spoken at one of its ends."""
	if word.end - word.start <= LONGEST_WORD:
		return [(word.start, word.end)]
	return [(word.start, word.start + LONGEST_WORD / 2), (word.end - LONGEST_WORD / 2, word.end)]


def _without(voice: tuple[float, float], said: list[tuple[float, float]]) -> list[tuple[float, float]]:
	"""The parts of a voice outside of the sorted spans"""
	start, end = voice
	left = []
	for since, until in said:
		if until <= start:
			continue
		if since >= end:
			break
		if since > start:
			left.append((start, since))
		start = max(start, until)
	if start < end:
		left.append((start, end))
	return left


def _any_between(spans: list[tuple[float, float]], since: float, until: float) -> bool:
	return any(start < until and end > since for start, end in spans)
