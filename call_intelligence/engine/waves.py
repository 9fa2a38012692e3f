"""Reads wav files with more sound than their first header states: concatenated files, or one whose length was written too early.

Standard library only.
"""

import struct
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

MOST_CHUNKS = 100_000
UNKNOWN = (0, 0xFFFFFFFF)  # lengths that were never filled in


class Parts:
	"""Parts of a file, opened for reading as one file."""

	def __init__(self, path: str | Path, parts: Sequence[tuple[int, int]]) -> None:
		"""parts: (first byte, byte after the last) of each"""
		self._file, self._parts, self._at = open(path, "rb"), parts, 0  # noqa: SIM115 close() is part of the contract
		# position of each part, and the end of the last one
		self._starts = [0, *accumulate(end - begin for begin, end in parts)]
		self._size = self._starts[-1]

	def read(self, size: int = -1) -> bytes:
		wanted = self._size - self._at if size < 0 else size
		found, left = [], max(0, min(wanted, self._size - self._at))
		number = bisect_right(self._starts, self._at) - 1
		while left > 0:
			(begin, end), inside = self._parts[number], self._at - self._starts[number]
			self._file.seek(begin + inside)
			block = self._file.read(min(left, end - begin - inside))
			if not block and begin + inside < end:
				break  # the file was shortened
			found.append(block)
			self._at, left, number = self._at + len(block), left - len(block), number + 1
		return b"".join(found)

	def seek(self, offset: int, whence: int = 0) -> int:
		self._at = max(0, offset + (0, self._at, self._size)[whence])
		return self._at

	def tell(self) -> int:
		return self._at

	def seekable(self) -> bool:
		return True

	def close(self) -> None:
		self._file.close()


def behind(
	file: BinaryIO, at: int, size: int, form: bytes | None, byte_rate: int
) -> tuple[list[tuple[int, int]], float]:
	"""Find sound after the first sound of a wav file.

	at: end of the first sound; form: bytes of its fmt chunk; byte_rate: bytes a second
	-> (parts [(first byte, byte after the last)] that continue the sound, seconds of sound in another format)
	"""
	parts, left_out = [], 0.0
	for _ in range(MOST_CHUNKS):
		if at + 8 > size:
			break
		file.seek(at)
		name, length = struct.unpack("<4sI", file.read(8))
		if name in (b"RIFF", b"RF64") and file.read(4) == b"WAVE":
			sound = _sound_of(file, at + 12, size)
			if sound is None:
				break
			begin, at, other, seconds = sound
			if other == form:
				parts.append((begin, at))
			else:
				left_out += seconds
			at += (at - begin) % 2
		elif not all(32 <= byte < 127 for byte in name) or at + 8 + length > size:
			# not a chunk: sound, unless it is a short trailer
			if size - at > byte_rate:
				parts.append((at, size))
			break
		else:
			at += 8 + length + length % 2
	return parts, left_out


def _sound_of(file: BinaryIO, at: int, size: int) -> tuple[int, int, bytes, float] | None:
	"""-> (its first byte, the byte after its last, its fmt chunk, seconds) of the file whose chunks begin at `at`"""
	form, long_length, samples, rate, byte_rate = b"", None, 0, 0, 0
	for _ in range(MOST_CHUNKS):
		if at + 8 > size:
			return None
		file.seek(at)
		name, length = struct.unpack("<4sI", file.read(8))
		if name == b"fmt ":
			form = file.read(min(length, 16))
			rate, byte_rate = struct.unpack("<4xII", form[:12])
		elif name == b"fact":  # if the bytes per second are only a guess
			samples = struct.unpack("<I", file.read(4))[0]
		elif name == b"ds64":
			long_length = struct.unpack("<8xQ", file.read(16))[0]
		elif name == b"data":
			if length == 0xFFFFFFFF and long_length:
				length = long_length
			begin = at + 8
			end = size if length in UNKNOWN else min(size, begin + length)
			seconds = (end - begin) / byte_rate if byte_rate else 0.0
			if samples and rate and length not in UNKNOWN:
				seconds = samples / rate
			return begin, end, form, seconds
		at += 8 + length + length % 2
	return None
