"""Reads the pictures of a video without decoding them."""

from collections.abc import Iterator
from pathlib import Path

import av

COPIED = ("h264", "vp8", "vp9", "av1")  # codecs that browsers play, so that they are copied as they are
MOST_WITHOUT_TIME = 64  # pictures


class Pictures:
	"""The encoded pictures of a file, on the timeline of the transcript. Use as a context manager."""

	def __init__(self, path: str | Path) -> None:
		self._in = av.open(str(path))
		self.stream = next(video for video in self._in.streams.video if not is_cover(video))

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


def is_cover(video: av.VideoStream) -> bool:
	"""Whether it is a single image, such as the cover of an album"""
	return "attached_pic" in str(video.disposition) or (
		video.codec_context is not None
		and video.codec_context.name in ("mjpeg", "png", "gif", "bmp")
		and video.frames <= 1
	)
