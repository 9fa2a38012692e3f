"""Whether a browser that plays a file as it is keeps the time of the transcript.

Browsers count from a file's first timestamp, seek by its index or its bit rate, and pass over holes, each in its own way. So a file is
played as it is only where there is nothing to decide; of any other there is a copy on the transcript's own time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .containers import FLAC, MP3, MP4, WAV, Container

if TYPE_CHECKING:
	from av import Packet

	from .media import MediaInfo

LEEWAY = 0.05  # seconds
# where the length of a whole file and what is decoded of it agree; encoders pad the end
LENGTH_LEEWAY = 0.15  # seconds
FOR_SOUND = (WAV, FLAC, MP4, MP3)


class Timeline:
	"""What is seen of a file's timestamps while it is read."""

	def __init__(self, container: Container) -> None:
		self.container = container
		self.starts_at = 0.0
		self._furthest = 0.0
		self._bit_rates: set[int] = set()

	def packet(self, packet: Packet) -> None:
		if self.container is MP3 and packet.size > 3:
			# the third byte of a frame's header holds the index of its bit rate, ISO/IEC 11172-3
			self._bit_rates.add(bytes(packet)[2] >> 4)

	def frame(self, ahead: float) -> None:
		"""ahead: seconds by which a frame's timestamp is later than the sound before it lasts"""
		self._furthest = max(self._furthest, abs(ahead))

	def is_plain(self, decoded: float, info: MediaInfo, is_whole: bool) -> bool:
		"""decoded: seconds; is_whole: nothing is missing or damaged"""
		if info.kind == "Video":
			# of other pictures, or damaged ones, there is no copy
			can_be_copied = info.has_h264 and is_whole
			return not can_be_copied or max(abs(self.starts_at), self._furthest) <= LEEWAY
		# what an mp3 begins with is the encoder's delay, which players skip as we do
		if not is_whole or (abs(self.starts_at) > LEEWAY and self.container is not MP3):
			return False
		return (
			self.container in FOR_SOUND
			# WebKit takes an mp3 without a header to be empty until it has read more of it, and seeks to nowhere else
			and info.claim_is_exact
			and self._furthest <= LEEWAY
			and len(self._bit_rates) <= 1
			and info.claimed is not None
			and abs(info.claimed - decoded) <= LENGTH_LEEWAY
		)
