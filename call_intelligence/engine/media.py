"""Reads foreign media as a stream: a file's properties, and its sound block by block, never the whole file at once.

Containers are detected by their first bytes, and only that container's demuxer and the `file` protocol are allowed: a file can't
make FFmpeg open another file or an address. Video is never decoded.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import av
import av.logging
import numpy as np

from . import structure
from .containers import (
	AAC,
	AC3,
	AMR,
	FLAC,
	GSM,
	HEAD_BYTES,
	MATROSKA,
	MP3,
	OGG,
	WEBM,
	Container,
	looks_like_playlist,
	mpeg_frame_length,
	raw_named,
	sniff,
)
from .limits import HIGHEST_RATE, LOWEST_RATE, MOST_CHANNELS, NO_ROOM
from .pictures import is_cover
from .timeline import Timeline
from .types import EngineError
from .waves import Parts

av.logging.set_level(av.logging.PANIC)

# What all current browsers play, including Safari: (container, codec).
PLAYABLE_AUDIO = {
	("wav", "pcm_u8"), ("wav", "pcm_s16le"), ("wav", "pcm_s24le"), ("wav", "pcm_f32le"), ("mp3", "mp3"), ("mp3", "mp3float"),
	("mp4", "aac"), ("mp4", "mp3"), ("mp4", "mp3float"), ("mp4", "flac"), ("flac", "flac"),
}  # fmt: skip
# For videos also codecs that some browsers don't play, since a copy may lack the pictures.
PLAYABLE_SOUND_OF_VIDEO = PLAYABLE_AUDIO | {("mp4", "opus"), ("webm", "opus"), ("webm", "vorbis")}
PLAYABLE_VIDEO = {
	("mp4", "h264"),
	("mp4", "av1"),
	("mp4", "vp9"),
	("webm", "vp8"),
	("webm", "vp9"),
	("webm", "av1"),
}

# These consist of frames without gaps: other bytes are damage.
RAW = (MP3, AAC, AC3, AMR, GSM, FLAC)

MOST_FAILED_READS = 1000  # in a row; each skips about 64 KB of unreadable data
# seconds of silence inserted for a hole in the timestamps; a longer hole, unless the file's length confirms it, is a damaged timestamp
MAX_GAP = 600.0


@dataclass(slots=True)
class MediaInfo:
	container: str
	codec: str
	kind: str  # Audio or Video
	channels: int
	sample_rate: int  # Hz
	claimed: float | None  # seconds, according to the file
	claim_is_exact: bool  # False if FFmpeg guesses the duration from the bit rate or from the data
	claim_is_for_pictures: bool  # which may be longer than the sound
	created: str | None  # ISO 8601; "2026-11-20" if the time is unknown
	browser_playable: bool
	pictures: str | None  # codec of the video track, "h264"; None if there is none, or it has no decoder


class Media:
	"""One audio track of a media file, open: .info, then blocks() once. Use as a context manager. Raises EngineError.

	.readable_tracks, .unreadable_tracks: number of tracks with and without a decoder. Known after the sound has been read:
	.decoded: its seconds; .bad_packets with .bad_bytes could not be decoded, .good_packets with .good_bytes could;
	.lost_seconds: silence inserted for missing sound; .cut_off: the file ends in the middle.
	"""

	def __init__(self, path: str | Path, track: int = 0) -> None:
		self.path = Path(path)
		self.container, head = identify(self.path)
		self.structure = structure.examine(self.path, self.container)
		self.bad_packets = self.good_packets = 0
		self.bad_bytes = self.good_bytes = 0
		self.lost_seconds = self.decoded = 0.0
		self.cut_off = self.structure.cut_off
		self.timeline = Timeline(self.container)
		self._damage = False
		options = {"protocol_whitelist": "file", "format_whitelist": self.container.demuxer}
		options |= dict(self.container.options)
		source: str | Parts = f"file:{self.path}"
		self._parts: Parts | None = None
		if self.structure.parts:
			options["ignore_length"] = "1"
			source = self._parts = Parts(self.path, self.structure.parts)
		with clear_errors(f"can't be opened as {self.container.label}", ValueError, OverflowError):
			self._av = av.open(
				source,
				format=self.container.demuxer.split(",")[0],
				options=options,
				metadata_errors="replace",
			)
		try:
			with clear_errors("can't be described", ValueError, OverflowError):
				self._stream = self._choose_stream(track)
				self.info = self._describe(head)
		except BaseException:
			self._av.close()
			raise

	def __enter__(self) -> "Media":
		return self

	def __exit__(self, *_: object) -> None:
		self._av.close()
		if self._parts:
			self._parts.close()

	def frames(self) -> Iterator[av.AudioFrame]:
		"""Decoded audio frames in order; undecodable packets are left out, see .bad_packets."""
		packets, failed_reads, before, last, fails = self._packets(), 0, None, None, False
		while failed_reads <= MOST_FAILED_READS:
			try:
				packet = next(packets)
			except (StopIteration, av.error.EOFError):
				break
			except av.error.MemoryError as error:
				raise EngineError("out_of_memory", retryable=True) from error
			except (av.error.FFmpegError, ValueError, OverflowError):
				self.undecodable()
				failed_reads, fails = failed_reads + 1, True
				packets = self._packets()  # a generator ends when it raises
				continue
			failed_reads = 0
			if packet.size:
				self._look_between(before, packet)
				before = packet
			if packet.stream.index != self._stream.index:
				continue
			if packet.size:
				last, fails = packet, False
			try:
				frames = packet.decode()
			except av.error.EOFError:
				break
			except av.error.MemoryError as error:
				raise EngineError("out_of_memory", retryable=True) from error
			except (av.error.FFmpegError, ValueError, OverflowError):
				self.undecodable(packet.size)
				fails = True
				continue
			self.timeline.packet(packet)
			self.good_packets += bool(frames)
			self.good_bytes += packet.size
			yield from frames
		self.cut_off = self.cut_off or fails or (last is not None and self._is_part_of_a_frame(last))
		if self.container in (AAC, AC3, AMR, GSM):
			# FFmpeg doesn't report bytes that it skips to find the next frame
			self.bad_bytes = max(0, self.path.stat().st_size - HEAD_BYTES - self.good_bytes)

	def undecodable(self, size: int = 0) -> None:
		"""Count an undecodable packet of `size` bytes, or an unreadable place in the file."""
		self.bad_packets += 1
		self.bad_bytes += size
		self._damage = True

	@property
	def has_own_length(self) -> bool:
		"""Whether the file states this track's length, or has no other track"""
		return self.readable_tracks == 1 or bool(self._stream.duration)

	@property
	def is_whole(self) -> bool:
		"""Whether nothing read so far is damaged or missing"""
		return not (
			self.bad_packets or self.bad_bytes or self.lost_seconds or self.cut_off or self.structure.damaged
		)

	def longest_gap(self, written: float) -> float:
		"""The longest plausible hole in the timestamps after `written` seconds of sound, by the file's length; seconds"""
		if not self.info.claimed:
			return MAX_GAP
		known = max(0.0, self.info.claimed - written) + 1
		return known if self.info.claim_is_exact else min(MAX_GAP, known)

	def missing(self, seconds: float) -> None:
		"""Record that silence was inserted for a hole in the timestamps: a pause of the recorder, or damage."""
		if self._damage or self.structure.damaged or self.container in RAW:
			self.lost_seconds += seconds
		self._damage = False

	def _packets(self) -> Iterator[av.Packet]:
		return self._av.demux() if self.structure.most_between else self._av.demux(self._stream)

	def _look_between(self, before: av.Packet | None, packet: av.Packet) -> None:
		"""Detect damage by bytes between packets that belong to none."""
		most = self.structure.most_between
		if most and before is not None and None not in (before.pos, packet.pos):
			self._damage = self._damage or packet.pos - before.pos - before.size > most

	def _is_part_of_a_frame(self, packet: av.Packet) -> bool:
		if self.container is not MP3:
			return False
		head = bytes(packet)[:4]
		return len(head) < 4 or mpeg_frame_length(head) > packet.size

	def _choose_stream(self, track: int) -> av.AudioStream:
		streams = self._av.streams
		if not streams.audio:
			raise EngineError("no_audio" if len(streams) else "corrupt", "no audio stream")
		readable = [stream for stream in streams.audio if stream.codec_context is not None]
		if not readable:
			raise EngineError(
				"unsupported_codec", "no decoder for the audio", codec=_codec_tag(streams.audio[0])
			)
		self.readable_tracks = len(readable)
		self.unreadable_tracks = len(streams.audio) - len(readable)
		return readable[track]

	def _describe(self, head: bytes) -> MediaInfo:
		stream, codec = self._stream, self._stream.codec_context
		try:
			codec.open(strict=False)
		except (av.error.FFmpegError, ValueError) as error:
			raise EngineError("unsupported_codec", str(error), codec=codec.name or "unknown") from error
		check_rate(codec.sample_rate)
		if (codec.channels or 0) > MOST_CHANNELS:
			raise EngineError("channels", channels=codec.channels, most=MOST_CHANNELS)
		video = next((v for v in self._av.streams.video if not is_cover(v)), None)
		name = codec.codec.name
		pictures, sound = _codec_of_pictures(video), (self.container.name, name)
		if video is None:
			playable = sound in PLAYABLE_AUDIO
		else:
			playable = (self.container.name, pictures) in PLAYABLE_VIDEO and sound in PLAYABLE_SOUND_OF_VIDEO
		claimed, exact = self._claimed_seconds(), _is_exact(self.container, head)
		if self.structure.seconds:  # longer if FFmpeg has adapted the duration to the data
			claimed = max(claimed or 0, self.structure.seconds)
		return MediaInfo(
			container=self.container.name,
			codec="mp3" if name == "mp3float" else name,
			kind="Video" if video is not None else "Audio",
			channels=codec.channels or 1,
			sample_rate=codec.sample_rate or 0,
			claimed=claimed,
			claim_is_exact=claimed is not None and exact and self.structure.exact,
			claim_is_for_pictures=video is not None and not stream.duration,
			created=_created({**self._av.metadata, **stream.metadata}),
			browser_playable=playable,
			pictures=pictures,
		)

	def _claimed_seconds(self) -> float | None:
		"""From the file's first timestamp to the end of the sound, according to the file; None if it states nothing plausible"""
		stream, begin = self._stream, self._begin
		if stream.duration and stream.time_base:
			claimed = float(stream.duration * stream.time_base)
			late = float((stream.start_time or 0) * stream.time_base) - begin
		elif self._av.duration:
			claimed, late = self._av.duration / av.time_base, 0.0
		else:
			return None
		# these state the end instead of the length
		claimed += -begin if self.container in (OGG, WEBM, MATROSKA) else max(0.0, late)
		return claimed if 0 < claimed < 1e8 else None

	@property
	def _begin(self) -> float:
		return (self._av.start_time or 0) / av.time_base

	def time_of(self, frame: av.AudioFrame) -> float:
		"""Seconds since the file's first timestamp, of sound or pictures"""
		self.timeline.starts_at = self._begin
		return frame.time - self._begin


