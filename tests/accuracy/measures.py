"""Word error rates of transcripts against what was said."""

import itertools
import re

import jiwer

# Two ways to write the same; Whisper likes digits.
SAME = {"fifty": "50", "ten": "10", "logistic": "logistics", "oclock": "oclock", "okay": "ok"}


def normal(text):
	"""-> words in lower case without punctuation, numbers as digits"""
	words = re.sub(
		r"[^\w\s]", "", re.sub(r"[-–—]", " ", text.lower().replace("'", "").replace("’", ""))
	).split()
	return " ".join(SAME.get(word, word) for word in words)


def wer(said, heard):
	"""-> word error rate in percent"""
	return 100 * jiwer.wer(normal(said), normal(heard))


def cpwer(said, heard):
	"""Concatenated minimum-permutation word error rate (https://arxiv.org/abs/2004.09249): every speaker's words in a row, the
	speakers matched as suits best.

	said, heard: {speaker: text} -> percent
	"""
	references, answers = [normal(text) for text in said.values()], [normal(text) for text in heard.values()]
	most = max(len(references), len(answers))
	references += [""] * (most - len(references))
	answers += [""] * (most - len(answers))
	words = sum(len(text.split()) for text in references)
	return 100 * min(
		sum(_errors(reference, answer) for reference, answer in zip(references, order, strict=True)) / words
		for order in itertools.permutations(answers)
	)


def by_speaker(utterances):
	"""utterances: list of utterances.json -> {speaker: text}"""
	texts = {}
	for utterance in utterances:
		texts[utterance["speaker"]] = f"{texts.get(utterance['speaker'], '')} {utterance['text']}"
	return texts


def _errors(reference, answer):
	if not reference or not answer:
		return len((reference or answer).split())
	counts = jiwer.process_words(reference, answer)
	return counts.substitutions + counts.deletions + counts.insertions
