"""Transcribes clips of speech to words with faster-whisper.

Clips are transcribed in batches. Stretches of voice without words are transcribed again, each alone and in its own language;
where that fails too, there is a gap.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from .clips import Clip
from .hardware import BATCHES
from .heard import LONGEST_WORD, said_in, without_words
from .languages import SHORTEST, Chances, Languages, among_spoken
from .models import Loaded, load_whisper
from .spacing import IN_UNSPACED
from .speech import RATE
from .types import Gap, Word

if TYPE_CHECKING:
	from faster_whisper.transcribe import Segment
	from faster_whisper.transcribe import Word as FoundWord

	from .batches import Batches

LOOKS = 4  # most clips used to detect the language at the beginning of a call
HOTWORDS_LENGTH = 600  # characters; Whisper's prompt is short

# Whisper's signs of a failed decoding (its paper, section 4.5): repetition, low probability, no speech.
REPEATS = 2.4
DOUBTFUL = -1.0
NO_SPEECH = 0.6
HOPELESS = -1.5  # doubtful text down to this log probability is still better than a gap

SENTENCE = 4.0  # seconds of a stretch that is transcribed alone: short enough that repeated sentences don't look like a decoder's loop
PAUSE = 1.0  # seconds
BREATH = 0.3  # seconds between words that belong together
TRIES = 2  # with shorter and shorter stretches
TEMPERATURES = (0.0, 0.4, 0.8)  # for a stretch that is transcribed alone
TOKENS = 16  # per second of speech, plus this number: stops a looping decoder early
MOST_TOKENS = 200  # that fit beside the longest prompt
# speech that may be transcribed again: seconds, plus this share of all speech so far
AGAIN, SHARE_AGAIN = 120.0, 1.0
LEAST_COST = 10.0  # seconds that a short stretch counts as, since Whisper pads it to half a minute

UNSURE = -0.5  # log probability of a clip's words below which its languages are examined
IN_VAIN = 3  # examinations in a row that found one language; after that every fourth such clip is examined


@dataclass(slots=True)
class Heard:
	words: list[Word] = field(default_factory=list)
	gaps: list[Gap] = field(default_factory=list)
	# (language, its chances, seconds of the clip, seconds of its words): arguments of Languages.took
	spoken: list[tuple[str, Chances, float, float]] = field(default_factory=list)

	def add(self, other: "Heard") -> None:
		self.words += other.words
		self.gaps += other.gaps
		self.spoken += other.spoken


@dataclass(slots=True)
class _Last:
	"""The last clip of a channel: its end may be in the language of the next clip."""

	clip: Clip
	language: str
	heard: Heard
	divided: bool  # by languages


@dataclass(slots=True)
class _Taken:
	"""A clip of a batch with the language chosen for it"""

	clip: Clip
	language: str
	chances: Chances
	segments: list["Segment"]


class Recognizer:
	"""Transcribes clips; the model is loaded at the first speech."""

	def __init__(
		self,
		model: str,
		models: str | None,
		threads: int,
		languages: Languages,
		hotwords: str | None,
		model_for: Mapping[str, str] | None = None,
		device: str = "auto",
	) -> None:
		"""model_for: {language: model} for calls that begin in these languages; device: auto, cpu or cuda"""
		self._load_model: Callable[[str], Loaded] = lambda name: load_whisper(name, models, threads, device)
		self._loaded: Loaded | None = None
		self._model_for = dict(model_for or {})
		self.model_name = self._model_for.get(languages.given or "", str(model))
		self._batches: Batches | None = None
		self.languages = languages
		self._hotwords = (hotwords or "").strip()[:HOTWORDS_LENGTH] or None
		self._last: dict[int, _Last] = {}
		self._in_vain = 0
		self._heard = self._heard_again = 0.0  # seconds

	@property
	def batch(self) -> int:
		"""Number of clips per batch; loads the model, since it depends on the device"""
		return BATCHES[self._ready.device]

	@property
	def used(self) -> dict:
		"""The model, its device and loading time (s), as in words.json"""
		if self._loaded is None:
			return {"model": self.model_name}
		return {
			"model": self.model_name,
			"device": self._loaded.device,
			"compute_type": self._loaded.compute_type,
			"load_seconds": round(self._loaded.seconds, 2),
		}

	@property
	def warnings(self) -> list[dict]:
		return self._loaded.warnings if self._loaded else []

	def hear(self, clips: list[Clip]) -> Heard:
		"""Transcribe at most `batch` clips -> what is final after them, on the recording's timeline; see `rest`."""
		self._load()
		if self.languages.call is None:
			self._listen_first(clips)
			self._take_model_of(self.languages.call)
		found = Heard()
		for taken in self._batch(clips):
			clip, language, chances, segments = taken.clip, taken.language, taken.chances, taken.segments
			last = self._last.pop(clip.channel, None)
			changes = bool(last and last.language != language)
			if last:
				again = changes and not last.divided and self._in_each_language(last.clip, last.language)
				found.add(self._counted(again or last.heard))
			heard = None
			if changes or self._may_be_mixed(chances, segments):
				heard = self._in_each_language(clip, language)
			divided = heard is not None
			if heard is None:
				heard = self._complete(clip, segments, language, chances)
			self._last[clip.channel] = _Last(clip, language, heard, divided)
		return found

	def rest(self) -> Heard:
		"""The results that `hear` has not returned yet"""
		found = Heard()
		for last in self._last.values():
			found.add(self._counted(last.heard))
		self._last = {}
		return found

	def _counted(self, heard: Heard) -> Heard:
		for row in heard.spoken:
			self.languages.took(*row)
		return heard

	def _may_be_mixed(self, chances: Chances, segments: list["Segment"]) -> bool:
		"""Whether examining a clip's languages is worth the time"""
		if self.languages.is_fixed or not chances:
			return False
		doubtful = any(segment.avg_logprob < UNSURE for segment in segments) or not segments
		if not (doubtful or self.languages.may_be_mixed(chances)):
			return False
		self._in_vain += 1
		return self._in_vain <= IN_VAIN or self._in_vain % 4 == 0

	# ------------------------------------------------------------------------------------------------ many clips

	def _batch(self, clips: list[Clip]) -> list[_Taken]:
		expected = self.languages.call
		assert expected is not None  # set by `hear`
		self._heard += sum(clip.seconds for clip in clips)
		taken: list[_Taken] = []
		for clip, (segments, chances) in zip(clips, self._together(clips, expected), strict=True):
			language = self.languages.of(chances, clip.seconds) if chances else expected
			taken.append(_Taken(clip, language, chances, segments))
		for other in {row.language for row in taken} - {expected}:
			again = [row for row in taken if row.language == other]
			answers = self._together([row.clip for row in again], other)
			for row, (segments, _) in zip(again, answers, strict=True):
				row.segments = segments
		return taken

	def _together(self, clips: list[Clip], language: str) -> list[tuple[list["Segment"], Chances]]:
		"""-> for each clip its segments, with times from the clip's start, and {language: probability}"""
		audio, at = np.concatenate([clip.audio for clip in clips]), 0
		bounds: list[dict[str, float]] = []  # seconds of the clips in the joined audio
		for clip in clips:
			bounds.append({"start": at / RATE, "end": (at + clip.samples) / RATE})
			at += clip.samples
		batches = self._load()
		segments, _ = batches.transcribe(
			audio,
			clip_timestamps=bounds,
			batch_size=len(clips),
			temperature=[0.0],
			**self._options(language, without_timestamps=True),
		)
		answers: list[list[Segment]] = [[] for _ in clips]
		for segment in segments:
			number = max(
				i for i, bound in enumerate(bounds) if bound["start"] - 0.01 <= segment.seek / 100 or i == 0
			)
			for word in segment.words or []:
				word.start -= bounds[number]["start"]
				word.end -= bounds[number]["start"]
			answers[number].append(segment)
		return list(zip(answers, batches.chances or [{}] * len(clips), strict=True))

	# ------------------------------------------------------------------------------------------------ one clip

	def _complete(
		self, clip: Clip, segments: list["Segment"], language: str, chances: Chances, tries: int = 0
	) -> Heard:
		"""The words of a clip, including those found by further tries, and the remaining gaps"""
		words = self._words_of(segments, clip, language)
		spoken = sum(word.end - word.start for word in words)
		heard, doubtful = Heard(list(words)), None
		heard.spoken.append((language, chances, clip.seconds if tries == 0 else spoken, spoken))
		for start, end in without_words(clip.heard, words):
			part = clip.part(start, end)
			if not part.samples:
				continue
			if pieces := self._pieces(part, clip, tries):
				for piece in pieces:
					heard.add(self._alone(piece, language, tries + 1))
				continue
			if doubtful is None:
				doubtful = self._words_of(segments, clip, language, HOPELESS)
			guessed = [word for word in doubtful if start <= (word.start + word.end) / 2 <= end]
			if guessed and not without_words(part.heard, guessed):
				heard.words += guessed
			else:
				heard.gaps.append(Gap(round(start, 2), round(end, 2), clip.channel))
		return _untangled(heard)

	def _pieces(self, part: Clip, clip: Clip, tries: int) -> list[Clip]:
		"""The stretches to transcribe alone next; [] if that would repeat the last try or take too long"""
		if tries == TRIES or self._heard_again > AGAIN + SHARE_AGAIN * self._heard:
			return []
		if tries == 0:
			return part.stretches(SENTENCE, PAUSE) if part.seconds > 2 * SENTENCE else [part]
		pieces = part.stretches(SENTENCE / 2**tries, PAUSE / 2)
		return pieces if len(pieces) > 1 or part.seconds < 0.8 * clip.seconds else []

	def _alone(self, clip: Clip, near: str, tries: int = 0) -> Heard:
		"""Transcribe a clip alone; near: the language around it"""
		language = near
		chances: Chances = {}
		self._heard_again += max(clip.seconds, LEAST_COST)
		if not self.languages.is_fixed and clip.seconds >= SHORTEST:
			chances = self._chances(clip)
			language = self.languages.of(chances, clip.seconds, near)
		return self._complete(clip, self._segments(clip, language), language, chances, tries)

	def _in_each_language(self, clip: Clip, language: str) -> Heard | None:
		"""Transcribe the parts of a clip in their languages; None if all are in `language`"""
		parts = clip.stretches(SENTENCE, PAUSE)
		chances = [self._chances(part) for part in parts]
		path = self.languages.path(
			[(found, part.seconds) for found, part in zip(chances, parts, strict=True)]
		)
		if set(path) == {language}:
			return None
		self._in_vain = 0
		heard = Heard()
		for own, run in groupby(zip(path, parts, chances, strict=True), key=lambda row: row[0]):
			whole = Clip(clip.channel)
			summed: dict[str, float] = defaultdict(float)  # probability times seconds
			for _, part, found in run:
				whole.extend(part)
				for code, chance in found.items():
					summed[code] += chance * part.seconds
			mean = {code: chance / whole.seconds for code, chance in summed.items()}
			heard.add(self._complete(whole, self._segments(whole, own), own, mean))
		return heard

	def _segments(self, clip: Clip, language: str) -> list["Segment"]:
		tokens = TOKENS + round(TOKENS * clip.seconds)
		segments, _ = self._ready.model.transcribe(
			clip.audio,
			vad_filter=False,
			condition_on_previous_text=False,
			temperature=TEMPERATURES,
			max_new_tokens=tokens if tokens <= MOST_TOKENS else None,
			**self._options(language),
		)
		return list(segments)

	def _words_of(
		self, segments: list["Segment"], clip: Clip, language: str, least: float = DOUBTFUL
	) -> list[Word]:
		"""Words of the plausible segments with at least log probability `least`"""
		words: list[Word] = []
		for segment in segments:
			if _is_plausible(segment, least):
				_place(segment.words or [], clip, words)
		for word in words:
			word.language = language
		return words

	# ------------------------------------------------------------------------------------------------ the model

	def _options(self, language: str, without_timestamps: bool = False) -> dict:
		return {
			"language": language,
			"word_timestamps": True,
			"hotwords": self._hotwords,
			"without_timestamps": without_timestamps,
			"no_speech_threshold": NO_SPEECH,
			"log_prob_threshold": DOUBTFUL,
			"compression_ratio_threshold": REPEATS,
		}

	@property
	def _ready(self) -> Loaded:
		"""The model, loaded on first use"""
		if self._loaded is None:
			self._loaded = self._load_model(self.model_name)
			model = self._loaded.model
			if not model.model.is_multilingual:
				self.languages.given = "en"  # the only language of the model
			elif self.languages.given and self.languages.given not in model.supported_languages:
				self.languages.given = None  # detected instead
		return self._loaded

	def _load(self) -> "Batches":
		"""The batch pipeline, with the model loaded"""
		from .batches import Batches

		if self._batches is None:
			self._batches = Batches(self._ready.model)
		return self._batches

	def _take_model_of(self, language: str | None) -> None:
		"""Switch to the language's model, if it has one, for the rest of the recording."""
		own = self._model_for.get(language or "", self.model_name)
		if own != self.model_name:
			self._batches = self._loaded = None  # never both in memory
			self.model_name = own
			self._load()

	def _chances(self, clip: Clip) -> Chances:
		_, _, chances = self._ready.model.detect_language(clip.audio)
		return among_spoken(dict(chances))

	def _listen_first(self, clips: list[Clip]) -> None:
		"""Detect the call's first language from the longest clips, until it is clear."""
		for clip in sorted(clips, key=lambda clip: -clip.samples)[:LOOKS]:
			chances = self._chances(clip)
			self.languages.begin(chances, clip.seconds)
			if max(chances.values()) > 0.8:
				break
		self.languages.settle()


