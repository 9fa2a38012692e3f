"""Packs speech for the recognizer: spans of speech, without the silence between them, in clips of at most 30 s."""

from dataclasses import dataclass, field

import numpy as np

from .speech import RATE

LONGEST = 30.0  # seconds, Whisper's window
PAD = 0.4  # seconds kept around speech
SLACK = 0.1  # seconds by which the voice detector may be late
SHORTEST_SPEECH_MS = 100
SILENCE_MS = 160
RATE_LONGEST = int(LONGEST * RATE)


@dataclass(slots=True)
class Clip:
	channel: int
	spans: list[tuple[int, int]] = field(default_factory=list)  # samples of the recording
	voices: list[tuple[int, int]] = field(default_factory=list)  # the voice in each span, without the padding
	parts: list[np.ndarray] = field(default_factory=list)
	samples: int = 0

	@property
	def seconds(self) -> float:
		return self.samples / RATE

	@property
	def audio(self) -> np.ndarray:
		"""float32[samples]"""
		return np.concatenate(self.parts)

	def add(self, start: int, part: np.ndarray, voice: tuple[int, int]) -> None:
		self.spans.append((start, start + len(part)))
		self.voices.append(voice)
		self.parts.append(part)
		self.samples += len(part)

	def extend(self, other: "Clip") -> None:
		"""Append the contents of another clip of the channel."""
		for span, voice, samples in zip(other.spans, other.voices, other.parts, strict=True):
			self.add(span[0], samples, voice)

	def place(self, start: float, end: float) -> tuple[float, float]:
		"""Seconds inside the clip -> seconds of the recording. A stretch across a cut is placed by its middle; one that reaches into
		the padding is limited to the voice, since Whisper stretches words over adjacent silence."""
		middle, before = (start + end) / 2, 0.0
		for number, ((first, last), (began, ended)) in enumerate(zip(self.spans, self.voices, strict=True)):
			length = (last - first) / RATE
			if middle < before + length or number == len(self.spans) - 1:
				shift = first / RATE - before
				low, high = max(first / RATE, began / RATE - SLACK), min(last / RATE, ended / RATE + SLACK)
				return min(max(start + shift, low), high), min(max(end + shift, low), high)
			before += length
		raise ValueError("the clip is empty")

	def part(self, start: float, end: float) -> "Clip":
		"""The part of the clip between two seconds of the recording, with the padding that is available"""
		found, pad = Clip(self.channel), int(PAD * RATE)
		since, until = int(start * RATE) - pad, int(end * RATE) + pad
		for (first, last), (low, high), samples in zip(self.spans, self.voices, self.parts, strict=True):
			begin, stop = max(first, since), min(last, until)
			# skip spans of which only the padding is inside
			if begin < stop and max(low, since + pad) < min(high, until - pad):
				voice = max(low, begin), min(high, stop)
				found.add(begin, samples[begin - first : stop - first], voice)
		return found

	def stretches(self, seconds: float, pause: float) -> list["Clip"]:
		"""Cut the clip at pauses: at the next one after `seconds`, and at each pause longer than `pause` seconds."""
		found: list[Clip] = []
		for span, voice, samples in zip(self.spans, self.voices, self.parts, strict=True):
			last = found[-1] if found else None
			if not last or last.seconds >= seconds or voice[0] - last.voices[-1][1] > pause * RATE:
				found.append(Clip(self.channel))
			found[-1].add(span[0], samples, voice)
		return found

	@property
	def heard(self) -> list[tuple[float, float]]:
		"""Where a voice was detected, in seconds of the recording"""
		return [(low / RATE, high / RATE) for low, high in self.voices]


class Packer:
	"""Collects spans of one channel and returns full clips."""

	def __init__(self, channel: int) -> None:
		self._channel, self._clip = channel, Clip(channel)

	def add(self, start: int, part: np.ndarray, voice: tuple[int, int]) -> list[Clip]:
		"""start: sample of the recording; part: float32[n], at most LONGEST; voice: (start, end) of the voice in it, in samples of
		the recording -> full clips"""
		full = []
		if self._clip.samples and self._clip.samples + len(part) > RATE_LONGEST:
			full = self.rest()
		self._clip.add(start, part, voice)
		return full

	def rest(self) -> list[Clip]:
		"""The unfinished clip, if there is any"""
		clip, self._clip = self._clip, Clip(self._channel)
		return [clip] if clip.samples else []


def find_speech(audio: np.ndarray) -> list[tuple[int, int]]:
	"""Silero's voice detector -> (start, end) in samples, not padded, each at most LONGEST with its padding"""
	from faster_whisper.vad import VadOptions, get_speech_timestamps

	if not len(audio) or float(np.abs(audio).max()) < 1e-4:
		return []  # digital silence: nothing to detect
	options = VadOptions(
		min_speech_duration_ms=SHORTEST_SPEECH_MS,
		max_speech_duration_s=LONGEST - 2 * PAD - 0.1,
		min_silence_duration_ms=SILENCE_MS,
		speech_pad_ms=0,
	)
	return [
		(int(span["start"]), int(min(span["end"], len(audio))))
		for span in get_speech_timestamps(audio, options)
	]


def padded(spans: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
	"""Each span widened by PAD, but not beyond the middle of the silence to its neighbours"""
	pad = int(PAD * RATE)
	wide: list[tuple[int, int]] = []
	for index, (start, end) in enumerate(spans):
		before = spans[index - 1][1] if index else -2 * start
		after = spans[index + 1][0] if index + 1 < len(spans) else 2 * length
		wide.append((max(0, start - pad, (before + start) // 2), min(length, end + pad, (end + after) // 2)))
	return wide
