"""Computes the figures defined in figures.py from utterances and turns."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median

from ..questions import marks_of
from ..questions import questions as questions_in
from ..spacing import WITHOUT_SPACES
from ..types import UNKNOWN, Turn
from .figures import (
	CUSTOMER,
	CUSTOMER_UNKNOWN,
	NO_REPLY,
	NO_SPEECH,
	NO_WORDS,
	OWNER,
	OWNER_UNKNOWN,
	CallStats,
	Figure,
	Moment,
	Options,
	SpeakerStats,
	interactivity_score,
)
from .floor import Contribution, contributions, runs
from .rows import pace, read
from .spans import Span, Spans, milliseconds
from .speech import speech_of

Side = tuple[set[str], str | None]  # (keys of its voices with speech, reason if there are none)


def measure(
	segments: Iterable[Sequence],
	duration: float | None,
	sides: Mapping[str, str],
	options: Options | None = None,
	turns: Iterable[Turn] = (),
	language: str | None = None,
) -> CallStats:
	"""segments: [[name, start, end, speaker key, text, words], ...] in any order, words [[start, end, text, ...], ...] or empty;
	duration: seconds of the recording; sides: {speaker key: "Owner", "Customer" or "Unknown"}; turns: of the diarizer, if
	there are any; language: a code such as "en"

	The side of the key "unknown" is always unknown, since it may stand for several people.
	"""
	return _Call(segments, duration, sides, options or Options(), turns, language).stats()


class _Call:
	"""The input of the figures. Times are milliseconds."""

	def __init__(
		self,
		segments: Iterable[Sequence],
		duration: float | None,
		sides: Mapping[str, str],
		options: Options,
		turns: Iterable[Turn],
		language: str | None,
	) -> None:
		self.options = options
		self.interjection, self.pause, self.touch = map(
			milliseconds, (options.interjection, options.pause, options.touch)
		)
		self.has_words = language not in WITHOUT_SPACES
		self.rows = sorted(map(read, segments), key=lambda row: row[:4])
		self.speech = speech_of(
			[row[:3] for row in self.rows],
			[(milliseconds(t.start), milliseconds(t.end), t.speaker or UNKNOWN) for t in turns],
		)
		self.anybody = _union(self.speech.values())
		self.spoken = sum(spans.total for spans in self.speech.values())
		ends = [end for _, end in self.anybody] + [row.end for row in self.rows]
		self.length = max([milliseconds(duration or 0), *ends])
		keys = {*self.speech, *(row.speaker for row in self.rows)}
		self.sides = {key: sides.get(key) or "Unknown" for key in keys}
		if UNKNOWN in self.sides:
			self.sides[UNKNOWN] = "Unknown"
		self.words: Counter[str] = Counter()
		for row in self.rows:
			self.words[row.speaker] += row.words
		self.questions = self._questions(marks_of(language))
		self._longest_of: dict[frozenset[str], Figure] = {}
		self.turns = contributions(self.speech, _ends(self.questions), self.interjection)

	def _questions(self, marks: str) -> dict[str, list[Span]]:
		"""{speaker key: questions}"""
		found = defaultdict(list)
		for row in self.rows:
			for start, end in questions_in(row.segment, marks):
				found[row.speaker].append((milliseconds(start), milliseconds(end)))
		return {key: sorted(spans) for key, spans in found.items()}

	# ------------------------------------------------------------------------------------------------ the call

	def stats(self) -> CallStats:
		owner, customer = self._side(OWNER), self._side(CUSTOMER)
		return CallStats(
			call_seconds=_seconds(self.length),
			speech_seconds=_seconds(self.spoken),
			**self._shares(owner),
			longest_monologue=self._longest(owner),
			longest_story=self._longest(customer),
			**self._exchange(owner, customer),
			owner_questions=self._asked(owner),
			customer_questions=self._asked(customer),
			silence=self._silence(),
			overlap=self._overlap(),
			turns=_count([turn[1:3] for turn in self.turns]),
			speakers=tuple(self._speaker(key) for key in self._order()),
		)

	def _side(self, side: str) -> Side:
		keys = {key for key, its in self.sides.items() if its == side and key in self.speech}
		if keys:
			return keys, None
		if not self.spoken:
			return keys, NO_SPEECH
		return keys, OWNER_UNKNOWN if side == OWNER else CUSTOMER_UNKNOWN

	def _shares(self, owner: Side) -> dict[str, Figure]:
		keys, missing = owner
		if missing:
			nothing = Figure(None, reason=missing)
			return {"owner_share": nothing, "owner_share_of_call": nothing, "talk_speed": nothing}
		talk = sum(self.speech[key].total for key in keys)
		said = _moments(turn[1:3] for turn in self.turns if turn.who in keys)
		return {
			"owner_share": Figure(100 * talk / self.spoken, said),
			"owner_share_of_call": Figure(100 * talk / self.length, said),
			"talk_speed": self._speed(keys),
		}

	def _exchange(self, owner: Side, customer: Side) -> dict[str, Figure]:
		"""The figures that need both sides."""
		names = ("switches", "interactivity", "pauses", "patience", "interruptions", "first_response")
		missing = owner[1] or customer[1]
		if missing:
			return dict.fromkeys(names, Figure(None, reason=missing))
		speech = {OWNER: self._speech(owner[0]), CUSTOMER: self._speech(customer[0])}
		questions = {
			OWNER: self._questions_of(owner[0]),
			CUSTOMER: self._questions_of(customer[0]),
		}
		said = contributions(speech, _ends(questions), self.interjection)
		switches = _moments(sorted((a.end, b.start)) for a, b in pairwise(said))
		per_minute = len(switches) / (self.length / 60_000)
		return {
			"switches": Figure(per_minute, switches),
			"interactivity": Figure(interactivity_score(per_minute, self.options.lively), switches),
			**self._replies(said, self._speech(set(self.speech) - owner[0] - customer[0])),
		}

	def _replies(self, said: list[Contribution], strangers: Spans) -> dict[str, Figure]:
		"""said: contributions of the sides; strangers: speech of voices on neither"""
		replies, until = [], 0
		for a, b in pairwise(said):
			# Speech that continues from before the other's contribution is not a reply to it.
			if b.who == OWNER and a.end > until:
				replies.append((a, b))
			if b.who == CUSTOMER:
				until = a.end
		if not replies:
			nothing = Figure(None, reason=NO_REPLY)
			return {
				"pauses": nothing,
				"patience": nothing,
				"interruptions": nothing,
				"first_response": nothing,
			}
		early = [(a, b) for a, b in replies if a.end - b.start > self.touch]
		waited = [
			(a.end, max(b.start, a.end))
			for a, b in replies
			if a.end - b.start <= self.touch and not strangers.covered(a.end, b.start)
		]
		pauses = [(start, end) for start, end in waited if end > start]
		first, reply = replies[0]
		return {
			"pauses": _count(pauses),
			"patience": Figure(_seconds(median(end - start for start, end in waited)), _moments(pauses))
			if waited
			else Figure(None, reason=NO_REPLY),
			"interruptions": _count((b.start, min(a.end, b.end)) for a, b in early),
			"first_response": Figure(
				_seconds(max(reply.start - first.end, 0)), _moments([sorted((first.end, reply.start))])
			),
		}

	def _silence(self) -> Figure:
		gaps = self.anybody.gaps(0, self.length)
		total = sum(end - start for start, end in gaps)
		return Figure(_seconds(total), _moments(gap for gap in gaps if gap[1] - gap[0] > self.pause))

	def _overlap(self) -> Figure:
		parts: list[Span] = []
		until = 0
		for start, end in sorted(span for spans in self.speech.values() for span in spans):
			parts.append((start, min(end, until)))
			until = max(until, end)
		twice = Spans(parts)
		return Figure(_seconds(twice.total), _moments(twice))

	# ------------------------------------------------------------------------------------------------ voices

	def _order(self) -> list[str]:
		first = {}
		for key, spans in self.speech.items():
			first[key] = min(start for start, _ in spans)
		for row in self.rows:
			first[row.speaker] = min(row.start, first.get(row.speaker, row.start))
		return sorted(first, key=lambda key: (first[key], key))

	def _speaker(self, key: str) -> SpeakerStats:
		talk = self._speech({key})
		said = [turn[1:3] for turn in self.turns if turn.who == key]
		return SpeakerStats(
			key=key,
			side=self.sides[key],
			talk=Figure(_seconds(talk.total), _moments(said or talk)),
			share=100 * talk.total / self.spoken if self.spoken else None,
			share_of_call=100 * talk.total / self.length if self.length else None,
			words=self.words[key],
			words_per_minute=self._speed({key}),
			turns=_count(said),
			questions=_count(self.questions.get(key, ())),
			longest_monologue=self._longest(({key}, None if talk.total else NO_SPEECH)),
		)

	def _speech(self, keys: Collection[str]) -> Spans:
		if len(keys) == 1:
			return self.speech.get(next(iter(keys)), Spans())
		return _union(self.speech[key] for key in keys if key in self.speech)

	def _questions_of(self, keys: Iterable[str]) -> list[Span]:
		return sorted(span for key in keys for span in self.questions.get(key, ()))

	def _asked(self, side: Side) -> Figure:
		keys, missing = side
		return Figure(None, reason=missing) if missing else _count(self._questions_of(keys))

	def _speed(self, keys: set[str]) -> Figure:
		talk = sum(self.speech[key].total for key in keys if key in self.speech)
		if not self.has_words or not talk:
			return Figure(None, reason=NO_SPEECH if not talk else NO_WORDS)
		words = sum(self.words[key] for key in keys)
		fastest = max((row for row in self.rows if row.speaker in keys), key=pace, default=None)
		return Figure(words / (talk / 60_000), _moments([fastest[:2]] if fastest else ()))

	def _longest(self, side: Side) -> Figure:
		keys, missing = side
		if missing:
			return Figure(None, reason=missing)
		# cached, since a side of one voice has the voice's figure
		if (voices := frozenset(keys)) not in self._longest_of:
			others = self._speech(set(self.speech) - voices)
			found = runs(self._speech(voices), others, self.interjection, self.pause)
			longest = max(found, key=lambda run: (run[1] - run[0], -run[0]), default=None)
			self._longest_of[voices] = Figure(
				_seconds(longest[1] - longest[0]) if longest else 0.0, _moments([longest] if longest else ())
			)
		return self._longest_of[voices]


def _union(spans: Iterable[Spans]) -> Spans:
	return Spans(span for one in spans for span in one)


def _ends(questions: Mapping[str, list[Span]]) -> dict[str, list[int]]:
	return {who: sorted(end for _, end in spans) for who, spans in questions.items()}


def _count(spans: Iterable[Sequence[int]]) -> Figure:
	moments = _moments(spans)
	return Figure(len(moments), moments)


def _moments(spans: Iterable[Sequence[int]]) -> tuple[Moment, ...]:
	return tuple(Moment(_seconds(start), _seconds(end)) for start, end in spans)


def _seconds(time: float) -> float:
	return time / 1000
