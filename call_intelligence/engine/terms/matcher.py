"""Finds all phrases in one pass over a transcript.

Every token of a phrase is mapped to a character, so the transcript becomes a string in which an Aho-Corasick automaton finds all phrases
(pyahocorasick finds strings, not sequences of words). There is one such string for the words as they are, and one for each language's
stems.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import ahocorasick

from ..questions import marks_of
from ..types import UNKNOWN
from .streams import BREAK, Spoken, asking, spoken
from .types import ANYONE, FIRST, LAST, QUESTION, Mention, Phrase
from .words import folded, joined, stemmer, tokens

GAP = 3.0  # seconds between utterances of one voice that a phrase may span
KNOWN_WORDS = 200_000  # after which the matcher's cache of words (tens of MB) is cleared
AROUND = " \t.,;:!?…\"'“”„«»‹›()[]{}<>。，、？！：；¿¡؟،—–-·*"
OTHER = "\x00"  # a token that is not in any phrase

Hit = tuple[int, int, int]  # indices of the first and the last character, number of the phrase


class Matcher:
	"""Finds phrases in any number of transcripts. Not thread-safe."""

	def __init__(self, phrases: Iterable[Phrase], languages: Sequence[str] = (), gap: float = GAP) -> None:
		"""phrases: those without a letter, digit or emoji are never found; languages: codes such as "en" of spoken languages, to
		find other forms of words; those without a stemmer match exact forms; gap: seconds"""
		self._phrases = list(phrases)
		self._gap = gap
		self._marks = marks_of(next(iter(languages), None))
		every = [(number, phrase.text) for number, phrase in enumerate(self._phrases)]
		inflected = [(number, text) for number, text in every if self._phrases[number].stem]
		# Unstemmed words, for every phrase: with stems alone "zadzwonie" would not match "zadzwonię", since
		# only the latter has a Polish ending.
		self._channels = [_Channel(folded, every)]
		for language in dict.fromkeys(languages) if inflected else ():
			if stem := stemmer(language):
				self._channels.append(_Channel(stem, inflected))
		self._seen: dict[str, tuple[str, ...]] = {}

	def mentions(
		self,
		segments: Sequence[Sequence],
		sides: Mapping[str, str] | None = None,
		duration: float | None = None,
	) -> list[Mention]:
		"""segments: [[name, start, end, speaker key, text, words], ...], words [[start, end, text, ...], ...] or empty; sides:
		{speaker key: "Owner", "Customer" or "Unknown"}; duration: seconds of the call, else the end of the last utterance -> in
		the order of the call

		Overlapping hits of a term count once: the first one, or the longest of those that begin together.
		"""
		words = spoken(segments, self._gap)
		texts, owners = self._encoded(words)
		hits = {
			hit for channel, text in zip(self._channels, texts, strict=True) for hit in channel.find(text)
		}
		if self._joins(words):
			hits |= self._joined_hits(words, owners)
		length = duration or max((segment[2] for segment in segments), default=0)
		is_here = _Conditions(words, sides or {}, length, self._marks)
		by_term = defaultdict(list)
		for first, last, number in hits:
			phrase = self._phrases[number]
			if is_here(phrase, owners[first], owners[last]):
				by_term[phrase.term].append((first, -(last + 1), number))
		found = []
		for places in by_term.values():
			free = 0
			for first, minus_until, number in sorted(places):
				if first >= free:
					free = -minus_until
					said = words[owners[first] : owners[free - 1] + 1]
					found.append((said[0].start, said[-1].end, number, _mention(self._phrases[number], said)))
		return [mention for *_, mention in sorted(found)]

	def _joins(self, words: list[Spoken]) -> bool:
		"""Whether a phrase may match words that are hyphenated here ("e-mail" for "email")"""
		hyphenated = {word.text for word in words if "-" in word.text or "\u2010" in word.text}
		return any(
			channel.knows(token)
			for text in hyphenated
			if joined(text) != text
			for token in tokens(joined(text))
			for channel in self._channels
		)

	def _joined_hits(self, words: list[Spoken], owners: list[int]) -> set[Hit]:
		"""Hits with hyphenated words joined; owners: as from `_encoded`"""
		texts, others = self._encoded(words, joined)
		return {
			(bisect_left(owners, others[first]), bisect_right(owners, others[last]) - 1, number)
			for channel, text in zip(self._channels, texts, strict=True)
			for first, last, number in channel.find(text)
		}

	def _encoded(
		self, words: list[Spoken], text_of: Callable[[str], str] | None = None
	) -> tuple[list[str], list[int]]:
		"""text_of: converts each word's text first
		-> (for each channel the words as a string, for each character the index of its word)
		"""
		seen = self._seen if text_of is None else {}
		if len(seen) > KNOWN_WORDS:
			seen.clear()
		seen[BREAK.text] = (OTHER,) * len(self._channels)
		rows, owners = [], []
		for index, word in enumerate(words):
			row = seen.get(word.text)
			if row is None:
				said = tokens(text_of(word.text) if text_of else word.text)
				row = seen[word.text] = tuple(channel.encode(said) for channel in self._channels)
			rows.append(row)
			if len(row[0]) == 1:
				owners.append(index)
			else:
				owners += [index] * len(row[0])
		return ["".join(texts) for texts in zip(*rows, strict=True)] or [""] * len(self._channels), owners


class _Conditions:
	"""Checks a phrase's conditions: who says it, and where in the call."""

	def __init__(self, words: list[Spoken], sides: Mapping[str, str], length: float, marks: str) -> None:
		self._words, self._sides, self._length, self._marks = words, sides, length, marks
		self._asks: list[bool] | None = None

	def __call__(self, phrase: Phrase, first: int, last: int) -> bool:
		"""first, last: indices of words"""
		if phrase.side != ANYONE:
			key = self._words[first].speaker
			# the side of "unknown" is always unknown
			if key == UNKNOWN or self._sides.get(key) != phrase.side:
				return False
		if phrase.where == FIRST:
			return self._words[first].start < (phrase.minutes or 0) * 60
		if phrase.where == LAST:
			return self._words[last].end > self._length - (phrase.minutes or 0) * 60
		if phrase.where == QUESTION:
			self._asks = self._asks or asking(self._words, self._marks)
			return any(self._asks[first : last + 1])
		return True


