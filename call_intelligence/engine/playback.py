"""Writes a copy of a recording that every browser plays."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from .media import is_picture

MOST_WITHOUT_TIME = 64  # pictures


class Pictures:
	"""The encoded H.264 pictures of a file, on the timeline of the transcript. Use as a context manager."""

	def __init__(self, path: str | Path) -> None:
		self._in = av.open(str(path))
		self.stream = next(video for video in self._in.streams.video if not is_picture(video))

	def __enter__(self) -> "Pictures":
		return self

	def __exit__(self, *_: object) -> None:
		self._in.close()

	def packets(self) -> Iterator[tuple[float, av.Packet]]:
		"""-> (decoding time in seconds, packet), in order"""
		begin = round((self._in.start_time or 0) / av.time_base / self.stream.time_base)
		for packet in self._with_decoding_time():
			packet.pts -= begin
			packet.dts -= begin
			yield float(packet.dts * self.stream.time_base), packet

	def _with_decoding_time(self) -> Iterator[av.Packet]:
		"""Matroska stores no decoding times, and FFmpeg can't derive those of the first pictures: count back from the first known."""
		first: list[av.Packet] = []
		known = False
		for packet in self._in.demux(self.stream):
			if packet.pts is None or (packet.dts is None and known):
				continue
			if packet.dts is None:
				first.append(packet)
				if len(first) > MOST_WITHOUT_TIME:
					raise ValueError("pictures without a time")
				continue
			for number, earlier in enumerate(reversed(first), start=1):
				earlier.dts = packet.dts - number * max(1, packet.duration or 0)
			yield from first
			first, known = [], True
			yield packet
		if first:
			raise ValueError("pictures without a time")


class PlaybackWriter:
	"""Writes AAC in an mp4 for originals that browsers don't play, optionally with the pictures of a video."""

	def __init__(
		self, path: str | Path, sample_rate: int, channels: int, pictures: Pictures | None = None
	) -> None:
		rate = min((r for r in (8000, 16000, 22050, 32000, 44100, 48000) if r >= sample_rate), default=48000)
		self._out = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
		self._packets = iter(pictures.packets()) if pictures else iter(())
		self._pictures = pictures and self._out.add_stream_from_template(pictures.stream)
		self._next = next(self._packets, None)
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
