"""Decides whether each speaker has a channel of their own, by the channels' contents, since many stereo files are mono twice."""

from dataclasses import dataclass

import numpy as np

from .delays import Delays
from .levels import LEAST_WINDOWS, QUIETER_DB, SILENT_DB, WINDOW, Windows, decibels, reached, with_sound

SAME = 0.98  # correlation from which two channels are the same sound, coded twice
DELAYED = 0.9  # ... at any lag
RELATED = 0.6  # correlation from which two channels recorded the same room
DOMINANT_DB = 6.0
IN_A_ROW = 3  # windows; the end of a delayed word is shorter
LOST_DB = 10.0  # a mix this much below the louder channel has lost the sound
LOST_WINDOWS = 5

Weights = tuple[float, float]  # of both channels in a mix

BOTH, INVERTED, FIRST, SECOND = (0.5, 0.5), (0.5, -0.5), (1.0, 0.0), (0.0, 1.0)


@dataclass(slots=True)
class Verdict:
	dual: bool
	correlation: float
	silent: int | None  # the channel without a speaker
	identical: bool
	mix: Weights = BOTH
	"""how much of each channel makes one of both, in which nothing cancels"""


class DualChannelTest:
	"""Feed it the whole recording, then call verdict()."""

	def __init__(self) -> None:
		self._windows = Windows(2)
		self._delays = Delays()
		self._powers: list[np.ndarray] = []  # left², right², left·right of each window

	def add(self, block: np.ndarray) -> None:
		"""block: int16[2, n] at 16 kHz"""
		self._delays.add(block)
		first, second = self._windows.add(block)
		pairs = ((first, first), (second, second), (first, second))
		self._powers.append(np.stack([np.einsum("wn,wn->w", a, b) for a, b in pairs]) / WINDOW)

	def verdict(self) -> Verdict:
		"""dual: the channels hardly correlate, and in most windows with sound one is clearly louder."""
		powers = np.concatenate(self._powers, axis=1) if self._powers else np.zeros((3, 0))
		left, right, both = powers.sum(axis=1, dtype=np.float64)
		correlation = float(both / np.sqrt(left * right)) if left > 0 and right > 0 else 0.0
		levels = decibels(powers[:2])
		loudest = reached(levels, 1 + levels.shape[1] // 100)
		quiet = int(loudest.argmin())
		if loudest[quiet] < SILENT_DB or loudest[quiet] < loudest[1 - quiet] - QUIETER_DB:
			# a channel with a few words in a long recording is not silent
			nobody = loudest[1 - quiet] >= SILENT_DB and not with_sound(levels)[quiet]
			mix = (SECOND, FIRST)[quiet] if nobody else BOTH
			return Verdict(False, correlation, quiet if nobody else None, False, mix)
		active = levels.max(axis=0) > max(SILENT_DB, float(loudest.max()) - 40)
		ahead = (levels[0] - levels[1])[active]
		delayed = self._delays.correlation()
		identical = abs(correlation) >= SAME
		one = identical or delayed >= DELAYED
		mix = _mix(powers[:, active], (FIRST, SECOND)[quiet == 0] if one and not identical else BOTH)
		if one:
			return Verdict(False, correlation, None, identical, mix)
		leads = float((np.abs(ahead) > DOMINANT_DB).mean()) if len(ahead) else 0.0
		related = abs(correlation) >= RELATED or (delayed >= RELATED and _never_leads(ahead, quiet))
		return Verdict(not related and leads > 0.6, correlation, None, False, mix)


def _never_leads(ahead: np.ndarray, channel: int) -> bool:
	"""Whether `channel` is never louder for longer than a delay; ahead: dB[n] of the first channel over the second"""
	leads = (ahead if channel == 0 else -ahead) > DOMINANT_DB
	edges = np.flatnonzero(np.diff(np.concatenate([[0], leads.astype(np.int8), [0]])))
	runs = np.diff(edges.reshape(-1, 2), axis=1)
	return runs[runs >= IN_A_ROW].sum() < LEAST_WINDOWS


def _mix(powers: np.ndarray, usual: Weights) -> Weights:
	"""powers: of the windows with sound, see DualChannelTest -> the mix that loses the fewest windows"""
	left, right, both = powers
	heard = np.maximum(left, right)

	def lost(mix: Weights) -> int:
		a, b = mix
		mixed = a * a * left + b * b * right + 2 * a * b * both
		return int((mixed < heard * 10 ** (-LOST_DB / 10)).sum())

	best = min((usual, BOTH, INVERTED, FIRST, SECOND), key=lost)
	return best if lost(usual) - lost(best) >= LOST_WINDOWS else usual