def check_rate(rate: int | None) -> None:
	"""Raise EngineError sample_rate unless speech may have been recorded at `rate` Hz."""
	if not LOWEST_RATE <= (rate or 0) <= HIGHEST_RATE:
		raise EngineError(
			"sample_rate", f"{rate} Hz", rate=rate or 0, lowest=LOWEST_RATE, highest=HIGHEST_RATE
		)


def identify(path: str | Path) -> tuple[Container, bytes]:
	"""-> (the container, the file's head). Raises EngineError empty_file, playlist, not_media."""
	path = Path(path)
	try:
		with path.open("rb") as file:
			head = file.read(HEAD_BYTES)
	except OSError as error:
		raise EngineError("not_media", f"the file can't be read: {error.strerror}") from error
	if not head:
		raise EngineError("empty_file")
	if looks_like_playlist(head):
		raise EngineError("playlist")
	container = sniff(head) or raw_named(path.suffix)
	if container is None:
		raise EngineError("not_media", "no known container begins like this")
	return container, head


def blocks(media: Media, rate: int) -> Iterator[np.ndarray]:
	"""The track's sound on the file's timeline: holes in the timestamps are filled with silence.

	-> int16[channels, n] at `rate` Hz, with the original channels
	"""
	written = 0
	for block in _on_its_time(media, rate, media.info.channels):
		written += block.shape[1]
		media.decoded = written / rate
		yield block


