"""Reads a file's length and end from its structure, to compare them with the decoded sound.

FFmpeg adapts such claims to the size of the file, which hides missing sound. Standard library only. Damaged files raise nothing:
unreadable values count as missing.
"""

import contextlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .containers import ASF, MATROSKA, MP4, OGG, WAV, WEBM, Container
from .waves import behind

OGG_PAGE = 27  # bytes of a page's header, before its table of segments
OGG_LAST = 4  # the flag of the last page of a stream
READ_AT_ONCE = 1 << 20
# bytes searched for the last cluster; recorders begin one every few seconds
MATROSKA_TAIL = 16 << 20
MOST_PARTS = 2_000_000  # pages or boxes, including unreadable places between them
MOST_HOLES = 10_000
ASF_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
MATROSKA_CLUSTER = b"\x1f\x43\xb6\x75"


@dataclass(slots=True)
class Structure:
	seconds: float | None = None  # from the header, if FFmpeg's value is unreliable
	exact: bool = True  # False: the header was written before the length was known
	cut_off: bool = False  # the file ends before its structure does
	damaged: bool = False  # something is also missing in the middle
	most_between: int | None = None  # most bytes between two packets of an intact file; None: unknown
	parts: list[tuple[int, int]] | None = (
		None  # (first byte, byte after the last) of the parts to read as one file; None: all of it
	)
	left_out: float = 0.0  # seconds of sound after the end stated by the header, which is not read


def examine(path: str | Path, container: Container) -> Structure:
	"""container: of the file at `path`"""
	reader = {WAV: _wav, ASF: _asf, OGG: _ogg, MP4: _mp4, MATROSKA: _matroska, WEBM: _matroska}.get(container)
	if not reader:
		return Structure()
	with (
		open(path, "rb") as file,
		contextlib.suppress(struct.error, IndexError, OverflowError, ValueError, OSError),
	):
		return reader(file, os.fstat(file.fileno()).st_size)
	return Structure(exact=False)


def _wav(file: BinaryIO, size: int) -> Structure:
	"""A length that was never filled in (written through a pipe) is ignored."""
	long_length = byte_rate = form = None
	at = 12
	while at + 8 <= size:
		file.seek(at)
		name, length = struct.unpack("<4sI", file.read(8))
		if name == b"fmt ":
			form = file.read(min(length, 16))
			byte_rate = struct.unpack("<8xI", form[:12])[0]
		elif name == b"ds64":  # RF64: lengths over 4 GB
			long_length = struct.unpack("<8xQ", file.read(16))[0]
		elif name == b"data":
			begin = at + 8
			if long_length is not None and length == 0xFFFFFFFF:
				length = long_length
				if not 0 < length < 1 << 62:
					return Structure(exact=False, parts=[(0, size)])
			elif not 0 < length < 0xFFFFFF00 or 0x7FFFF000 <= length <= 0x7FFFFFFF:
				return Structure(exact=False)
			if length > size - begin:
				return Structure(length / byte_rate if byte_rate else None)
			more, left_out = behind(file, begin + length + length % 2, size, form, byte_rate or size)
			if not more:
				return Structure(left_out=left_out)
			return Structure(exact=False, parts=[(0, begin + length), *more], left_out=left_out)
		at += 8 + length + length % 2
	return Structure()


def _asf(file: BinaryIO, size: int) -> Structure:
	head = file.read(30)
	objects = struct.unpack("<24xI", head[:28])[0]
	at, found = 30, Structure(exact=False)
	for _ in range(min(objects, 1000)):
		if at + 24 > size:
			break
		file.seek(at)
		name, length = struct.unpack("<16sQ", file.read(24))
		if name == ASF_FILE_PROPERTIES:
			claimed_size, played, preroll, flags, packet = struct.unpack("<16xQ16xQ8xQI4xI", file.read(76))
			found.most_between = 2 * packet
			if not flags & 1:  # not written as a broadcast
				found.seconds, found.exact = played / 1e7 - preroll / 1e3, True
				found.cut_off = found.damaged = claimed_size > size
			return found
		at += max(24, length)
	return found


