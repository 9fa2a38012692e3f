"""What `measure` answers, and the formula of every figure in it.

**Speech** of a voice: the time of the diarizer's turns, or of its utterances where there are no turns. **Contribution**: what one
side (or speaker) says until another begins, pauses inside included. **Interjection**: a contribution of at most
`Options.interjection` seconds of speech, neither asking nor answering a question, that lies within the other's speech, or between
two longer ones of the other ("uh-huh").
"""

from dataclasses import dataclass
from typing import NamedTuple

OWNER, CUSTOMER = "Owner", "Customer"  # the sides; any other word is a side that nobody knows

# Why a figure has no value. The app has words for each.
NO_SPEECH = "no_speech"  # nobody is heard
OWNER_UNKNOWN = "owner_unknown"  # none of the voices heard is on the owner's side
CUSTOMER_UNKNOWN = "customer_unknown"  # ... on the customer's side
NO_REPLY = "no_reply"  # the owner never speaks after the customer
NO_WORDS = "no_words"  # the language is written without spaces: there are no words to count

LIVELY = 3.0


@dataclass(frozen=True, slots=True)
class Options:
	"""The numbers of the settings."""

	interjection: float = 2.0  # seconds of speech of the other side that don't end a monologue
	pause: float = 4.0  # seconds of silence that may lie within a monologue
	touch: float = 0.2  # seconds by which a reply may come early and is no interruption: people, and diarizers, are no clocks
	lively: float = LIVELY  # switches of side per minute that score 5 of 10


class Moment(NamedTuple):
	"""Seconds from the start of the recording."""

	start: float
	end: float


@dataclass(frozen=True, slots=True)
class Figure:
	"""A value with its evidence.

	value: None where it cannot be told, never a 0 in its place. moments: where a click on the figure leads, by their starts. reason:
	why there is no value.
	"""

	value: float | None
	moments: tuple[Moment, ...] = ()
	reason: str | None = None


@dataclass(frozen=True, slots=True)
class SpeakerStats:
	"""The figures of one voice.

	key: as in the transcript, "unknown" among them. side: as given, "Unknown" where it was not.
	talk: seconds of its speech. Moments: its contributions.
	share: % = its speech / the sum of all voices' speech. The shares of a call sum to 100. None where nobody is heard.
	share_of_call: % = its speech / the length of the call. With silence and overlaps these do not sum to 100.
	words: number of words that were written down.
	words_per_minute: words / minutes of its speech. Fillers are often not written down: it reads low. Moment: the utterance of ten
	words or more that was spoken fastest.
	turns: number of its contributions, without interjections.
	questions: number of sentences of it that end with a question mark.
	longest_monologue: seconds, as CallStats.longest_monologue, with every other voice as the other side.
	"""

	key: str
	side: str
	talk: Figure
	share: float | None
	share_of_call: float | None
	words: int
	words_per_minute: Figure
	turns: Figure
	questions: Figure
	longest_monologue: Figure


@dataclass(frozen=True, slots=True)
class CallStats:
	"""The figures of a call. A side is all voices on it; "unknown" voices are on neither.

	call_seconds: the length of the recording, or the end of the last utterance where that is later.
	speech_seconds: the sum of all voices' speech; where two speak at once, both count.
	owner_share: % = the owner's side's speech / speech_seconds. owner_share_of_call: % = the same / call_seconds.
	talk_speed: words per minute of the owner's side while it speaks, see SpeakerStats.words_per_minute.
	longest_monologue: seconds of the owner's side's longest run, from its first word to its last. What others (the customer, and
	voices on neither side) say in one go ends a run where it is over Options.interjection seconds of speech; so does silence, between
	two pieces of the run, of over Options.pause seconds in all. Shorter ones count as part of it.
	longest_story: the same for the customer's side.
	switches: how often the word passes from one side to the other, per minute of call_seconds: contributions of both sides without
	interjections, minus one. Moments: the gap, or the overlap, at each.
	interactivity: 0 to 10, see interactivity_score.
	pauses: how often the owner's side replies after the customer's side has stopped, leaving some silence. Moments: those silences.
	patience: seconds, the median of the silences before all its replies that are no interruptions, 0 where one follows at once. Replies
	during which a voice on neither side was heard first are left out.
	interruptions: how often the owner's side begins, and it is no interjection, over Options.touch seconds before the customer's
	side stops.
	owner_questions, customer_questions: number of sentences that end with a question mark. Moments: the sentences.
	silence: seconds in which nobody speaks, beginning and end of the call included. Moments: those of over Options.pause seconds.
	overlap: seconds in which two voices or more speak at once.
	turns: number of contributions of single voices, without interjections.
	first_response: seconds from the end of the customer's side's contribution before the owner's side's first reply until that reply; 0
	where it began earlier. Who spoke on while the other had a say does not reply to it.
	speakers: in the order in which they are first heard.
	"""

	call_seconds: float
	speech_seconds: float
	owner_share: Figure
	owner_share_of_call: Figure
	talk_speed: Figure
	longest_monologue: Figure
	longest_story: Figure
	switches: Figure
	interactivity: Figure
	pauses: Figure
	patience: Figure
	interruptions: Figure
	owner_questions: Figure
	customer_questions: Figure
	silence: Figure
	overlap: Figure
	turns: Figure
	first_response: Figure
	speakers: tuple[SpeakerStats, ...]


def interactivity_score(switches: float, lively: float = LIVELY) -> float:
	"""switches: per minute; lively: those that score 5 -> 0 to 10 = 10 · switches / (switches + lively).

	It always rises with the switches, by less and less, and never gets to 10: with 3 as lively, 1 a minute scores 2.5, 3 score 5, 9
	score 7.5.
	"""
	return 10 * switches / (switches + lively)
