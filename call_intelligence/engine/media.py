"""Foreign media, read as a stream: what a file is, and its sound block by block. Nothing here holds a whole file.

Containers by their first bytes, only that container's demuxer, only the `file` protocol: a file can't make FFmpeg open
another one or an address. Video is never decoded.
"""

import contextlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import av
import av.logging
import numpy as np

from .containers import AMR, GSM, HEAD_BYTES, MP3, WAV, looks_like_playlist, sniff
from .limits import HIGHEST_RATE, LOWEST_RATE
from .types import EngineError

av.logging.set_level(av.logging.PANIC)

# What current browsers play: (container, codec).
PLAYABLE_AUDIO = {
	("wav", "pcm_u8"), ("wav", "pcm_s16le"), ("wav", "pcm_s24le"), ("wav", "pcm_f32le"), ("mp3", "mp3"), ("mp3", "mp3float"),
	("mp4", "aac"), ("mp4", "mp3"), ("mp4", "mp3float"), ("mp4", "flac"), ("mp4", "opus"), ("ogg", "opus"), ("ogg", "vorbis"),
	("ogg", "flac"), ("webm", "opus"), ("webm", "vorbis"), ("flac", "flac"), ("aac", "aac"),
}  # fmt: skip
PLAYABLE_VIDEO = {
	("mp4", "h264"),
	("mp4", "av1"),
	("mp4", "vp9"),
	("webm", "vp8"),
	("webm", "vp9"),
	("webm", "av1"),
}

MAX_GAP = 600.0  # seconds of silence put in for a hole in the timestamps; a longer one is a damaged timestamp


@dataclass(slots=True)
class MediaInfo:
	container: str
	codec: str
	kind: str  # Audio or Video
	channels: int
	sample_rate: int  # Hz
	claimed: float | None  # seconds, as the file says
	claim_is_exact: bool  # False where FFmpeg guesses the duration from the bit rate
	created: str | None  # ISO 8601
	browser_playable: bool


class Media:
	"""An open media file: .info, then .blocks() once. Use as a context manager. Raises EngineError."""

	def __init__(self, path):
		self.path = Path(path)
		self.container, head = identify(self.path)
		self.bad_packets = 0
		self.good_packets = 0
		try:
			self._av = av.open(
				f"file:{self.path}",
				format=self.container.demuxer.split(",")[0],
				options={"protocol_whitelist": "file", "format_whitelist": self.container.demuxer},
				metadata_errors="replace",
			)
		except av.error.MemoryError as error:
			raise EngineError("out_of_memory", retryable=True) from error
		except (av.error.FFmpegError, ValueError, OverflowError) as error:
			reason = getattr(error, "strerror", None) or str(error)
			raise EngineError("corrupt", f"can't be opened as {self.container.label}: {reason}") from error
		try:
			self._stream = self._choose_stream()
			self.info = self._describe(head)
		except BaseException:
			self._av.close()
			raise

	def __enter__(self):
		return self

	def __exit__(self, *_):
		self._av.close()

	def frames(self):
		"""Decoded audio frames as they come; what can't be decoded is left out and counted in .bad_packets."""
		packets = iter(self._av.demux(self._stream))
		broken_reads = 0
		while True:
			try:
				packet = next(packets)
			except (StopIteration, av.error.EOFError):
				return
			except av.error.MemoryError as error:
				raise EngineError("out_of_memory", retryable=True) from error
			except (av.error.FFmpegError, ValueError):
				self.bad_packets += 1
				broken_reads += 1
				if broken_reads > 50:
					return
				continue
			try:
				frames = packet.decode()
			except av.error.EOFError:
				return
			except av.error.MemoryError as error:
				raise EngineError("out_of_memory", retryable=True) from error
			except (av.error.FFmpegError, ValueError):
				self.bad_packets += 1
				continue
			self.good_packets += bool(frames)
			yield from frames

	def _choose_stream(self):
		streams = self._av.streams
		if not streams.audio:
			raise EngineError(
				"no_audio" if streams.video or streams.other or streams.subtitles else "corrupt",
				"no audio stream",
			)
		for stream in streams.audio:
			if stream.codec_context is not None and stream.codec_context.is_open is not None:
				return stream
		raise EngineError("unsupported_codec", "no decoder for the audio", codec=_codec_tag(streams.audio[0]))

	def _describe(self, head):
		stream, codec = self._stream, self._stream.codec_context
		try:
			codec.open(strict=False)
		except (av.error.FFmpegError, ValueError) as error:
			raise EngineError("unsupported_codec", str(error), codec=codec.name or "unknown") from error
		check_rate(codec.sample_rate)
		video = next((v for v in self._av.streams.video if not _is_picture(v)), None)
		name = codec.codec.name
		if video is None:
			playable = (self.container.name, name) in PLAYABLE_AUDIO
		else:
			playable = video.codec_context is not None and (
				(self.container.name, video.codec_context.codec.name.replace("libdav1d", "av1"))
				in PLAYABLE_VIDEO
				and (self.container.name, name) in PLAYABLE_AUDIO
			)
		claimed = _claimed_seconds(self._av, stream)
		if (
			self.container is WAV and claimed
		):  # FFmpeg corrects it by the file's size, which hides what is missing
			claimed *= max(1.0, _wav_missing(head, self.path.stat().st_size) or 0)
		return MediaInfo(
			container=self.container.name,
			codec="mp3" if name == "mp3float" else name,
			kind="Video" if video is not None else "Audio",
			channels=codec.channels or 1,
			sample_rate=codec.sample_rate or 0,
			claimed=claimed,
			claim_is_exact=claimed is not None and _is_exact(self.container, head),
			created=_created({**self._av.metadata, **stream.metadata}),
			browser_playable=playable,
		)

	def first_offset(self, frame):
		"""Seconds of the file's timeline before its first sound (a player counts them too)."""
		if frame.time is None:
			return 0.0
		begin = (self._av.start_time or 0) / av.time_base
		return frame.time - begin


