"""The first stage: one pass over the recording leaves the speech files, the peaks and, where browsers need it, a playback
copy."""

from pathlib import Path

from .containers import MP3
from .dual import DualChannelTest
from .media import Media, blocks, clear_errors
from .peaks import Peaks
from .playback import PlaybackWriter
from .speech import RATE, SpeechWriter
from .types import EngineError, warning

TOO_SHORT = 0.1  # seconds
LEAST_BYTES = 10  # of a file for each second of its sound; digital silence in flac takes some 30
LOW_RATE = 8000  # Hz; speech recognition needs at least this
PLAYBACK = "playback.m4a"
SPEECH, MIXED = ("speech.0.wav", "speech.1.wav"), "speech.mixed.wav"


def prepare(path, work, max_duration=None, progress=lambda fraction: None):
	"""Decode `path` into the folder `work`.

	max_duration: seconds -> dict as in prepare.json. Raises EngineError, and leaves nothing in the folder then.
	"""
	work = Path(work)
	try:
		with clear_errors("can't be decoded"):
			return _prepare(path, work, max_duration, progress)
	except BaseException:
		for name in (*SPEECH, MIXED, PLAYBACK):
			(work / name).unlink(missing_ok=True)
		raise


def _prepare(path, work, max_duration, progress):
	with Media(path) as media:
		info = media.info
		if max_duration and info.claimed and info.claimed > max_duration and _plausible(path, info):
			raise EngineError("too_long", limit=max_duration, duration=round(info.claimed, 1))
		channels = 2 if info.channels == 2 else 1
		writers = [SpeechWriter(work / name) for name in SPEECH[:channels]]
		try:
			peaks, verdict = _decode(media, writers, max_duration, _most_seconds(path), progress)
		finally:
			for writer in writers:
				writer.close()
		duration = writers[0].samples / RATE
		if not duration:
			raise EngineError("corrupt", "no sound could be decoded")
		if duration < TOO_SHORT:
			raise EngineError("too_short", duration=round(duration, 2))
		warnings = _duration_warnings(info, duration, media, max_duration)
		played_as_it_is = info.browser_playable and media.timeline.is_plain(duration, info, media.is_whole)

	if info.sample_rate < LOW_RATE:
		warnings.append(warning("low_sample_rate", rate=info.sample_rate))
	dual = bool(verdict and verdict.dual)
	if verdict and verdict.silent is not None:
		warnings.append(warning("single_channel_silent", channel=verdict.silent))
	if verdict and verdict.identical:
		warnings.append(warning("channels_identical"))
	if channels == 2 and not dual:
		_to_one_channel(work, verdict)
	playback = None
	if not played_as_it_is:
		playback = PLAYBACK
		_write_playback(path, work / PLAYBACK, channels, max_duration)
	return {
		"container": info.container,
		"codec": info.codec,
		"kind": info.kind,
		"channels": info.channels,
		"sample_rate": info.sample_rate,
		"duration": round(duration, 2),
		"claimed_duration": round(info.claimed, 2) if info.claimed else None,
		"created": info.created,
		"dual_channel": dual,
		"channel_correlation": round(verdict.correlation, 4) if verdict else None,
		"browser_playable": played_as_it_is,
		"playback": playback,
		"speech": list(SPEECH if dual else SPEECH[:1]),
		"peaks": peaks.as_json(),
		"warnings": warnings,
	}


def _most_seconds(path):
	"""-> how much sound a file of this size can hold at most"""
	return 60 + Path(path).stat().st_size / LEAST_BYTES


def _decode(media, writers, max_duration, most, progress):
	peaks = Peaks(RATE)
	test = DualChannelTest() if len(writers) == 2 else None
	expected = media.info.claimed or max_duration or 3600.0
	for block in blocks(media, RATE, len(writers)):
		for writer, samples in zip(writers, block, strict=True):
			writer.write(samples)
		peaks.add(block)
		if test:
			test.add(block)
		seconds = writers[0].samples / RATE
		if max_duration and seconds > max_duration:
			raise EngineError(
				"too_long", limit=max_duration, duration=round(media.info.claimed or seconds, 1)
			)
		if seconds > most:
			raise EngineError("corrupt", f"more than {most:.0f} s of sound in a file of its size")
		progress(seconds / expected * (1.0 if media.info.browser_playable else 0.6))
	return peaks, test.verdict() if test else None


def _write_playback(path, target, channels, max_duration):
	"""A second pass, at the rate of the copy: the speech files' 16 kHz would sound dull."""
	with Media(path) as media:
		writer = PlaybackWriter(target, media.info.sample_rate, channels)
		try:
			for block in blocks(media, writer.rate, channels):
				writer.write(block)
		finally:
			writer.close()


def _to_one_channel(work, verdict):
	"""Leave one speech file: the channel with sound when the other has none, else their mean."""
	from .speech import SpeechFiles

	first, second = (work / name for name in SPEECH)
	if verdict and verdict.silent == 0:
		second.replace(first)
		return
	if not (verdict and verdict.silent == 1):
		both = SpeechFiles([first, second])
		mixed = SpeechWriter(work / MIXED)
		for start in range(0, both.samples, RATE * 60):
			mixed.write((both.read(start, RATE * 60).astype("i4").sum(axis=0) // 2).astype("<i2"))
		mixed.close()
		mixed.path.replace(first)
	second.unlink()


def _plausible(path, info):
	"""Can the file be as long as it claims? The leanest speech codec takes some 500 bytes a second; headers lie."""
	return Path(path).stat().st_size / info.claimed > 50


def _duration_warnings(info, decoded, media, max_duration):
	"""-> what is missing of the recording, as warnings"""
	claimed = info.claimed if info.claim_is_exact else 0
	possible = claimed <= (max_duration or 24 * 3600)
	heard = decoded - media.lost_seconds
	# an mp3 put together of several has the length of the first in its header
	joined = media.container is MP3 and decoded > claimed
	if claimed and not joined and abs(claimed - decoded) > max(0.5, 0.02 * claimed):
		if claimed > decoded and possible and (media.cut_off or not info.claim_is_for_pictures):
			return [_partly_decoded(heard, claimed)]
		if not (claimed > decoded and info.claim_is_for_pictures):
			return [warning("header_duration_wrong", claimed=round(claimed, 1), decoded=round(decoded, 1))]
	expected = heard + _seconds_undecodable(media, heard)
	if claimed and not info.claim_is_for_pictures:
		expected = min(expected, claimed)
	expected = max(decoded, expected)
	worth_saying = max(0.5, 0.01 * expected)
	if media.cut_off and not claimed:
		found = [_partly_decoded(heard, decoded)] if decoded - heard > worth_saying else []
		return [*found, warning("cut_off", decoded=round(decoded, 1))]
	if expected - heard > worth_saying:
		return [_partly_decoded(heard, expected)]
	if media.cut_off and possible and claimed - decoded > 0.5:
		return [_partly_decoded(heard, claimed)]
	return []


def _seconds_undecodable(media, heard):
	"""-> about how much sound is in what can't be decoded, by the part that can, which lasts `heard` seconds"""
	if media.bad_bytes:
		return heard * media.bad_bytes / max(1, media.good_bytes)
	if media.bad_packets > max(2, 0.01 * (media.good_packets + media.bad_packets)):
		return heard * media.bad_packets / max(1, media.good_packets)
	return 0


def _partly_decoded(decoded, expected):
	return warning("partly_decoded", decoded=round(decoded, 1), expected=round(expected, 1))