def _is_plausible(segment: "Segment", least: float) -> bool:
	"""Whether a segment's text is plausible. Repetition counts as a failure; if the speech is repetitive, its sentences are transcribed
	again one by one."""
	if segment.avg_logprob < least or segment.compression_ratio > REPEATS:
		return False
	return segment.no_speech_prob <= NO_SPEECH or segment.avg_logprob >= DOUBTFUL


def _place(found: list["FoundWord"], clip: Clip, words: list[Word]) -> None:
	"""Append the model's words, on the recording's timeline. They include their leading space: " fifty", "%"."""
	for heard in found:
		text = heard.word.strip()
		if not text:
			continue
		start, end = clip.place(heard.start, heard.end)
		glued = not heard.word.startswith(" ") and bool(words or IN_UNSPACED.match(text))
		if words and glued and start - words[-1].end < 0.5 and not _stand_apart(words[-1].text, text):
			last = words[-1]  # "15" and "%", "e" and "-mail" are one word to a reader
			last.text, last.end = last.text + text, max(last.end, end)
			last.probability = min(last.probability, heard.probability)
		elif re.search(r"\w", text):
			words.append(Word(start, end, text, heard.probability, clip.channel, glued))
		elif words:
			words[-1].text += heard.word.rstrip()  # with its space, if it has one: "Marks &"


