"""The copy of a recording that every browser plays."""

from pathlib import Path

import av
import numpy as np


class PlaybackWriter:
	"""AAC in an m4a that every browser plays, for originals that they don't."""

	def __init__(self, path: str | Path, sample_rate: int, channels: int) -> None:
		rate = min((r for r in (8000, 16000, 22050, 32000, 44100, 48000) if r >= sample_rate), default=48000)
		self._out = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
		self._stream = self._out.add_stream("aac", rate=rate, layout="stereo" if channels == 2 else "mono")
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
		self._out.mux(self._stream.encode(frame))

	def close(self) -> None:
		self._out.mux(self._stream.encode(None))
		self._out.close()
