"""Figures of a call of four hours, 6,000 utterances, with two and with eight voices, from utterances and from turns; CPU time."""

import random
import time

from engine_common import row

from call_intelligence.engine.stats import measure
from call_intelligence.engine.types import Turn

UTTERANCES = 6000
TIMES = 5


def talk(rng, voices):
	"""-> (segments, turns, seconds)"""
	segments, turns, at = [], [], 0.0
	for number in range(UTTERANCES):
		length = rng.uniform(0.3, 4)
		at = max(at + rng.uniform(-0.5, 1.0), 0)
		key = f"S{rng.randrange(voices) + 1}"
		said = "so what do you think?" if number % 9 == 0 else "we can do that for you."
		words = said.split()
		each = length / len(words)
		timed = [[at + each * i, at + each * (i + 1), word, 0.9] for i, word in enumerate(words)]
		segments.append([f"U{number}", at, at + length, key, said, timed])
		turns.append(Turn(at + 0.05, at + length - 0.05, key))
		at += length
	return segments, turns, at


def main():
	for voices in (2, 8):
		segments, turns, seconds = talk(random.Random(4), voices)
		for what, heard in (("utterances", ()), ("turns", turns)):
			took = []
			for _ in range(TIMES):
				began = time.process_time()
				stats = measure(
					segments, seconds, {"S1": "Owner", "S2": "Customer"}, turns=heard, language="en"
				)
				took.append(time.process_time() - began)
			assert stats.switches.value
			row(
				f"figures of {UTTERANCES:,} utterances, {voices} voices, from {what}",
				min(took),
				"s",
				0.1 if voices == 2 else None,
			)


if __name__ == "__main__":
	main()