def check_rate(rate):
	"""Raise EngineError sample_rate unless speech may have been recorded at `rate` Hz."""
	if not LOWEST_RATE <= (rate or 0) <= HIGHEST_RATE:
		raise EngineError(
			"sample_rate", f"{rate} Hz", rate=rate or 0, lowest=LOWEST_RATE, highest=HIGHEST_RATE
		)


def identify(path):
	"""-> (Container, bytes: the file's head). Raises EngineError empty_file, playlist, not_media."""
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
	container = sniff(head)
	if container is None:
		raise EngineError("not_media", "no known container begins like this")
	return container, head


def blocks(media, rate, channels):
	"""The file's sound on its own timeline: holes in the timestamps become silence.

	-> yields int16[channels, n] at `rate` Hz; channels is 1 (mixed down) or 2
	"""
	resampler, shape, written, claimed = None, None, 0, media.info.claimed
	for frame in media.frames():
		if shape != (frame.format.name, frame.layout.name, frame.sample_rate):
			# Damaged files, and chained Ogg files, change their shape on the way.
			if resampler:
				for block in _resampled(resampler, None):
					written += block.shape[1]
					yield block
			shape = (frame.format.name, frame.layout.name, frame.sample_rate)
			check_rate(frame.sample_rate)
			resampler = av.AudioResampler("s16p", "stereo" if channels == 2 else "mono", rate)
		if frame.time is not None:
			at = media.first_offset(frame)
			gap = at - written / rate
			room = (claimed - written / rate) if claimed else MAX_GAP
			if 0.1 < gap <= min(MAX_GAP, max(0.0, room) + 1):
				for block in _silence(int(gap * rate), channels, rate):
					written += block.shape[1]
					yield block
		for block in _resampled(resampler, frame):
			written += block.shape[1]
			yield block
	if resampler:
		yield from _resampled(resampler, None)


class PlaybackWriter:
	"""AAC in an m4a that every browser plays, for originals that they don't."""

	def __init__(self, path, sample_rate, channels):
		rate = min((r for r in (8000, 16000, 22050, 32000, 44100, 48000) if r >= sample_rate), default=48000)
		self._out = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
		self._stream = self._out.add_stream("aac", rate=rate, layout="stereo" if channels == 2 else "mono")
		self._stream.codec_context.bit_rate = min(64000, rate * 3) * channels
		self._rate, self._channels, self._written = rate, channels, 0

	@property
	def rate(self):
		return self._rate

	def write(self, block):
		"""block: int16[channels, n] at .rate Hz"""
		frame = av.AudioFrame.from_ndarray(
			np.ascontiguousarray(block), format="s16p", layout="stereo" if self._channels == 2 else "mono"
		)
		frame.sample_rate, frame.pts, self._written = (
			self._rate,
			self._written,
			self._written + block.shape[1],
		)
		self._out.mux(self._stream.encode(frame))

	def close(self):
		self._out.mux(self._stream.encode(None))
		self._out.close()


def _resampled(resampler, frame):
	with contextlib.suppress(av.error.InvalidDataError, av.error.EOFError):
		for out in resampler.resample(frame):
			if out.samples:
				yield out.to_ndarray()


def _silence(samples, channels, rate):
	while samples > 0:
		yield np.zeros((channels, min(samples, 10 * rate)), np.int16)
		samples -= 10 * rate


def _claimed_seconds(container, stream):
	durations = []
	if stream.duration and stream.time_base:
		durations.append(float(stream.duration * stream.time_base))
	if container.duration:
		durations.append(container.duration / av.time_base)
	return durations[0] if durations and 0 < durations[0] < 1e8 else None


def _is_exact(container, head):
	if container is WAV:
		return _wav_missing(head, 1) is not None
	if container is MP3:
		return any(tag in head for tag in (b"Xing", b"Info", b"VBRI"))
	return container not in (AMR, GSM) and container.name != "aac"


def _wav_missing(head, size):
	"""How many times the sound that is in a wav file of `size` bytes its header claims -> float, or None where the length was
	never filled in (written through a pipe)"""
	at = 12
	while at + 8 <= len(head):
		name, length = head[at : at + 4], int.from_bytes(head[at + 4 : at + 8], "little")
		if name == b"data":
			filled_in = 0 < length < 0xFFFFFF00 and length != 0x7FFFFFFF
			return length / max(1, size - at - 8) if filled_in else None
		at += 8 + length + length % 2
	return 1.0


def _is_picture(video):
	return "attached_pic" in str(video.disposition) or (
		video.codec_context is not None
		and video.codec_context.name in ("mjpeg", "png", "gif", "bmp")
		and video.frames <= 1
	)


def _codec_tag(stream):
	tag = getattr(stream, "codec_tag", None) or getattr(stream, "name", None)
	return str(tag or "unknown")


def _created(metadata):
	"""The recording's date from its metadata -> ISO 8601 or None; years alone and clocks that were never set don't count."""
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
			if re.fullmatch(r"\d{2}:\d{2}:\d{2}", time_of_day):  # a broadcast wav has them apart
				value = f"{value}T{time_of_day}"
		value = value.replace("Z", "+00:00").replace(" ", "T", 1)
		if not re.match(r"\d{4}-\d{2}-\d{2}", value):
			continue
		with contextlib.suppress(ValueError):
			moment = datetime.fromisoformat(value)
			aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
			if moment.year >= 1990 and aware <= datetime.now(timezone.utc) + timedelta(days=1):
				return moment.isoformat(timespec="seconds")
	return None
