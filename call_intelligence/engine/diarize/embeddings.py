"""The speaker embeddings of a recording: each span of speech is run through the network once, and the embeddings for pyannote's windows are
computed from the same cells."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import numpy as np

from ..speech import RATE, SpeechFiles
from .campplus import CELL, CamPlusPlus, Cells
from .spans import Span, Windows

AT_ONCE = 64  # spans between two reports of progress


class Embeddings:
	def __init__(self, net: CamPlusPlus, files: SpeechFiles, workers: Executor) -> None:
		self.net, self._files, self._workers = net, files, workers
		self.spans: list[Span] = []
		self.cells: list[Cells] = []  # of each span
		self.of_spans = np.zeros((0, net.dimension), np.float32)

	def of_windows(
		self,
		file: Any,
		segmentation: Any,
		exclude_overlap: bool = True,
		hook: Callable[..., None] | None = None,
	) -> np.ndarray:
		"""Replaces the pipeline's get_embeddings -> float32[windows, local speakers, dimension]"""
		windows = Windows(segmentation)
		self.spans = windows.spans(self._files.duration)
		self.cells = self._cells(hook)
		self.of_spans = self.net.embeddings(self.cells)
		times = [
			span.start + CELL * (np.arange(len(cells)) + 0.5)
			for span, cells in zip(self.spans, self.cells, strict=True)
		]
		if not any(map(len, times)):
			return np.full((windows.count, windows.speakers, self.net.dimension), np.nan, np.float32)
		owners = np.repeat(np.arange(len(times)), [len(part) for part in times])
		joined = np.concatenate(times)
		return np.stack([self._of_window(windows, number, joined, owners) for number in range(windows.count)])

	def _cells(self, hook: Callable[..., None] | None) -> list[Cells]:
		cells: list[Cells] = []
		for first in range(0, len(self.spans), AT_ONCE):
			cells += self._workers.map(self._cells_of, self.spans[first : first + AT_ONCE])
			if hook:
				hook("embeddings", None, completed=len(cells), total=len(self.spans))
		return cells

	def _cells_of(self, span: Span) -> Cells:
		return self.net.cells(self._files.mono(round(span.start * RATE), round(span.length * RATE)))

	def _of_window(self, windows: Windows, number: int, times: np.ndarray, owners: np.ndarray) -> np.ndarray:
		"""times: each cell's middle, owners: its span -> float32[local speakers, dimension]"""
		start = windows.start(number)
		first, last = np.searchsorted(times, (start, start + windows.duration))
		if first == last:
			return np.full((windows.speakers, self.net.dimension), np.nan, np.float32)
		before = int(np.searchsorted(owners, owners[first]))
		near = [self.cells[span] for span in range(owners[first], owners[last - 1] + 1)]
		cells = Cells(*(np.concatenate([getattr(c, name) for c in near]) for name in Cells.__slots__))
		cells = cells[first - before : last - before]
		inside = ((times[first:last] - start) / windows.frame).astype(int)
		active = windows.active[number, np.minimum(inside, windows.frames - 1)]
		alone = active & (active.sum(axis=1, keepdims=True) == 1)
		pools = []
		for speaker in range(windows.speakers):
			chosen = alone[:, speaker]
			if cells.count[chosen].sum() < self.net.min_frames / 2:
				chosen = active[:, speaker]
			pools.append(cells[chosen])
		return self.net.embeddings(pools)
