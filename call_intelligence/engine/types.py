"""Types shared by the engine's modules. Times are seconds from the start of the recording, probabilities 0 to 1."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from .spacing import with_glue

UNKNOWN = "unknown"  # the key of an unknown speaker


@dataclass(slots=True)
class Word:
	start: float
	end: float
	text: str  # with its punctuation, without spaces around it
	probability: float
	channel: int | None = 0
	glued: bool = False  # follows the word before it without a space
	language: str | None = None  # where it is not the recording's

	def stored(self) -> list:
		"""-> as in utterances.json, see spacing.py"""
		word = [round(self.start, 2), round(self.end, 2), self.text, round(self.probability, 3)]
		return with_glue(word, self.glued)


@dataclass(slots=True)
class Gap:
	"""Speech that was not understood"""

	start: float
	end: float
	channel: int | None = 0


@dataclass(slots=True)
class Turn:
	"""A stretch in which one speaker speaks"""

	start: float
	end: float
	speaker: str


class Segment(NamedTuple):
	"""An utterance as it is stored, measured and searched"""

	name: str
	start: float
	end: float
	speaker: str
	text: str
	words: Sequence[Sequence]  # as in spacing.py; empty if the transcript came without words


@dataclass(slots=True)
class Utterance:
	"""Consecutive words of one speaker in one language, shown as a paragraph. Without words: a gap."""

	start: float
	end: float
	speaker: str
	channel: int | None
	text: str
	confidence: float
	words: list[Word] = field(default_factory=list)
	language: str | None = None  # where it is not the recording's

	def as_json(self) -> dict:
		"""-> as in utterances.json"""
		return {
			"start": round(self.start, 2),
			"end": round(self.end, 2),
			"speaker": self.speaker,
			"channel": self.channel,
			"text": self.text,
			"confidence": round(self.confidence, 3),
			"words": [word.stored() for word in self.words],
			**({"language": self.language} if self.language else {}),
			**({} if self.words else {"gap": True}),
		}


@dataclass(slots=True)
class Speaker:
	key: str
	channel: int | None = None
	name: str | None = None
	talk_seconds: float = 0.0

	def as_json(self) -> dict:
		"""-> as in utterances.json"""
		return {**asdict(self), "talk_seconds": round(self.talk_seconds, 2)}


@dataclass(slots=True)
class Turns:
	"""A diarizer's result"""

	method: str  # channels, pyannote, labels or single
	turns: list[Turn]
	speakers: list[Speaker]
	warnings: list[dict] = field(default_factory=list)
	# number of speakers -> each one's share of the speech, the largest first
	offers: dict[int, list[float]] = field(default_factory=dict)

	def as_json(self) -> dict:
		"""-> as in turns.json"""
		return {
			"method": self.method,
			"offers": {str(count): shares for count, shares in self.offers.items()},
			"speakers": [speaker.key for speaker in self.speakers],
			"turns": [
				{"start": round(t.start, 2), "end": round(t.end, 2), "speaker": t.speaker}
				for t in self.turns
				if t.speaker != UNKNOWN
			],
			"warnings": self.warnings,
		}


def warning(code: str, **params: Any) -> dict:
	"""-> {"code", "params"} as in the stages' results; the app has a text for each code."""
	return {"code": code, "params": params}


class EngineError(Exception):
	"""A refusal or failure with a stable code, for which the app has a text.

	misconfigured: the engine is at fault (a package or model is missing), not the file. retryable: a retry may succeed.
	"""

	def __init__(
		self, code: str, detail: str = "", retryable: bool = False, misconfigured: bool = False, **params: Any
	) -> None:
		super().__init__(f"{code}: {detail}" if detail else code)
		self.code, self.detail, self.params = code, detail, params
		self.retryable, self.misconfigured = retryable, misconfigured
