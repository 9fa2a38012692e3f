"""Which files of a meeting are its recording: one for each stretch between pauses.

`participant_audio_files`, the voices one by one, come later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .types import NotReadyError, RemoteMedia, said
from .zoom_api import Json, moment, number, rows, text

KINDS: Mapping[str, Literal["audio", "video"]] = {
	"m4a": "audio", "mp3": "audio", "wav": "audio", "mp4": "video",
}  # fmt: skip
SAME = 3.0
"""seconds: files that begin so close to each other are views of the same stretch"""


@dataclass(frozen=True)
class File:
	start: datetime
	end: datetime | None
	extension: str
	url: str
	size: int | None
	ready: bool
	rank: tuple[int, int]
	"""the smallest is taken"""


def parts_of(meeting: Json, video: bool) -> tuple[datetime | None, tuple[RemoteMedia, ...]]:
	"""-> the beginning of the first part, the parts in order. Raises NotReadyError while one of them is in work."""
	chosen = [min(files, key=lambda file: file.rank) for files in stretches(files_of(meeting, video))]
	in_work = not chosen and any(
		row.get("status") == "processing" for row in rows(meeting, "recording_files")
	)
	if in_work or not all(file.ready for file in chosen):
		raise NotReadyError(said("Zoom is still working on the recording."))
	start = chosen[0].start if chosen else None
	return start, tuple(media_of(file, (file.start - chosen[0].start).total_seconds()) for file in chosen)


def files_of(meeting: Json, video: bool) -> list[File]:
	"""With sound, by their beginning. Files in the trash are left out."""
	found = [file_of(row, video) for row in rows(meeting, "recording_files") if not row.get("deleted_time")]
	return sorted((file for file in found if file), key=lambda file: file.start)


def file_of(row: Json, video: bool) -> File | None:
	extension = (text(row, "file_extension") or text(row, "file_type")).lower()
	start, url = moment(row, "recording_start"), text(row, "download_url")
	ready = text(row, "status") in ("completed", "") and bool(url)
	# a file in work may not have its type yet
	if start is None or (extension not in KINDS and (extension or ready)):
		return None
	size = number(row, "file_size")
	rank = rank_of(row, extension, video)
	return File(start, moment(row, "recording_end"), extension, url, int(size) if size else None, ready, rank)


def rank_of(row: Json, extension: str, video: bool) -> tuple[int, int]:
	"""Sound alone before pictures, or the other way round; then the view with most to see"""
	return (int((KINDS.get(extension, "audio") == "video") != video), view_of(text(row, "recording_type")))


def view_of(kind: str) -> int:
	"""By words: Zoom changes the names and adds such as (CC)"""
	kind = kind.lower()
	if "speaker" in kind:
		return 0 if "screen" in kind else 1
	if "gallery" in kind:
		return 2 if "screen" in kind else 3
	return 4


def stretches(files: list[File]) -> list[list[File]]:
	found: list[list[File]] = []
	for file in files:
		if found and (file.start - found[-1][0].start).total_seconds() < SAME:
			found[-1].append(file)
		else:
			found.append([file])
	return found


def media_of(file: File, offset: float) -> RemoteMedia:
	return RemoteMedia(
		file.url,
		f"GMT{file.start:%Y%m%d-%H%M%S}_Recording.{file.extension}",
		KINDS[file.extension],
		file.size,
		(file.end - file.start).total_seconds() if file.end and file.end > file.start else None,
		offset,
	)


def has_sound(files: list[Json]) -> bool:
	return any((text(row, "file_extension") or text(row, "file_type")).lower() in KINDS for row in files)
