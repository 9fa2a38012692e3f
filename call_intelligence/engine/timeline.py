"""Decides whether browsers play a file at the times of the transcript.

Browsers differ in how they count from a file's first timestamp, seek by index or bit rate, and skip holes. So a file is only played as it
is if these don't matter; for others a copy on the transcript's timeline is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .containers import FLAC, MP3, MP4, WAV, WEBM, Container
from .pictures import COPIED

if TYPE_CHECKING:
	from av import Packet

	from .media import MediaInfo

LEEWAY = 0.05  # seconds
# between the stated and the decoded length of an intact file; encoders pad the end
LENGTH_LEEWAY = 0.15  # seconds
FOR_SOUND = (WAV, FLAC, MP4, MP3)


class Timeline:
	"""Collects properties of a file's timestamps while it is read."""

	def __init__(self, container: Container) -> None:
		self.container = container
		self.starts_at = 0.0
		self._furthest = 0.0
		self._bit_rates: set[int] = set()

	def packet(self, packet: Packet) -> None:
		if self.container is MP3 and packet.size > 3:
			# the third byte of a frame's header has the index of its bit rate, ISO/IEC 11172-3
			self._bit_rates.add(bytes(packet)[2] >> 4)

	def frame(self, ahead: float) -> None:
		"""ahead: seconds by which a frame's timestamp is after the end of the sound before it"""
		self._furthest = max(self._furthest, abs(ahead))

	def is_plain(self, decoded: float, info: MediaInfo, is_whole: bool) -> bool:
		"""Whether browsers play the file at the right times; decoded: seconds; is_whole: nothing is missing or damaged"""
		if info.kind == "Video":
			# other or damaged pictures can't be copied
			can_be_copied = info.pictures in COPIED and is_whole
			# browsers can't seek in a webm without a length, as they record it themselves
			has_length = info.claim_is_exact or self.container is not WEBM
			return not can_be_copied or (has_length and max(abs(self.starts_at), self._furthest) <= LEEWAY)
		# an mp3 begins with the encoder's delay, which players skip as we do
		if not is_whole or (abs(self.starts_at) > LEEWAY and self.container is not MP3):
			return False
		return (
			self.container in FOR_SOUND
			# WebKit treats an mp3 without a header as empty until it has read more, and can't seek in it
			and info.claim_is_exact
			and self._furthest <= LEEWAY
			and len(self._bit_rates) <= 1
			and info.claimed is not None
			and abs(info.claimed - decoded) <= LENGTH_LEEWAY
		)
