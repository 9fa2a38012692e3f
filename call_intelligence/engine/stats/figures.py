"""The results of `measure`, with the formula of every figure.

**Speech** of a voice: the time of the diarizer's turns, or of its utterances without turns. **Contribution**: the speech of one side (or
speaker) until another begins, pauses included. **Interjection**: a contribution of at most `Options.interjection` seconds of speech,
neither asking nor answering a question, within the other's speech or between two longer contributions of the other ("uh-huh").
"""

from dataclasses import dataclass
from typing import NamedTuple

OWNER, CUSTOMER = "Owner", "Customer"  # the sides; any other value is an unknown side

# Why a figure has no value. The app has a text for each.
NO_SPEECH = "no_speech"  # no speech at all
OWNER_UNKNOWN = "owner_unknown"  # no voice with speech is on the owner's side
CUSTOMER_UNKNOWN = "customer_unknown"  # ... on the customer's side
NO_REPLY = "no_reply"  # the owner never speaks after the customer
NO_WORDS = "no_words"  # the language is written without spaces: there are no words to count

LIVELY = 3.0


@dataclass(frozen=True, slots=True)
class Options:
	"""Numbers from the settings"""

	interjection: float = 2.0  # seconds of the other side's speech that don't end a monologue
	pause: float = 4.0  # seconds of silence allowed within a monologue
	touch: float = 0.2  # seconds by which a reply may begin early without being an interruption, as a tolerance for people and diarizers
	lively: float = LIVELY  # switches of side per minute that score 5 of 10


class Moment(NamedTuple):
	"""Seconds from the start of the recording."""

	start: float
	end: float


@dataclass(frozen=True, slots=True)
class Figure:
	"""A value with its evidence.

	value: None if unknown, never 0 instead. moments: targets of a click on the figure, ordered by start. reason: why there is no
	value.
	"""

	value: float | None
	moments: tuple[Moment, ...] = ()
	reason: str | None = None


@dataclass(frozen=True, slots=True)
class SpeakerStats:
	"""The figures of one voice.

	key: as in the transcript, including "unknown". side: as given, else "Unknown".
	talk: seconds of its speech. Moments: its contributions.
	share: % = its speech / the sum of all voices' speech. The shares of a call sum to 100. None without speech.
	share_of_call: % = its speech / the length of the call. With silence and overlaps these do not sum to 100.
	words: number of transcribed words.
	words_per_minute: words / minutes of its speech. Too low if fillers are not transcribed. Moment: the fastest utterance of ten words or
	more.
	turns: number of its contributions, without interjections.
	questions: number of its sentences that end with a question mark.
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
	"""The figures of a call. A side consists of all voices on it; "unknown" voices are on neither.

	call_seconds: the length of the recording, or the end of the last utterance if that is later.
	speech_seconds: the sum of all voices' speech; where two speak at once, both count.
	owner_share: % = the owner's side's speech / speech_seconds. owner_share_of_call: % = the same / call_seconds.
	talk_speed: words per minute of the owner's side's speech, see SpeakerStats.words_per_minute.
	longest_monologue: seconds of the owner's side's longest run, from its first word to its last. A run ends
	with uninterrupted speech of others (the customer, and voices on neither side) of over Options.interjection seconds, or with silence
	of over Options.pause seconds in total between two pieces of the run. Shorter ones count as part of it.
	longest_story: the same for the customer's side.
	switches: changes from one side to the other per minute of call_seconds: contributions of both sides without interjections, minus
	one. Moments: the gap or overlap at each change.
	interactivity: 0 to 10, see interactivity_score.
	pauses: how often the owner's side replies after the customer's side has stopped, leaving some silence. Moments: those silences.
	patience: seconds, the median silence before all its replies that are not interruptions, 0 for an immediate reply. Replies before
	which a voice on neither side spoke are left out.
	interruptions: how often the owner's side begins over Options.touch seconds before the customer's side stops, without
	interjections.
	owner_questions, customer_questions: number of sentences that end with a question mark. Moments: the sentences.
	silence: seconds without speech, including beginning and end of the call. Moments: silences of over Options.pause seconds.
	overlap: seconds in which two or more voices speak at once.
	turns: number of contributions of single voices, without interjections.
	first_response: seconds from the end of the customer's side's contribution before the owner's side's first reply until that reply; 0
	if it began earlier. Speech that continues from before the other's contribution is not a reply to it.
	speakers: in the order of their first speech.
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
	"""switches: per minute; lively: the number that scores 5 -> 0 to 10 = 10 · switches / (switches + lively).

	It rises with the switches, more and more slowly, and never reaches 10: with lively = 3, 1 per minute scores 2.5, 3 score 5, 9
	score 7.5.
	"""
	return 10 * switches / (switches + lively)
