"""Writes one part of a recording to a file. Sound outside of the part is decoded and discarded, never written.

Only the sound of a video is written: pictures can only be cut at key frames without encoding them again, and might show more than the
part.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from .fades import Faded
from .media import clear_errors
from .mixing import Mix, Survey
from .playback import PlaybackWriter
from .recording import Recording
from .speech import RATE
from .types import EngineError, warning

PART = "part.m4a"
ENOUGH = 60.0  # seconds needed to decide whether a channel is the other one's negative
NEGATIVE = 0.8  # negative correlation from which it is
TOLERANCE = 0.5  # seconds by which the file may end before the part, since users and players round


def cut(
	path: str | Path,
	work: str | Path,
	start: float,
	end: float,
	progress: Callable[[float], None] = lambda fraction: None,
) -> list[dict]:
	"""Write [start, end) of the sound of `path` to part.m4a in the folder `work`; seconds on the timeline of `prepare`.

	From the first sample at or after `start` to the last one before `end`. The file is read from its beginning, since seeking is
	unreliable if its timestamps have holes. -> warnings. Raises EngineError; part_missing if the file has no sound in the
	part.
	"""
	target = Path(work) / PART
	fresh = target.with_name(f"{PART}.new")
	try:
		with clear_errors("can't be decoded"), Recording(path) as recording:
			plain = recording.info.channels <= 2 and len(recording.tracks) == 1
			mix = Mix.plain(recording.info.channels) if plain else _survey(path, end)
			rate = max(recording.tracks[number].info.sample_rate for number in mix.tracks)
			writer = PlaybackWriter(fresh, rate, mix.channels)
			try:
				written = _copy(recording, writer, mix, start, end, progress)
			finally:
				writer.close()
		if not written:
			raise EngineError("part_missing", f"no sound from {start:g} to {end:g} s")
	except BaseException:
		fresh.unlink(missing_ok=True)
		raise
	fresh.replace(target)
	found = written / writer.rate
	if found < end - start - TOLERANCE:
		return [warning("partly_decoded", decoded=round(found, 1), expected=round(end - start, 1))]
	return []


def _survey(path: str | Path, end: float) -> Mix:
	with Recording(path) as recording:
		survey, samples = Survey(recording.channels), 0
		for block in recording.blocks(RATE):
			survey.add(block)
			samples += block.shape[1]
			if samples >= end * RATE:
				break
	return survey.mix()


def _copy(
	recording: Recording,
	writer: PlaybackWriter,
	mix: Mix,
	start: float,
	end: float,
	progress: Callable[[float], None],
) -> int:
	"""-> samples written"""
	first, last = round(start * writer.rate), round(end * writer.rate)
	at = written = 0
	faded = Faded(writer, fade_in=first > 0)
	turned = Upright(faded) if mix.channels == 2 else faded
	for block in recording.blocks(writer.rate):
		inside = block[:, max(0, first - at) : max(0, last - at)]
		at += block.shape[1]
		if inside.shape[1]:
			turned.write(mix.apply(inside))
			written += inside.shape[1]
		progress(at / max(1, last))
		if at >= last:
			break
	if isinstance(turned, Upright):
		turned.close()
	# the end of the recording itself needs none
	faded.close(fade_out=at >= last)
	return written


class Upright:
	"""Writes two channels, inverting the second if it is the first one's negative, which would be silent on one loudspeaker."""

	def __init__(self, writer: Faded) -> None:
		self._writer, self._samples = writer, 0
		self._waiting: list[np.ndarray] = []
		self._sign: int | None = None

	def write(self, block: np.ndarray) -> None:
		"""block: int16[2, n]"""
		if self._sign is None:
			self._waiting.append(block)
			self._samples += block.shape[1]
			if self._samples < ENOUGH * self._writer.rate:
				return
			block = self._decided()
		self._write(block)

	def close(self) -> None:
		"""Write what is left; the writer stays open."""
		if self._sign is None and self._waiting:
			self._write(self._decided())

	def _decided(self) -> np.ndarray:
		joined = np.concatenate(self._waiting, axis=1)
		self._waiting = []
		first, second = joined.astype(np.float32)
		product = float(first @ second)
		self._sign = -1 if product < -NEGATIVE * np.sqrt(float(first @ first) * float(second @ second)) else 1
		return joined

	def _write(self, block: np.ndarray) -> None:
		self._writer.write(block if self._sign == 1 else np.stack([block[0], -np.maximum(block[1], -32767)]))
