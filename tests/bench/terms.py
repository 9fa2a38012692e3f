"""Tracked terms: builds 2,000 phrases and searches a call of four hours (36,000 words) within a second; and the time of a call of
half an hour during a search of older calls, with the matcher built and most words cached. CPU time."""

import random
import time

from engine_common import row

from call_intelligence.engine.terms import Matcher, Phrase

PHRASES = 2000
VOCABULARY = 8000
SYLLABLES = [
	"ba",
	"ce",
	"di",
	"fo",
	"gu",
	"ka",
	"le",
	"mi",
	"no",
	"pu",
	"ra",
	"se",
	"ti",
	"vo",
	"zu",
	"stra",
	"pli",
	"gren",
	"tho",
	"mar",
]
ENDINGS = {
	"en": ["", "s", "ed", "ing", "er", "ation", "ly"],
	"pl": ["a", "y", "ę", "ami", "ość", "owy", "ach"],
	"tr": ["", "ler", "lar", "ı", "de", "nın", "sınız"],  # the slowest of the common stemmers
}


def vocabulary(rng, language):
	return [
		"".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) + rng.choice(ENDINGS[language])
		for _ in range(VOCABULARY)
	]


def transcript(rng, words, count):
	"""Two alternating voices, with a natural distribution of words (Zipf) -> segments"""
	weights = [1 / (rank + 2) for rank in range(len(words))]
	said = rng.choices(words, weights, k=count)
	segments, at = [], 0.0
	for number, first in enumerate(range(0, count, 6)):
		some = said[first : first + 6]
		timed = [[at + 0.35 * i, at + 0.35 * (i + 1), word, 0.9] for i, word in enumerate(some)]
		timed[-1][2] += "?" if number % 7 == 0 else "."
		segments.append(
			[f"U{number}", at, at + 2.1, f"S{number // 2 % 2 + 1}", " ".join(w[2] for w in timed), timed]
		)
		at += 2.4
	return segments


def phrases(rng, words):
	places = [{}, {}, {}, {"where": "question"}, {"where": "first", "minutes": 10}, {"side": "Customer"}]
	return [
		Phrase(
			str(number),
			str(number // 4),
			" ".join(rng.choices(words, k=rng.randint(1, 4))),
			**rng.choice(places),
		)
		for number in range(PHRASES)
	]


def main():
	for language in ENDINGS:
		rng = random.Random(24)
		words = vocabulary(rng, language)
		tracked, call = phrases(rng, words), transcript(rng, words, 36_000)
		began = time.process_time()
		matcher = Matcher(tracked, [language])
		built = time.process_time()
		found = matcher.mentions(call, {"S1": "Owner", "S2": "Customer"}, 4 * 3600)
		done = time.process_time()
		assert found
		what = f"tracked terms ({language}), {PHRASES:,} phrases"
		row(f"{what}: build", built - began, "s")
		row(f"{what}: build, and find {len(found):,} mentions in 36,000 words", done - began, "s", 1.0)
		calls = [transcript(rng, words, 4500) for _ in range(20)]
		began = time.process_time()
		for call in calls:
			matcher.mentions(call, {"S1": "Owner", "S2": "Customer"}, 1800)
		row(
			f"{what}: one of many calls of 30 min",
			(time.process_time() - began) / len(calls) * 1000,
			"ms",
			60,
		)


if __name__ == "__main__":
	main()
