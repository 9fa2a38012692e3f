"""The dominance gate: on a call with one speaker per channel, each channel also has faint sound of the other speaker (leak), so that
words would be transcribed twice. The gate silences a channel where it has only leak."""

import numpy as np

from .speech import RATE, SpeechFiles

FRAME = RATE // 50  # 20 ms
LEAST_DB = 3.0  # a channel this much below the other one may be its leak
MOST_DB = 30.0
MARGIN_DB = 8.0  # of the threshold above the measured leak
ACTIVE_DB = -55.0
HOLD = 6  # frames kept around speech, so that its beginning and end stay
SHORTEST = 4  # frames; shorter sounds within the other speaker's speech are leak


class DominanceGate:
	"""Levels of both channels for the whole recording, 12 MB for eight hours.

	The threshold is measured: while one channel leads, the other mostly has only leak, so the median difference is the leak. A
	gate MARGIN_DB above it keeps a quiet speaker who talks at the same time.
	"""

	def __init__(self, files: SpeechFiles) -> None:
		"""files: with two channels"""
		levels = []
		for start in range(0, files.samples, FRAME * 3000):
			block = files.read(start, FRAME * 3000)
			frames = (
				np.pad(block, ((0, 0), (0, -block.shape[1] % FRAME))).reshape(2, -1, FRAME).astype(np.float32)
				/ 32768
			)
			levels.append((frames**2).mean(axis=2))
		power = np.concatenate(levels, axis=1) if levels else np.zeros((2, 0), np.float32)
		smooth = (
			np.stack([np.convolve(row, np.ones(5) / 5, mode="same") for row in power])
			if power.shape[1]
			else power
		)
		self.levels = (10 * np.log10(smooth + 1e-10)).astype(np.float32)
		self.thresholds = [self._threshold(channel) for channel in (0, 1)]
		self.kept = np.stack([self._kept(channel) for channel in (0, 1)])

	def _threshold(self, channel: int) -> float:
		"""-> dB that `channel` may be below the other one before it counts as leak"""
		own, other = self.levels[channel], self.levels[1 - channel]
		leads = (other > ACTIVE_DB) & (other - own > LEAST_DB)
		if leads.sum() < 50:
			return LEAST_DB
		leak = float(np.median((other - own)[leads]))
		return float(np.clip(leak - MARGIN_DB, LEAST_DB, MOST_DB))

	def _kept(self, channel: int) -> np.ndarray:
		"""-> bool[frames], False where the channel is silenced"""
		own, other = self.levels[channel], self.levels[1 - channel]
		leak = (other > ACTIVE_DB) & (other - own > self.thresholds[channel])
		speech = ~leak & (own > ACTIVE_DB)
		speech = _without_short_runs(speech, SHORTEST)
		return ~leak & ~(~speech & _near(leak, SHORTEST)) | _near(speech, HOLD)

	def apply(self, start: int, block: np.ndarray) -> np.ndarray:
		"""start: sample of the recording where the block begins; block: int16[2, n] -> float32[2, n] in -1..1, gated"""
		samples = block.astype(np.float32) / 32768
		if not block.shape[1]:
			return samples
		centres = (np.arange(self.kept.shape[1]) + 0.5) * FRAME
		first, last = start // FRAME, min((start + block.shape[1]) // FRAME + 2, self.kept.shape[1])
		first = max(0, first - 1)
		at = np.arange(start, start + block.shape[1])
		for channel in (0, 1):
			gain = self.kept[channel, first:last].astype(np.float32)
			if not gain.all():
				samples[channel] *= np.interp(at, centres[first:last], gain).astype(np.float32)
		return samples

	def is_leak(self, channel: int, start: float, end: float) -> bool:
		"""Whether a channel has mostly leak between two seconds"""
		frames = slice(int(start * RATE / FRAME), max(int(start * RATE / FRAME) + 1, int(end * RATE / FRAME)))
		kept = self.kept[channel, frames]
		return bool(len(kept)) and float(kept.mean()) < 0.4


def _near(mask: np.ndarray, frames: int) -> np.ndarray:
	"""-> bool[n], True if `mask` is True within `frames` on either side"""
	return np.convolve(mask, np.ones(2 * frames + 1), mode="same") > 0.5 if len(mask) else mask


def _without_short_runs(mask: np.ndarray, shortest: int) -> np.ndarray:
	edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
	result = mask.copy()
	for begin, end in edges.reshape(-1, 2):
		if end - begin < shortest:
			result[begin:end] = False
	return result
