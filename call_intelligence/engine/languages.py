"""Decides on the language of each stretch of a call. Standard library only."""

from collections import defaultdict
from collections.abc import Mapping
from math import log

SURE = 0.5  # probability of a recording's language below which there is a warning
CLEAR = 0.8  # probability from which a stretch adds a language to the call
SHORTEST = 3.0  # seconds; shorter stretches add none
SWITCH = 2.0  # by which the log probability must be better to change the language
DOUBT = 0.02  # probability that every language of the call gets in each stretch
MIXED = 0.15  # probability of the second language from which a stretch may be in both
STRANGE = 0.2  # total probability of the call's languages below which a stretch is in another one
ENOUGH = 10.0  # seconds times probability from which a language that is never clear is added to the call
WORTH_A_WARNING = 10.0  # seconds

Chances = dict[str, float]  # {language: probability}
# Small models detect Latin or Sanskrit instead of Polish and others. They can still be set as the call's language.
UNSPOKEN = frozenset({"la", "sa"})


def among_spoken(chances: Chances) -> Chances:
	"""The chances without UNSPOKEN languages, normalised"""
	spoken = {language: chance for language, chance in chances.items() if language not in UNSPOKEN}
	total = sum(spoken.values())
	return {language: chance / total for language, chance in spoken.items()} if total else chances


class Languages:
	"""Decides on the language of each stretch, and records how long each language was spoken.

	Short stretches are ambiguous: only languages that were detected clearly, or for long, elsewhere in the call are considered.
	given: the only language, or None to detect it. one: detect it once, at the beginning, for the whole call.
	"""

	def __init__(self, given: str | None = None, one: bool = False) -> None:
		self.given, self._one = given, one
		# {language: ...}
		self._first: dict[str, float] = defaultdict(
			float
		)  # probability times seconds, at the beginning of the call
		self._settled: str | None = None
		self._known: list[str] = []
		self._spoken: dict[str, float] = defaultdict(float)  # seconds of words
		# probability times seconds of the stretches transcribed in a language, and their seconds
		self._chances: dict[str, float] = defaultdict(float)
		self._seconds: dict[str, float] = defaultdict(float)
		# probability times seconds of stretches in none of the call's languages
		self._strange: dict[str, float] = defaultdict(float)
		self._mistaken: dict[str, float] = defaultdict(float)  # seconds detected clearly as another language

	@property
	def is_fixed(self) -> bool:
		"""Whether all stretches get the same language"""
		return bool(self.given or self._one)

	@property
	def call(self) -> str | None:
		"""The call's language, as far as it is known"""
		if self.given or self._settled:
			return self.given or self._settled
		heard = self._spoken or self._first
		return _most(heard) if heard else None

	def begin(self, chances: Chances, seconds: float) -> None:
		"""Add a stretch at the beginning, before any language is known."""
		for language, chance in chances.items():
			self._first[language] += chance * seconds

	def settle(self) -> None:
		"""End the beginning: its language is known now."""
		if self._one and not self.given:
			self._settled = self.call
		self._know(self.call)

	def of(self, chances: Chances, seconds: float, near: str | None = None) -> str:
		"""The language for a stretch; near: that of the stretch around it, instead of the call's"""
		return self.path([(chances, seconds)], near or self.call)[0]

	def path(self, stretches: list[tuple[Chances, float]], near: str | None = None) -> list[str]:
		"""The languages of consecutive stretches: the likeliest sequence with few changes (Viterbi). near: the language before them,
		None if unknown"""
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
		"""Record that a stretch was transcribed in a language; spoken: seconds of its words."""
		self._chances[language] += chances.get(language, 0.0) * seconds
		self._seconds[language] += seconds
		self._spoken[language] += spoken
		heard = _most(chances) if chances else language
		if heard != language and seconds >= SHORTEST and chances[heard] >= CLEAR:
			self._mistaken[heard] += seconds

	def may_be_mixed(self, chances: Chances) -> bool:
		"""Whether a stretch may be in two languages"""
		return not self.is_fixed and any(chance > MIXED for chance in sorted(chances.values())[-2:-1])

	def result(self) -> tuple[str | None, float | None]:
		"""-> (the language spoken longest, its mean probability in its stretches)"""
		if self.given:
			return self.given, 1.0
		language = self.call
		if language is None or not self._seconds.get(language):
			return language, None
		return language, round(self._chances[language] / self._seconds[language], 3)

	@property
	def mistaken(self) -> tuple[str, float] | None:
		"""(language, seconds) that was detected clearly but not used"""
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
			# similar languages share the probability of a stretch, so that none is clear
			for language, chance in chances.items():
				self._strange[language] += chance * seconds
			likeliest = _most(self._strange)
			if self._strange[likeliest] >= ENOUGH:
				self._know(likeliest)

	def _know(self, language: str | None) -> None:
		if language and language not in self._known:
			self._known.append(language)


def _most(of: Mapping[str, float]) -> str:
	"""The language with the largest value; the first one of several"""
	return max(of, key=of.__getitem__)


def _least(of: Mapping[str, float]) -> str:
	return min(of, key=of.__getitem__)
