"""Reads all audio tracks of a recording in parallel on one timeline: tracks may begin late, end early and have different rates."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np

from .limits import MOST_CHANNELS
from .media import Media, blocks
from .types import EngineError

CHUNK = 1.0  # seconds read of each track in turn


class Recording:
	"""An open recording: .info, .tracks (a Media each), then .blocks() once. Use as a context manager. Raises EngineError."""

	def __init__(self, path: str | Path) -> None:
		with ExitStack() as opened:
			first = opened.enter_context(Media(path))
			self.tracks, self.unreadable_tracks = [first], first.unreadable_tracks
			if first.readable_tracks > MOST_CHANNELS:
				raise EngineError("channels", channels=first.readable_tracks, most=MOST_CHANNELS)
			# one reader per track: tracks may be stored one after the other, and must not be kept in memory
			for number in range(1, first.readable_tracks):
				try:
					self.tracks.append(opened.enter_context(Media(path, number)))
				except EngineError as error:
					if error.code not in ("unsupported_codec", "sample_rate"):
						raise
					self.unreadable_tracks += 1
			total = sum(self.channels)
			if total > MOST_CHANNELS:
				raise EngineError("channels", channels=total, most=MOST_CHANNELS)
			claims = [track.info.claimed for track in self.tracks if track.info.claimed]
			self.info = replace(first.info, channels=total, claimed=max(claims, default=None))
			self._opened = opened.pop_all()

	def __enter__(self) -> "Recording":
		return self

	def __exit__(self, *_: object) -> None:
		self._opened.close()

	@property
	def channels(self) -> list[int]:
		"""The channels of each track"""
		return [track.info.channels for track in self.tracks]

	def blocks(self, rate: int) -> Iterator[np.ndarray]:
		"""-> int16[channels of all tracks, n] at `rate` Hz, one second at a time, since processing a few samples costs as much"""
		readers = [_Reader(track, rate) for track in self.tracks]
		while True:
			for reader in readers:
				reader.fill(int(CHUNK * rate))
			samples = min(int(CHUNK * rate), max(reader.samples for reader in readers))
			if not samples:
				return
			yield np.ascontiguousarray(np.concatenate([reader.take(samples) for reader in readers]))


class _Reader:
	def __init__(self, track: Media, rate: int) -> None:
		self._channels = track.info.channels
		self._blocks = blocks(track, rate)
		self._read: list[np.ndarray] = []
		self.samples = 0

	def fill(self, samples: int) -> None:
		while self.samples < samples and (block := next(self._blocks, None)) is not None:
			self._read.append(block)
			self.samples += block.shape[1]

	def take(self, samples: int) -> np.ndarray:
		"""-> int16[channels, samples], silence after the end of the track"""
		if not self._read:
			return np.zeros((self._channels, samples), np.int16)
		joined = np.concatenate(self._read, axis=1)
		taken, rest = joined[:, :samples], joined[:, samples:]
		self._read, self.samples = [rest], rest.shape[1]
		if taken.shape[1] == samples:
			return taken
		return np.pad(taken, ((0, 0), (0, samples - taken.shape[1])))
