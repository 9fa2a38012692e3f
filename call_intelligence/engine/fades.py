"""Short fades where a part was cut out of running sound, which would click otherwise. They change neither its length nor its times."""

import warnings

import numpy as np

from .playback import PlaybackWriter

with warnings.catch_warnings():
	# it warns of programs for other formats, which are not used here, and of its own syntax
	warnings.simplefilter("ignore")
	try:
		from pydub import AudioSegment
	except ImportError:
		# an environment of an earlier version of the app: there are no fades until setup-engine completes it
		AudioSegment = None

FADE_MS = 4


class Faded:
	"""Passes sound on to a writer, with a fade at its beginning and end. Holds back only the last few milliseconds, since pydub needs
	sound as a whole."""

	def __init__(self, writer: PlaybackWriter, fade_in: bool) -> None:
		self.rate = writer.rate
		self._writer, self._fade_in = writer, fade_in and AudioSegment is not None
		self._length = FADE_MS * self.rate // 1000
		self._held: np.ndarray | None = None

	def write(self, block: np.ndarray) -> None:
		"""block: int16[channels, n]"""
		held = block if self._held is None else np.concatenate([self._held, block], axis=1)
		if self._fade_in and held.shape[1] >= self._length:
			begin = _samples(_segment(held[:, : self._length], self.rate).fade_in(FADE_MS))
			held = np.concatenate([begin, held[:, self._length :]], axis=1)
			self._fade_in = False
		ready = max(0, held.shape[1] - self._length)
		if ready:
			self._writer.write(held[:, :ready])
		self._held = held[:, ready:]

	def close(self, fade_out: bool) -> None:
		"""Write what is left; the writer stays open."""
		if self._held is None:
			return
		if fade_out and AudioSegment is not None and self._held.shape[1] == self._length:
			self._held = _samples(_segment(self._held, self.rate).fade_out(FADE_MS))
		self._writer.write(self._held)
		self._held = None


def _segment(block: np.ndarray, rate: int) -> AudioSegment:
	return AudioSegment(block.T.tobytes(), sample_width=2, frame_rate=rate, channels=len(block))


def _samples(segment: AudioSegment) -> np.ndarray:
	return np.frombuffer(segment.raw_data, np.int16).reshape(-1, segment.channels).T