def _ogg(file: BinaryIO, size: int) -> Structure:
	"""RFC 3533: pages are numbered in each stream, and the last one is marked."""
	found, at, last, holes = Structure(), 0, 0, 0
	numbers: dict[int, int] = {}  # {stream: number of its last page}
	for _ in range(MOST_PARTS):
		if at >= size:
			break
		file.seek(at)
		head = file.read(OGG_PAGE + 255)
		if len(head) < OGG_PAGE or head[:5] != b"OggS\0":
			following = _find(file, at + 1, b"OggS\0")
			if following is None:
				break  # a tag at the end, or the rest of a page
			found.damaged, at, holes = True, following, holes + 1
			if holes > MOST_HOLES:
				return found
			continue
		last, stream, number = struct.unpack("<5xB8xII", head[:22])
		if number not in (0, numbers.get(stream, number - 1) + 1):
			found.damaged = True
		numbers[stream] = number
		segments = head[OGG_PAGE : OGG_PAGE + head[26]]
		at += OGG_PAGE + head[26] + sum(segments)
	else:
		return found
	found.cut_off = at > size or not last & OGG_LAST
	found.exact = not found.cut_off  # only the last page states the length
	return found


def _find(file: BinaryIO, at: int, what: bytes) -> int | None:
	"""Position of the next `what`"""
	while True:
		file.seek(at)
		block = file.read(READ_AT_ONCE)
		index = block.find(what)
		if index >= 0:
			return at + index
		if len(block) < READ_AT_ONCE:
			return None
		at += READ_AT_ONCE - len(what)


def _mp4(file: BinaryIO, size: int) -> Structure:
	at, fragments, broken, described, left_out = 0, False, False, False, 0.0
	for _ in range(MOST_PARTS):
		if at + 8 > size:
			break
		file.seek(at)
		length, name = struct.unpack(">I4s", file.read(8))
		least = 8
		if length == 0 and name == bytes(4) and not any(file.read(READ_AT_ONCE)):
			break  # padding
		if length == 1:
			length, least = struct.unpack(">Q", file.read(8))[0], 16
		elif length == 0:  # up to the end of the file
			length = size - at
		if length < least or not all(32 <= byte < 127 or byte == 0xA9 for byte in name):
			broken = True
			break
		fragments |= name == b"moof"
		if name == b"moov":
			# of two concatenated files only the first is read
			left_out += _movie_seconds(file, at + least) if described else 0.0
			described = True
		at += length
	# each fragment states only its own length, so the total can't show missing ones
	return Structure(exact=not fragments, cut_off=broken or at > size, left_out=left_out)


def _movie_seconds(file: BinaryIO, at: int) -> float:
	"""-> seconds of the movie whose boxes begin at `at`, ISO/IEC 14496-12; 0 if the first box is not its header"""
	file.seek(at)
	head = file.read(40)
	if head[4:8] != b"mvhd":
		return 0.0
	# after the version: times of creation and change, four bytes each or eight
	scale, length = struct.unpack_from(">IQ" if head[8] else ">II", head, 28 if head[8] else 20)
	return length / scale if scale else 0.0


def _matroska(file: BinaryIO, size: int) -> Structure:
	"""A live recording states no length for the file or the last cluster: then its elements must end with the file."""
	start = max(0, size - MATROSKA_TAIL)
	file.seek(start)
	tail = file.read()
	index = tail.rfind(MATROSKA_CLUSTER)
	while index >= 0:
		after = _ebml_length(tail, index + 4)
		if after:
			return Structure(cut_off=_elements_break_off(tail, index), most_between=1024)
		index = tail.rfind(MATROSKA_CLUSTER, 0, index)
	return Structure(most_between=1024)


def _elements_break_off(data: bytes, at: int) -> bool:
	"""Whether the last of the consecutive elements from `at` on exceeds the data"""
	while at < len(data):
		width = 9 - data[at].bit_length() if data[at] else 9
		if width > 4:
			return False  # damaged, or another kind of tag: not a matter of length
		name = data[at : at + width]
		read = _ebml_length(data, at + width)
		if read is None:
			return True
		length, at = read
		if length is None:
			if name != MATROSKA_CLUSTER:
				return False
			continue  # unknown length: continue with its children
		at += length
	return at > len(data)


def _ebml_length(data: bytes, at: int) -> tuple[int | None, int] | None:
	"""-> (length or None if unknown, start of the content); None at the end of the data"""
	if at >= len(data) or not data[at]:
		return None
	width = 9 - data[at].bit_length()
	if at + width > len(data):
		return None
	value = int.from_bytes(data[at : at + width], "big") & (1 << 7 * width) - 1
	return (None if value == (1 << 7 * width) - 1 else value), at + width
