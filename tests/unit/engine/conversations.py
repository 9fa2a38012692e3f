"""Conversations as transcripts: segments [name, start, end, speaker key, text, words]."""

from call_intelligence.engine.spacing import GLUED


def said(start, end, speaker, text, language=None):
	"""An utterance whose words have equal durations; in Chinese and Japanese ("zh", "ja") each character is a word."""
	words = list(text) if language in ("zh", "ja") else text.split()
	each = (end - start) / max(len(words), 1)
	timed = [
		[round(start + i * each, 2), round(start + (i + 1) * each, 2), word, 0.9]
		for i, word in enumerate(words)
	]
	if language in ("zh", "ja"):
		timed = [[*word, GLUED] for word in timed]
	return [f"{speaker}-{start}", start, end, speaker, text, timed]


def words(count):
	"""A text with this number of words, which ends a sentence"""
	return " ".join(["word"] * count) + "."


def shifted(segments, seconds):
	return [
		[
			name,
			start + seconds,
			end + seconds,
			key,
			text,
			[[w[0] + seconds, w[1] + seconds, *w[2:]] for w in timed],
		]
		for name, start, end, key, text, timed in segments
	]
