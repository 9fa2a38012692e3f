"""Speech packed for the recognizer: spans of speech, without the silence between them, in clips of at most half a minute."""

from dataclasses import dataclass, field

import numpy as np

from .speech import RATE

LONGEST = 30.0  # seconds, what Whisper hears at once
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
	def seconds(self):
		return self.samples / RATE

	@property
	def audio(self):
		"""-> float32[samples]"""
		return np.concatenate(self.parts)

	def add(self, start, part, voice):
		self.spans.append((start, start + len(part)))
		self.voices.append(voice)
		self.parts.append(part)
		self.samples += len(part)

	def place(self, start, end):
		"""Seconds inside the clip -> seconds of the recording. What crosses a cut is put where its middle is; what reaches into the
		padding is drawn back to the voice, since Whisper stretches words over the silence beside them."""
		middle, before = (start + end) / 2, 0.0
		for number, ((first, last), (low, high)) in enumerate(zip(self.spans, self.voices, strict=True)):
			length = (last - first) / RATE
			if middle < before + length or number == len(self.spans) - 1:
				shift = first / RATE - before
				low, high = max(first / RATE, low / RATE - SLACK), min(last / RATE, high / RATE + SLACK)
				return min(max(start + shift, low), high), min(max(end + shift, low), high)
			before += length


class Packer:
	"""Collects spans of one channel and gives out full clips."""

	def __init__(self, channel):
		self._channel, self._clip = channel, Clip(channel)

	def add(self, start, part, voice):
		"""start: sample of the recording; part: float32[n], at most LONGEST; voice: (start, end) of the voice in it, in samples of
		the recording -> list of clips that became full"""
		full = []
		if self._clip.samples and self._clip.samples + len(part) > RATE_LONGEST:
			full = self.rest()
		self._clip.add(start, part, voice)
		return full

	def rest(self):
		"""-> list with the unfinished clip, if there is any"""
		clip, self._clip = self._clip, Clip(self._channel)
		return [clip] if clip.samples else []


def find_speech(audio):
	"""Silero's voice detector -> list of (start, end) in samples, not padded, each at most LONGEST with its padding"""
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


def padded(spans, length):
	"""Widen each span by PAD, at most to the middle of the silence between two -> list of (start, end)"""
	pad, wide = int(PAD * RATE), []
	for index, (start, end) in enumerate(spans):
		before = spans[index - 1][1] if index else -2 * start
		after = spans[index + 1][0] if index + 1 < len(spans) else 2 * length
		wide.append((max(0, start - pad, (before + start) // 2), min(length, end + pad, (end + after) // 2)))
	return wide
