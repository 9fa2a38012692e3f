"""One part of a recording as a file of its own: what lies outside of it is decoded and thrown away, never written.

Sound only, also of a video: pictures between two of their key frames can't be cut without encoding them anew, and may show more than
the part is meant to.
"""

from pathlib import Path

from .media import Media, blocks, clear_errors
from .playback import PlaybackWriter
from .types import EngineError, warning

PART = "part.m4a"
TOLERANCE = 0.5  # seconds by which a file may end before the part does; people and players round


def cut(path, work, start, end, progress=lambda fraction: None):
	"""Write [start, end) of the sound of `path` to part.m4a in the folder `work`; seconds on the timeline that `prepare` finds.

	From the first sample at or after `start` to the last one before `end`. The file is read from its beginning, block by block: where its
	timestamps have holes only that tells what lies where. -> list of warnings. Raises EngineError, part_missing where the file holds
	nothing of the part.
	"""
	target = Path(work) / PART
	fresh = target.with_name(f"{PART}.new")
	try:
		with clear_errors("can't be decoded"), Media(path) as media:
			channels = 2 if media.info.channels == 2 else 1
			writer = PlaybackWriter(fresh, media.info.sample_rate, channels)
			try:
				written = _copy(media, writer, channels, start, end, progress)
			finally:
				writer.close()
		if not written:
			raise EngineError("part_missing", f"no sound from {start:g} to {end:g} s")
	except BaseException:
		fresh.unlink(missing_ok=True)
		raise
	fresh.replace(target)
	found = written / writer.rate
	if found < end - start - TOLERANCE:
		return [warning("partly_decoded", decoded=round(found, 1), expected=round(end - start, 1))]
	return []


def _copy(media, writer, channels, start, end, progress):
	"""-> samples written"""
	first, last = round(start * writer.rate), round(end * writer.rate)
	at = written = 0
	for block in blocks(media, writer.rate, channels):
		inside = block[:, max(0, first - at) : max(0, last - at)]
		at += block.shape[1]
		if inside.shape[1]:
			writer.write(inside)
			written += inside.shape[1]
		progress(at / max(1, last))
		if at >= last:
			break
	return written
