"""Mixes the channels of all tracks to one or two without losing sound: no channel is dropped as low effects, and none cancels
another one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .dual import SAME
from .levels import Windows, decibels, with_sound


@dataclass(frozen=True, slots=True)
class Mix:
	weights: np.ndarray  # float32[resulting channels, channels of all tracks]
	tracks: tuple[int, ...]  # with sound of their own

	@classmethod
	def plain(cls, channels: int) -> "Mix":
		"""The mix for one track with one or two channels, which are not changed"""
		return cls(np.eye(channels, dtype=np.float32), (0,))

	@property
	def channels(self) -> int:
		return len(self.weights)

	@property
	def is_plain(self) -> bool:
		return self.weights.shape[0] == self.weights.shape[1] and bool(
			(self.weights == np.eye(self.channels)).all()
		)

	def then(self, weights: np.ndarray | Sequence[Sequence[float]]) -> "Mix":
		"""weights: float[fewer channels, .channels] -> the mix of this mix's channels"""
		return Mix(np.asarray(weights, np.float32) @ self.weights, self.tracks)

	def apply(self, block: np.ndarray) -> np.ndarray:
		"""block: int16[channels of all tracks, n] -> int16[.channels, n]"""
		if self.is_plain:
			return block
		mixed = self.weights @ block.astype(np.float32)
		return np.clip(np.rint(mixed), -32767, 32767).astype(np.int16)


class Survey:
	"""Finds channels with sound of their own. Feed it the whole recording, then call mix()."""

	def __init__(self, channels: Sequence[int]) -> None:
		"""channels: of each track"""
		self._of_track = [track for track, count in enumerate(channels) for _ in range(count)]
		count = len(self._of_track)
		self._windows = Windows(count)
		self._powers: list[np.ndarray] = []
		self._products = np.zeros((count, count))
		# absolute values, since products cancel if two channels are each other's negative for part of the time
		self._alike = np.zeros((count, count))

	def add(self, block: np.ndarray) -> None:
		"""block: int16[channels of all tracks, n] at 16 kHz"""
		windows = self._windows.add(block).transpose(1, 0, 2)
		products = windows @ windows.transpose(0, 2, 1) / windows.shape[2]
		self._powers.append(np.diagonal(products, axis1=1, axis2=2).copy())
		self._products += products.sum(axis=0, dtype=np.float64)
		self._alike += np.abs(products).sum(axis=0, dtype=np.float64)

	def mix(self) -> Mix:
		"""Two tracks or two channels with sound of their own are kept separate; dual.py decides whether each is a speaker."""
		count = len(self._of_track)
		powers = np.concatenate(self._powers) if self._powers else np.zeros((0, count))
		sound = with_sound(decibels(powers.T))
		tracks: dict[int, list[int]] = {}
		for channel in np.flatnonzero(sound):
			tracks.setdefault(self._of_track[channel], []).append(int(channel))
		for track in sorted(tracks, reverse=True):
			others = [channel for other in tracks if other != track for channel in tracks[other]]
			if others and all(self._is_made_of(channel, others) for channel in tracks[track]):
				del tracks[track]
		kept = tuple(sorted(tracks)) or (0,)
		if len(kept) == 1:
			every = [channel for channel in range(count) if self._of_track[channel] == kept[0]]
			own = every if len(every) <= 2 else self._different(tracks.get(kept[0], every[:1]))
			rows = [self._one([channel]) for channel in own] if len(own) <= 2 else [self._one(own)]
		elif len(kept) == 2:
			rows = [self._one(self._different(tracks[track])) for track in kept]
		else:
			rows = [self._one(self._different([channel for track in kept for channel in tracks[track]]))]
		return Mix(np.stack(rows).astype(np.float32), kept)

	def _is_made_of(self, channel: int, others: list[int]) -> bool:
		"""Whether a channel is another one or a mix of others, apart from coding losses"""
		alike = self._alike[channel, others] / np.sqrt(
			self._alike[channel, channel] * self._alike[others, others]
		)
		if alike.max() >= SAME:
			return True
		among = self._products[np.ix_(others, others)]
		shared = self._products[channel, others]
		explained = shared @ np.linalg.lstsq(among, shared, rcond=1e-6)[0]
		return explained >= SAME**2 * self._products[channel, channel]

	def _different(self, channels: list[int]) -> list[int]:
		"""-> the channels that are not copies of earlier ones"""
		kept: list[int] = []
		for channel in channels:
			if not kept or not self._is_made_of(channel, kept):
				kept.append(channel)
		return kept

	def _one(self, channels: list[int]) -> np.ndarray:
		"""-> float[channels of all tracks]: all with the same weight, inverted where they would cancel"""
		row = np.zeros(len(self._of_track))
		for channel in channels:
			row[channel] = -1 if row @ self._products[channel] < 0 else 1
		return row / len(channels)
