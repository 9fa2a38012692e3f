"""Finds spans of speech with one voice in the segmentation."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

PAUSE = 0.2  # seconds of silence that end a span, since another speaker may begin after it
LONGEST = 3.2  # seconds; longer speech is cut into spans of about LENGTH
LENGTH = 2.5


@dataclass(slots=True)
class Span:
	start: float  # seconds
	end: float
	alone: bool  # one voice, not several at once
	change: bool  # the segmentation finds another speaker than in the span before
	cut: bool  # cut only for its length, so it continues the span before

	@property
	def length(self) -> float:
		return self.end - self.start


class Windows:
	"""The segmentation's overlapping windows, read as one sequence of frames: each frame from the window with the nearest middle."""

	def __init__(self, segmentation: Any) -> None:
		"""segmentation: pyannote's SlidingWindowFeature, 0 or 1 [windows, frames, local speakers]"""
		self.active = np.nan_to_num(segmentation.data) > 0.5
		self.count, self.frames, self.speakers = self.active.shape
		self.duration, self.step = segmentation.sliding_window.duration, segmentation.sliding_window.step
		self.frame = self.duration / self.frames  # seconds

	def start(self, window: int) -> float:
		return window * self.step

	def spans(self, until: float) -> list[Span]:
		"""until: seconds of the recording; the last window may reach beyond"""
		total = min(
			int(until / self.frame),
			int(((self.count - 1) * self.step + self.duration) / self.frame),
		)
		times = (np.arange(total) + 0.5) * self.frame
		owners = np.clip(np.round((times - self.duration / 2) / self.step).astype(int), 0, self.count - 1)
		inside = np.clip(((times - owners * self.step) / self.frame).astype(int), 0, self.frames - 1)
		active = self.active[owners, inside]
		runs = self._runs(active, owners)
		return self._spans(self._joined(runs, owners), owners)

	def _runs(self, active: np.ndarray, owners: np.ndarray) -> list[tuple[int, int, bool]]:
		"""-> (first frame, frame after the last, whether it is one voice) of speech with the same speakers"""
		if not len(active):
			return []
		speech = active.any(axis=1)
		differ = (active[1:] != active[:-1]).any(axis=1)
		for frame in np.flatnonzero(owners[1:] != owners[:-1]):
			# Each window numbers its speakers differently: compare within one.
			differ[frame] = speech[frame] != speech[frame + 1] or not self._same(frame, frame + 1, owners)
		edges = [0, *(np.flatnonzero(differ) + 1), len(active)]
		return [
			(int(first), int(last), bool(active[first].sum() == 1))
			for first, last in itertools.pairwise(edges)
			if speech[first]
		]

	def _same(self, first: int, second: int, owners: np.ndarray) -> bool:
		"""Whether a window with both frames finds the same speakers in them"""
		for window in (owners[first], owners[second]):
			pair = [self._speakers_at(window, frame) for frame in (first, second)]
			if pair[0] is not None and pair[1] is not None and pair[0].any() and (pair[0] == pair[1]).all():
				return True
		return False

	def _speakers_at(self, window: int, frame: int) -> np.ndarray | None:
		inside = int(((frame + 0.5) * self.frame - window * self.step) / self.frame)
		return self.active[window, inside] if 0 <= inside < self.frames else None

	def _joined(
		self, runs: Sequence[tuple[int, int, bool]], owners: np.ndarray
	) -> list[tuple[int, int, bool]]:
		"""Join runs that are only separated by a breath of the same speaker."""
		joined: list[tuple[int, int, bool]] = []
		for first, last, alone in runs:
			if joined and alone and joined[-1][2]:
				gap = first - joined[-1][1]
				if 0 < gap * self.frame < PAUSE and self._same(joined[-1][1] - 1, first, owners):
					joined[-1] = (joined[-1][0], last, True)
					continue
			joined.append((first, last, alone))
		return joined

	def _spans(self, runs: Sequence[tuple[int, int, bool]], owners: np.ndarray) -> list[Span]:
		spans: list[Span] = []
		for index, (first, last, alone) in enumerate(runs):
			start, end = first * self.frame, last * self.frame
			change = index > 0 and not self._same(runs[index - 1][1] - 1, first, owners)
			parts = max(1, round((end - start) / LENGTH)) if end - start > LONGEST else 1
			edges = np.linspace(start, end, parts + 1)
			for part in range(parts):
				spans.append(
					Span(float(edges[part]), float(edges[part + 1]), alone, change and not part, part > 0)
				)
		return spans
