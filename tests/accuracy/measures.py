"""Error rates of transcripts and of speaker turns, compared with the truth."""

import itertools
import re

import jiwer

# Alternative spellings; Whisper prefers digits.
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
	"""Concatenated minimum-permutation word error rate (https://arxiv.org/abs/2004.09249): the words of each speaker are
	concatenated, and speakers are paired for the lowest rate.

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


def der(said, heard):
	"""Diarization error rate: missed, invented and confused speech / speech, without a collar, in steps of 10 ms.

	said, heard: [(start, end, speaker)], seconds -> percent
	"""
	length = 1 + max(round(100 * end) for _, end, _ in [*said, *heard])
	frames = []
	for turns in (said, heard):
		active = {}
		for start, end, speaker in turns:
			active.setdefault(speaker, set()).update(range(round(100 * start), min(length, round(100 * end))))
		frames.append(active)
	counts = [[0] * length, [0] * length]
	for number, active in enumerate(frames):
		for where in active.values():
			for frame in where:
				counts[number][frame] += 1
	common = {(s, h): len(frames[0][s] & frames[1][h]) for s in frames[0] for h in frames[1]}
	correct = sum(common.get(pair, 0) for pair in _pairs(frames[0], frames[1], common))
	speech = sum(counts[0])
	return 100 * (sum(map(max, *counts)) - correct) / speech


def wrong_words(said, utterances):
	"""Words whose speaker differs from the one speaking at their middle; "unknown" does not count as wrong.

	said: [(start, end, speaker)]; utterances: list of utterances.json -> (wrong, unknown) in percent of the words
	"""
	common, words, unknown = {}, 0, 0
	for utterance in utterances:
		for start, end, *_ in utterance["words"]:
			words += 1
			if utterance["speaker"] == "unknown":
				unknown += 1
				continue
			middle = (start + end) / 2
			truth = min(said, key=lambda turn: max(turn[0] - middle, middle - turn[1], 0))[2]
			pair = truth, utterance["speaker"]
			common[pair] = common.get(pair, 0) + 1
	pairs = _pairs({s for s, _ in common}, {h for _, h in common}, common)
	right = sum(common.get(pair, 0) for pair in pairs)
	return 100 * (words - unknown - right) / max(1, words), 100 * unknown / max(1, words)


def _pairs(said, heard, common):
	"""-> the pairing of speakers with most in common, [(said, heard)]; common: {pair: number}"""
	said, heard = sorted(said), sorted(heard)
	said += [None] * (len(heard) - len(said))
	heard += [None] * (len(said) - len(heard))
	return max(
		(list(zip(said, order, strict=True)) for order in itertools.permutations(heard)),
		key=lambda pairs: sum(common.get(pair, 0) for pair in pairs),
		default=[],
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
