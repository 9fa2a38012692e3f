"""Writes a copy of a recording that every browser plays."""

from pathlib import Path
from typing import NamedTuple

import av
import numpy as np

from .pictures import COPIED, Pictures

AAC_RATES = (8000, 16000, 22050, 32000, 44100, 48000)  # Hz
OPUS_RATES = (48000,)


class Format(NamedTuple):
	"""Format of a copy"""

	file: str
	container: str
	codec: str  # of the sound
	rates: tuple[int, ...]  # Hz
	options: dict[str, str]


SOUND = Format("playback.m4a", "mp4", "aac", AAC_RATES, {"movflags": "+faststart"})
MP4 = SOUND._replace(file="playback.mp4")
# the index of a webm is at its end unless space is reserved at the beginning
WEBM = Format("playback.webm", "webm", "libopus", OPUS_RATES, {"cues_to_front": "1"})
# formats for pictures that are copied without encoding, by their codec
FORMATS = {codec: MP4 if codec == "h264" else WEBM for codec in COPIED}


class PlaybackWriter:
	"""Writes a copy of an original that browsers don't play, optionally with the pictures of a video."""

	def __init__(
		self,
		path: str | Path,
		sample_rate: int,
		channels: int,
		form: Format = SOUND,
		pictures: Pictures | None = None,
	) -> None:
		rate = min((r for r in form.rates if r >= sample_rate), default=form.rates[-1])
		self._out = av.open(str(path), "w", format=form.container, options=form.options)
		self._packets = iter(pictures.packets()) if pictures else iter(())
		self._pictures = pictures and self._out.add_stream_from_template(pictures.stream)
		self._next = next(self._packets, None)
		self._stream = self._out.add_stream(
			form.codec, rate=rate, layout="stereo" if channels == 2 else "mono"
		)
		self._stream.codec_context.bit_rate = min(64000, rate * 3) * channels
		self._rate, self._channels, self._written = rate, channels, 0

	@property
	def rate(self) -> int:
		return self._rate

	def write(self, block: np.ndarray) -> None:
		"""block: int16[channels, n] at .rate Hz"""
		frame = av.AudioFrame.from_ndarray(
			np.ascontiguousarray(block), format="s16p", layout="stereo" if self._channels == 2 else "mono"
		)
		frame.sample_rate, frame.pts, self._written = (
			self._rate,
			self._written,
			self._written + block.shape[1],
		)
		self._write_pictures(self._written / self._rate)
		self._out.mux(self._stream.encode(frame))

	def _write_pictures(self, until: float) -> None:
		"""Write the pictures before this second, interleaved with the sound for players."""
		while self._next and self._next[0] < until:
			packet = self._next[1]
			packet.stream = self._pictures
			self._out.mux(packet)
			self._next = next(self._packets, None)

	def close(self) -> None:
		self._write_pictures(float("inf"))
		self._out.mux(self._stream.encode(None))
		self._out.close()