def _on_its_time(media: Media, rate: int, channels: int) -> Iterator[np.ndarray]:
	resampler, shape, written = None, None, 0
	for frame in media.frames():
		if not LOWEST_RATE <= frame.sample_rate <= HIGHEST_RATE:
			media.undecodable()
			continue
		if shape != (frame.format.name, frame.layout.name, frame.sample_rate):
			# Damaged and chained Ogg files may change their format midway.
			if resampler:
				for block in _resampled(resampler, None, channels):
					written += block.shape[1]
					yield block
			shape = (frame.format.name, frame.layout.name, frame.sample_rate)
			# keep the layout: FFmpeg's downmix drops a low-effects channel and sound that cancels
			resampler = av.AudioResampler("s16", frame.layout, rate)
		if frame.time is not None:
			gap = media.time_of(frame) - written / rate
			media.timeline.frame(gap)
			if 0.1 < gap <= media.longest_gap(written / rate):
				media.missing(gap)
				for block in _silence(int(gap * rate), channels, rate):
					written += block.shape[1]
					yield block
		try:
			for block in _resampled(resampler, frame, channels):
				written += block.shape[1]
				yield block
		except av.error.ArgumentError:  # impossible channel layout
			media.undecodable()
			resampler = shape = None
	if resampler:
		yield from _resampled(resampler, None, channels)


