"""The first stage: reads the recording and writes the speech files, the peaks and, if browsers need it, a playback
copy."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import av
import numpy as np

from .containers import MP3
from .dual import FIRST, INVERTED, SECOND, DualChannelTest, Verdict, Weights
from .media import Media, MediaInfo, clear_errors
from .mixing import Mix, Survey
from .peaks import Peaks
from .playback import FORMATS, MP4, SOUND, WEBM, Format, Pictures, PlaybackWriter
from .recording import Recording
from .speech import RATE, SpeechFiles, SpeechWriter
from .types import EngineError, warning

TOO_SHORT = 0.1  # seconds
LEAST_BYTES = 10  # of a file per second of its sound; digital silence in flac takes about 30
LOW_RATE = 8000  # Hz; speech recognition needs at least this
SPEECH, MIXED = ("speech.0.wav", "speech.1.wav"), "speech.mixed.wav"


def prepare(
	path: str | Path,
	work: str | Path,
	max_duration: float | None = None,
	progress: Callable[[float], None] = lambda fraction: None,
) -> dict:
	"""Decode `path` into the folder `work`.

	max_duration: seconds -> as in prepare.json. Raises EngineError, and leaves no files then.
	"""
	work = Path(work)
	try:
		with clear_errors("can't be decoded"):
			return _prepare(path, work, max_duration, progress)
	except BaseException:
		for name in (*SPEECH, MIXED, *(form.file for form in (SOUND, MP4, WEBM))):
			(work / name).unlink(missing_ok=True)
		raise


def _prepare(
	path: str | Path, work: Path, max_duration: float | None, progress: Callable[[float], None]
) -> dict:
	with Recording(path) as recording:
		info = recording.info
		if max_duration and info.claimed and info.claimed > max_duration and _plausible(path, info.claimed):
			raise EngineError("too_long", limit=max_duration, duration=round(info.claimed, 1))
		reading = _Reading(path, max_duration, progress, passes=1 if info.browser_playable else 2)
		if info.channels > 2 or len(recording.tracks) > 1:
			reading.passes += 1
			mix = _survey(path, reading)
		else:
			mix = Mix.plain(info.channels)
		writers = [SpeechWriter(work / name) for name in SPEECH[: mix.channels]]
		try:
			peaks, verdict = _decode(recording, writers, mix, reading)
		finally:
			for writer in writers:
				writer.close()
		duration = writers[0].samples / RATE
		if not duration:
			raise EngineError("corrupt", "no sound could be decoded")
		if duration < TOO_SHORT:
			raise EngineError("too_short", duration=round(duration, 2))
		warnings = _warnings(recording, duration, max_duration)
		dual = bool(verdict and verdict.dual)
		played_as_it_is = _is_played_as_it_is(recording, mix, verdict)

	if info.sample_rate < LOW_RATE:
		warnings.append(warning("low_sample_rate", rate=info.sample_rate))
	if verdict and verdict.silent is not None:
		warnings.append(warning("single_channel_silent", channel=verdict.silent))
	if verdict and verdict.identical:
		warnings.append(warning("channels_identical"))
	if verdict and not dual:
		_to_one_channel(work, verdict.mix)
	playback = None
	if not played_as_it_is:
		playback = _copy_for_players(path, work, _mix_for_players(mix, verdict), info.pictures)
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


def _most_seconds(path: str | Path) -> float:
	"""-> the most sound that a file of this size can contain"""
	return 60 + Path(path).stat().st_size / LEAST_BYTES


class _Reading:
	"""Limits and progress of the passes over the recording"""

	def __init__(
		self, path: str | Path, max_duration: float | None, progress: Callable[[float], None], passes: int
	) -> None:
		self.passes, self._done = passes, 0
		self._max_duration, self._most, self._progress = max_duration, _most_seconds(path), progress

	def blocks(self, recording: Recording) -> Iterator[np.ndarray]:
		"""-> int16[channels of all tracks, n] at RATE. Raises EngineError too_long, corrupt."""
		claimed = recording.info.claimed
		expected = claimed or self._max_duration or 3600.0
		samples = 0
		for block in recording.blocks(RATE):
			yield block
			samples += block.shape[1]
			seconds = samples / RATE
			if self._max_duration and seconds > self._max_duration:
				raise EngineError("too_long", limit=self._max_duration, duration=round(claimed or seconds, 1))
			if seconds > self._most:
				raise EngineError("corrupt", f"more than {self._most:.0f} s of sound in a file of its size")
			self._progress((self._done + min(1.0, seconds / expected)) / self.passes)
		self._done += 1


def _survey(path: str | Path, reading: _Reading) -> Mix:
	with Recording(path) as recording:
		survey = Survey(recording.channels)
		for block in reading.blocks(recording):
			survey.add(block)
	return survey.mix()


def _decode(
	recording: Recording, writers: list[SpeechWriter], mix: Mix, reading: _Reading
) -> tuple[Peaks, Verdict | None]:
	peaks = Peaks(RATE)
	test = DualChannelTest() if mix.channels == 2 else None
	for block in reading.blocks(recording):
		peaks.add(block)
		mixed = mix.apply(block)
		for writer, samples in zip(writers, mixed, strict=True):
			writer.write(samples)
		if test:
			test.add(mixed)
	return peaks, test.verdict() if test else None


def _is_played_as_it_is(recording: Recording, mix: Mix, verdict: Verdict | None) -> bool:
	"""Whether a browser plays all sound at the right time. Browsers play the first track, and mix channels as FFmpeg does."""
	first = recording.tracks[0]
	if not first.info.browser_playable or mix.tracks != (0,):
		return False
	if first.info.kind == "Audio" and (first.info.channels > 2 or (verdict and verdict.mix == INVERTED)):
		return False
	return first.timeline.is_plain(first.decoded, first.info, first.is_whole)


def _mix_for_players(mix: Mix, verdict: Verdict | None) -> Mix:
	if not verdict or verdict.dual:
		return mix
	if len(mix.tracks) > 1:
		return mix.then([verdict.mix])
	# on one loudspeaker the channels would cancel
	return mix.then([[1, 0], [0, -1]]) if verdict.mix == INVERTED else mix


def _copy_for_players(path: str | Path, work: Path, mix: Mix, pictures: str | None) -> str:
	"""pictures: their codec -> the name of its file in `work`. If the pictures can't be copied, only the sound is."""
	form = FORMATS.get(pictures or "", SOUND)
	try:
		_write_playback(path, work, mix, form)
	except (av.FFmpegError, ValueError):
		if form is SOUND:
			raise
		(work / form.file).unlink(missing_ok=True)
		form = SOUND
		_write_playback(path, work, mix, form)
	return form.file


