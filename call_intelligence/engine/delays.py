"""Measures how much of one channel is the delayed sound of the other one."""

import numpy as np

from .speech import RATE

COARSE = 4  # samples at 16 kHz that are averaged to one: a voice is mostly below 2 kHz
LAGS = RATE // COARSE // 20  # 50 ms to either side
SIZE = 2048  # of a window, about half a second; its ends are needed for the lags
AT_ONCE = 16  # windows
EACH = 250  # windows, two minutes, that are all compared; of later ones every FEWER-th suffices
FEWER = 4


class Delays:
	"""Feed it the whole recording; .correlation() is 1 if one channel is the other one delayed, louder or inverted."""

	def __init__(self) -> None:
		self._blocks: list[np.ndarray] = []
		self._samples = self._seen = 0
		self._sums = np.zeros(3)  # of both, of the first, of the second

	def add(self, block: np.ndarray) -> None:
		"""block: int16[2, n] at 16 kHz"""
		self._blocks.append(block)
		self._samples += block.shape[1]
		if self._samples >= AT_ONCE * SIZE * COARSE:
			self._look()

	def correlation(self) -> float:
		"""-> 0..1, each window at its best lag, weighted by loudness"""
		self._look(rest=True)
		both, first, second = self._sums
		return float(both / np.sqrt(first * second)) if first > 0 and second > 0 else 0.0

	def _look(self, rest: bool = False) -> None:
		if not self._samples:
			return
		joined = np.concatenate(self._blocks, axis=1)
		step = SIZE * COARSE
		if rest and joined.shape[1] < step:
			joined = np.pad(joined, ((0, 0), (0, step - joined.shape[1])))
		whole = joined.shape[1] // step * step
		self._blocks, self._samples = [joined[:, whole:]], joined.shape[1] - whole
		if rest:
			self._blocks, self._samples = [], 0
		if whole:
			windows = joined[:, :whole].reshape(2, -1, step)
			if self._seen > EACH:
				windows = windows[:, ::FEWER]
			self._seen += windows.shape[1]
			coarse = sum(windows[:, :, number::COARSE].astype(np.float32) for number in range(COARSE))
			self._compare(coarse / (COARSE * 32768))

	def _compare(self, windows: np.ndarray) -> None:
		first, second = windows[0].copy(), windows[1]
		first[:, :LAGS] = first[:, -LAGS:] = 0
		product = np.fft.irfft(np.conj(np.fft.rfft(first)) * np.fft.rfft(second), n=SIZE)
		product = np.concatenate([product[:, -LAGS:], product[:, : LAGS + 1]], axis=1)
		own = (first.astype(np.float64) ** 2).sum(axis=1)
		summed = np.cumsum(np.pad(second.astype(np.float64) ** 2, ((0, 0), (1, 0))), axis=1)
		inner = SIZE - 2 * LAGS
		other = summed[:, inner : inner + 2 * LAGS + 1] - summed[:, : 2 * LAGS + 1]
		alike = np.abs(product) / np.sqrt(own[:, None] * other + 1e-12)
		best = alike.argmax(axis=1)[:, None]
		other = np.take_along_axis(other, best, axis=1)[:, 0]
		alike = np.take_along_axis(alike, best, axis=1)[:, 0]
		self._sums += (alike * np.sqrt(own * other)).sum(), own.sum(), other.sum()
