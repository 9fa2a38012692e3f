"""Measures how loud each channel is, window by window, and whether it has speech."""

import numpy as np

WINDOW = 1600  # samples at 16 kHz: a tenth of a second
SILENT_DB = -60.0  # a channel that stays below this is silent
QUIETER_DB = 45.0  # ... or this much below the loudest one
LEAST_WINDOWS = 10  # of sound in total that may be a word
NOTHING_DB = -120.0


class Windows:
	"""Cuts its input into whole windows."""

	def __init__(self, channels: int) -> None:
		self._rest = np.zeros((channels, 0), np.int16)

	def add(self, block: np.ndarray) -> np.ndarray:
		"""block: int16[channels, n] at 16 kHz -> float32[channels, windows, WINDOW] in -1..1"""
		joined = np.concatenate([self._rest, block], axis=1) if self._rest.shape[1] else block
		whole = joined.shape[1] // WINDOW * WINDOW
		self._rest = joined[:, whole:]
		return joined[:, :whole].reshape(len(joined), -1, WINDOW).astype(np.float32) / 32768


def decibels(powers: np.ndarray) -> np.ndarray:
	return 10 * np.log10(powers + 1e-12)


def reached(levels: np.ndarray, windows: int) -> np.ndarray:
	"""levels: dB[channels, n] -> dB[channels] that each channel reaches in `windows` windows"""
	count = levels.shape[1]
	if not count:
		return np.full(len(levels), NOTHING_DB)
	at = count - max(1, min(windows, count))
	return np.partition(levels, at, axis=1)[:, at]


def with_sound(levels: np.ndarray) -> np.ndarray:
	"""levels: dB[channels, n] -> bool[channels]: whether the sound may be words, even if only for a second in eight hours"""
	loudest = reached(levels, min(LEAST_WINDOWS, 1 + levels.shape[1] // 100))
	return (loudest >= SILENT_DB) & (loudest >= loudest.max(initial=NOTHING_DB) - QUIETER_DB)