def _write_playback(path: str | Path, work: Path, mix: Mix, form: Format) -> None:
	"""A second pass at a higher rate, since the speech files' 16 kHz would sound dull."""
	with Recording(path) as recording, ExitStack() as opened:
		rate = max(recording.tracks[number].info.sample_rate for number in mix.tracks)
		pictures = opened.enter_context(Pictures(path)) if form is not SOUND else None
		writer = PlaybackWriter(work / form.file, rate, mix.channels, form, pictures)
		try:
			for block in recording.blocks(writer.rate):
				writer.write(mix.apply(block))
		finally:
			writer.close()


def _to_one_channel(work: Path, mix: Weights) -> None:
	"""Leave one speech file."""
	first, second = (work / name for name in SPEECH)
	if mix == SECOND:
		second.replace(first)
		return
	if mix != FIRST:
		both = SpeechFiles([first, second])
		mixed = SpeechWriter(work / MIXED)
		for start in range(0, both.samples, RATE * 60):
			mixed.write(np.asarray(mix, np.float32) @ both.read(start, RATE * 60).astype(np.float32))
		mixed.close()
		mixed.path.replace(first)
	second.unlink()


def _plausible(path: str | Path, claimed: float) -> bool:
	"""Whether the file may be as long as its header claims: the leanest speech codec takes about 500 bytes a second."""
	return Path(path).stat().st_size / claimed > 50


def _warnings(recording: Recording, decoded: float, max_duration: float | None) -> list[dict]:
	"""Warnings about missing sound: of each kind the one for the track that misses most"""
	found: dict[str, dict] = {}  # by its code
	for track in recording.tracks:
		# if only the file states a length, that is its longest track's
		lasts = track.decoded if track.has_own_length else decoded
		for said in _duration_warnings(track.info, lasts, track, max_duration):
			last = found.get(said["code"])
			if not last or said["params"]["decoded"] < last["params"]["decoded"]:
				found[said["code"]] = said
	if recording.unreadable_tracks:
		found["tracks_unreadable"] = warning("tracks_unreadable", count=recording.unreadable_tracks)
	return list(found.values())


def _duration_warnings(
	info: MediaInfo, decoded: float, media: Media, max_duration: float | None
) -> list[dict]:
	"""Warnings about missing sound of the track"""
	claimed = (info.claimed or 0.0) if info.claim_is_exact else 0.0
	possible = claimed <= (max_duration or 24 * 3600)
	heard = decoded - media.lost_seconds
	# a concatenated mp3 has the length of its first part in the header
	joined = media.container is MP3 and decoded > claimed
	if claimed and not joined and abs(claimed - decoded) > max(0.5, 0.02 * claimed):
		if claimed > decoded and possible and (media.cut_off or not info.claim_is_for_pictures):
			return [_partly_decoded(heard, claimed)]
		if not (claimed > decoded and info.claim_is_for_pictures):
			return [warning("header_duration_wrong", claimed=round(claimed, 1), decoded=round(decoded, 1))]
	if media.structure.left_out > 0.5:
		return [_partly_decoded(heard, heard + media.structure.left_out)]
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


def _seconds_undecodable(media: Media, heard: float) -> float:
	"""-> estimated seconds of undecodable sound, in proportion to the `heard` seconds that were decoded"""
	if media.bad_bytes:
		return heard * media.bad_bytes / max(1, media.good_bytes)
	if media.bad_packets > max(2, 0.01 * (media.good_packets + media.bad_packets)):
		return heard * media.bad_packets / max(1, media.good_packets)
	return 0


def _partly_decoded(decoded: float, expected: float) -> dict:
	return warning("partly_decoded", decoded=round(decoded, 1), expected=round(expected, 1))
