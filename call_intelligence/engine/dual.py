"""Has each speaker a channel of their own? Decided by what the channels hold, since many stereo files are mono twice."""

from dataclasses import dataclass

import numpy as np

SAME = 0.98  # correlation from which two channels are one, coded twice
RELATED = 0.6  # correlation from which two channels heard the same room
SILENT_DB = -60.0  # a channel whose loudest tenth of a second stays below has nobody on it
QUIETER_DB = 45.0  # ... or that stays this much below the other one
DOMINANT_DB = 6.0
WINDOW = 1600  # samples at 16 kHz


@dataclass(slots=True)
class Verdict:
	dual: bool
	correlation: float
	silent: int | None  # the channel with nobody on it
	identical: bool


class DualChannelTest:
	"""Feed it the whole recording, then ask."""

	def __init__(self):
		self._sums = np.zeros(3)  # left², right², left·right
		self._rest = np.zeros((2, 0), np.int16)
		self._energies = []

	def add(self, block):
		"""block: int16[2, n] at 16 kHz"""
		samples = block.astype(np.float32)
		left, right = samples
		self._sums += left @ left, right @ right, left @ right
		joined = np.concatenate([self._rest, block], axis=1)
		whole = joined.shape[1] // WINDOW * WINDOW
		windows = joined[:, :whole].reshape(2, -1, WINDOW).astype(np.float32) / 32768
		self._energies.append((windows**2).mean(axis=2))
		self._rest = joined[:, whole:]

	def verdict(self):
		"""-> Verdict. Dual: little correlation, and in most windows with sound one channel clearly leads."""
		left, right, both = self._sums
		correlation = float(both / np.sqrt(left * right)) if left > 0 and right > 0 else 0.0
		energies = np.concatenate(self._energies, axis=1) if self._energies else np.zeros((2, 0))
		levels = 10 * np.log10(energies + 1e-12)
		loudest = np.percentile(levels, 99, axis=1) if levels.shape[1] else np.full(2, -120.0)
		quiet = int(loudest.argmin())
		if loudest[quiet] < SILENT_DB or loudest[quiet] < loudest[1 - quiet] - QUIETER_DB:
			return Verdict(False, correlation, quiet if loudest[1 - quiet] >= SILENT_DB else None, False)
		if abs(correlation) >= SAME:
			return Verdict(False, correlation, None, True)
		active = levels.max(axis=0) > max(SILENT_DB, float(loudest.max()) - 40)
		difference = np.abs(levels[0] - levels[1])[active]
		leads = float((difference > DOMINANT_DB).mean()) if len(difference) else 0.0
		return Verdict(abs(correlation) < RELATED and leads > 0.6, correlation, None, False)
