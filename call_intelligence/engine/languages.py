"""Which language each stretch of a call is in. Standard library only."""

from collections import defaultdict
from collections.abc import Mapping
from math import log

SURE = 0.5  # of a recording's language, else there is a warning
CLEAR = 0.8  # probability from which a stretch brings a language into the call
SHORTEST = 3.0  # seconds; less speech brings none
SWITCH = 2.0  # by which the logarithm of its probability has to be better where the language changes
DOUBT = 0.02  # probability that any language of the call is given everywhere
MIXED = 0.15  # probability of a second language from which both may be spoken in one stretch
STRANGE = 0.2  # probability of all languages of the call together below which a stretch is in none of them
ENOUGH = 10.0  # seconds times probability from which a language that is never clear comes into the call
WORTH_A_WARNING = 10.0  # seconds

Chances = dict[str, float]  # {language: probability}
# Nobody makes calls in Latin or Sanskrit, but a small model takes Polish and others for them. They can still be given.
UNSPOKEN = frozenset({"la", "sa"})


def among_spoken(chances: Chances) -> Chances:
	"""The chances of the languages in which people make calls, given that it is one of them"""
	spoken = {language: chance for language, chance in chances.items() if language not in UNSPOKEN}
	total = sum(spoken.values())
	return {language: chance / total for language, chance in spoken.items()} if total else chances


class Languages:
	"""Decides for each stretch of speech, and remembers for how long each language was spoken.

	Short stretches are ambiguous: only languages that were heard clearly, or for long, elsewhere in the call are considered.
	given: the only language, or None to detect it. one: detect it once, as the call begins, for all of it.
	"""

	def __init__(self, given: str | None = None, one: bool = False) -> None:
		self.given, self._one = given, one
		# {language: ...}
		self._first: dict[str, float] = defaultdict(
			float
		)  # probability times seconds, of what was heard first
		self._settled: str | None = None
		self._known: list[str] = []
		self._spoken: dict[str, float] = defaultdict(float)  # seconds of words
		# probability times seconds of the stretches that were taken for a language, and their seconds
		self._chances: dict[str, float] = defaultdict(float)
		self._seconds: dict[str, float] = defaultdict(float)
		# probability times seconds of stretches in none of the call's languages
		self._strange: dict[str, float] = defaultdict(float)
		self._mistaken: dict[str, float] = defaultdict(
			float
		)  # seconds that clearly sounded like another language

	@property
	def is_fixed(self) -> bool:
		"""Whether every stretch is taken to be in the same language"""
		return bool(self.given or self._one)

	@property
	def call(self) -> str | None:
		"""The call's language, as far as it is known"""
		if self.given or self._settled:
			return self.given or self._settled
		heard = self._spoken or self._first
		return _most(heard) if heard else None

	def begin(self, chances: Chances, seconds: float) -> None:
		"""Listen to a stretch before any language is known."""
		for language, chance in chances.items():
			self._first[language] += chance * seconds

	def settle(self) -> None:
		"""What was begun with is enough."""
		if self._one and not self.given:
			self._settled = self.call
		self._know(self.call)

	def of(self, chances: Chances, seconds: float, near: str | None = None) -> str:
		"""The language that a stretch is taken to be in; near: that of the stretch around it, in place of the call's"""
		return self.path([(chances, seconds)], near or self.call)[0]

	def path(self, stretches: list[tuple[Chances, float]], near: str | None = None) -> list[str]:
		"""The languages of stretches that follow each other: the likeliest sequence in which they seldom change (Viterbi). near: the
		one before them, None where nothing is known about it"""
		for chances, seconds in stretches:
			self._listen(chances, seconds)
		if self.is_fixed and (call := self.call):
			return [call] * len(stretches)
		known = list(dict.fromkeys([*self._known, *([near] if near else [])]))
		costs = {language: SWITCH * (near not in (None, language)) for language in known}
		ways: list[dict[str, str]] = []
		for number, (chances, _) in enumerate(stretches):
			total = sum(chances.get(language, 0.0) + DOUBT for language in known)
			if number:
				best = _least(costs)
				ways.append(
					{
						language: language if costs[language] <= costs[best] + SWITCH else best
						for language in known
					}
				)
				costs = {language: min(costs[language], costs[best] + SWITCH) for language in known}
			for language in known:
				costs[language] -= log((chances.get(language, 0.0) + DOUBT) / total)
		found = [_least(costs)]
		for way in reversed(ways):
			found.append(way[found[-1]])
		return found[::-1]

	def took(self, language: str, chances: Chances, seconds: float, spoken: float) -> None:
		"""A stretch was transcribed in a language; spoken: seconds of its words."""
		self._chances[language] += chances.get(language, 0.0) * seconds
		self._seconds[language] += seconds
		self._spoken[language] += spoken
		heard = _most(chances) if chances else language
		if heard != language and seconds >= SHORTEST and chances[heard] >= CLEAR:
			self._mistaken[heard] += seconds

	def may_be_mixed(self, chances: Chances) -> bool:
		"""Whether a stretch may hold two languages"""
		return not self.is_fixed and any(chance > MIXED for chance in sorted(chances.values())[-2:-1])

	def result(self) -> tuple[str | None, float | None]:
		"""-> (the language spoken for the longest time, its mean probability where it was)"""
		if self.given:
			return self.given, 1.0
		language = self.call
		if language is None or not self._seconds.get(language):
			return language, None
		return language, round(self._chances[language] / self._seconds[language], 3)

	@property
	def mistaken(self) -> tuple[str, float] | None:
		"""(language, seconds) that was clearly heard, and not transcribed in that language"""
		if not self._mistaken:
			return None
		language = _most(self._mistaken)
		seconds = self._mistaken[language]
		return (language, seconds) if seconds >= WORTH_A_WARNING else None

	def _listen(self, chances: Chances, seconds: float) -> None:
		heard = _most(chances)
		if not self._known or (seconds >= SHORTEST and chances[heard] >= CLEAR):
			self._know(heard)
		elif sum(chances.get(language, 0.0) for language in self._known) < STRANGE:
			# languages that are close to each other share a stretch, so that none is clear
			for language, chance in chances.items():
				self._strange[language] += chance * seconds
			likeliest = _most(self._strange)
			if self._strange[likeliest] >= ENOUGH:
				self._know(likeliest)

	def _know(self, language: str | None) -> None:
		if language and language not in self._known:
			self._known.append(language)


def _most(of: Mapping[str, float]) -> str:
	"""The language that has the most; the first one of several"""
	return max(of, key=of.__getitem__)


def _least(of: Mapping[str, float]) -> str:
	return min(of, key=of.__getitem__)