def _stand_apart(one: str, other: str) -> bool:
	"""Whether two pieces without a space between them are separate words, in a script without spaces"""
	return bool(IN_UNSPACED.match(one[-1]) or IN_UNSPACED.match(other[0]))


def _untangled(heard: Heard) -> Heard:
	"""Sort the words and remove duplicates. A repeated stretch may include words next to it, whose times were wrong; and a word may
	have been stretched over the repeated stretch."""
	kept: list[Word] = []
	starts = sorted([word.start for word in heard.words] + [gap.start for gap in heard.gaps])
	for word in sorted(heard.words, key=lambda word: (word.start, word.end)):
		if kept and word.start < kept[-1].end - 0.05 and _same(word, kept[-1]):
			kept[-1].end = max(kept[-1].end, word.end)
			continue
		if word.end - word.start > LONGEST_WORD and bisect_left(starts, word.end) > bisect_right(
			starts, word.start
		):
			first, last = said_in(word)
			follows = kept and word.start - kept[-1].end < BREATH
			word.start, word.end = first if follows else last
		kept.append(word)
	return Heard(sorted(kept, key=lambda word: (word.start, word.end)), heard.gaps, heard.spoken)


def _same(one: Word, other: Word) -> bool:
	return re.sub(r"\W", "", one.text).casefold() == re.sub(r"\W", "", other.text).casefold()