def _mention(phrase: Phrase, said: list[Spoken]) -> Mention:
	first, last = said[0], said[-1]
	return Mention(
		phrase=phrase.id,
		term=phrase.term,
		start=first.start,
		end=last.end,
		speaker=first.speaker,
		segments=(first.segment, last.segment),
		words=(first.number, last.number),
		text="".join(word.text if word.glued else f" {word.text}" for word in said).strip(AROUND),
	)


class _Channel:
	"""One way to compare words, by `key` of their tokens."""

	def __init__(self, key: Callable[[str], str], phrases: list[tuple[int, str]]) -> None:
		"""phrases: (number, text) of each"""
		self._key = key
		self._characters: dict[str, str] = {}
		wanted: dict[str, list[int]] = defaultdict(list)
		for number, text in phrases:
			# "follow-up" may be two words or one.
			for wording in {text, joined(text)}:
				if said := tokens(wording):
					wanted["".join(map(self._character, said))].append(number)
		self._automaton: ahocorasick.Automaton | None = None  # None without words
		if wanted:
			automaton = ahocorasick.Automaton()
			for text, numbers in wanted.items():
				automaton.add_word(text, (len(text) - 1, numbers))
			automaton.make_automaton()
			self._automaton = automaton

	def _character(self, token: str) -> str:
		"""The character of a token, a new one if it has none. Which one is irrelevant."""
		return self._characters.setdefault(self._key(token), chr(len(self._characters) + 1))

	def knows(self, token: str) -> bool:
		"""Whether the token is in a phrase"""
		return self._key(token) in self._characters

	def encode(self, said: Iterable[str]) -> str:
		"""said: tokens"""
		return "".join(self._characters.get(self._key(token), OTHER) for token in said)

	def find(self, text: str) -> Iterator[Hit]:
		if self._automaton is None:
			return
		for last, (length, numbers) in self._automaton.iter(text):
			for number in numbers:
				yield last - length, last, number