@contextlib.contextmanager
def clear_errors(doing: str, *others: type[Exception]) -> Iterator[None]:
	"""Convert FFmpeg's errors inside the block to EngineErrors, except for a full disk.

	doing: text for the Error Log; others: more exceptions that mean a damaged file
	"""
	try:
		yield
	except av.error.MemoryError as error:
		raise EngineError("out_of_memory", retryable=True) from error
	except (av.error.FFmpegError, *others) as error:
		if getattr(error, "errno", None) in NO_ROOM:
			raise
		raise EngineError("corrupt", f"{doing}: {getattr(error, 'strerror', None) or error}") from error


def _resampled(
	resampler: av.AudioResampler, frame: av.AudioFrame | None, channels: int
) -> Iterator[np.ndarray]:
	with contextlib.suppress(av.error.InvalidDataError, av.error.EOFError):
		for out in resampler.resample(frame):
			if out.samples:
				# packed, since PyAV reads at most eight planes
				yield _fitted(out.to_ndarray().reshape(out.samples, -1).T, channels)


def _fitted(block: np.ndarray, channels: int) -> np.ndarray:
	"""int16[any, n] -> int16[channels, n]"""
	if len(block) == channels:
		return block
	if len(block) < channels:
		return block[np.arange(channels) % len(block)]
	groups = [block[number::channels].mean(axis=0) for number in range(channels)]
	return np.stack(groups).astype(np.int16)


def _silence(samples: int, channels: int, rate: int) -> Iterator[np.ndarray]:
	while samples > 0:
		yield np.zeros((channels, min(samples, 10 * rate)), np.int16)
		samples -= 10 * rate


def _is_exact(container: Container, head: bytes) -> bool:
	if container is MP3:
		return any(tag in head for tag in (b"Xing", b"Info", b"VBRI"))
	return container not in (AMR, GSM, AAC, AC3)


def _codec_of_pictures(video: av.VideoStream | None) -> str | None:
	"""-> the name of the format, whatever the name of its decoder: "av1" """
	return video.codec_context.codec.canonical_name if video is not None and video.codec_context else None


def _codec_tag(stream: av.AudioStream) -> str:
	tag = getattr(stream, "codec_tag", None) or getattr(stream, "name", None)
	return str(tag or "unknown")


def _created(metadata: Mapping[str, str]) -> str | None:
	"""The recording's date from its metadata -> ISO 8601, only the day if there is no time

	Years alone and implausible clocks don't count.
	"""
	for key in (
		"creation_time",
		"com.apple.quicktime.creationdate",
		"date",
		"TDRC",
		"DATE",
		"origination_date",
	):
		value = str(metadata.get(key) or "").strip()
		if (
			key in ("date", "origination_date")
			and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
			and metadata.get("creation_time")
		):
			time_of_day = str(metadata["creation_time"]).strip()
			if re.fullmatch(r"\d{2}:\d{2}:\d{2}", time_of_day):  # broadcast wav stores them separately
				value = f"{value}T{time_of_day}"
		value = value.replace("Z", "+00:00").replace(" ", "T", 1)
		if not re.match(r"\d{4}-\d{2}-\d{2}", value):
			continue
		with contextlib.suppress(ValueError):
			moment = datetime.fromisoformat(value)
			aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
			if (moment.utcoffset() or timedelta()).seconds % 60:
				continue  # zones have no seconds
			if moment.year >= 1990 and aware <= datetime.now(timezone.utc) + timedelta(days=1):
				return value if len(value) == len("2026-11-20") else moment.isoformat(timespec="seconds")
	return None
