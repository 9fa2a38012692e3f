"""Sets of time spans. Whole milliseconds, since sums of floats could make a pause of exactly four seconds longer than four."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

Span = tuple[int, int]  # start, end


def milliseconds(seconds: float) -> int:
	return round(seconds * 1000)


class Spans:
	"""Disjoint time spans in order; touching ones are merged. Iterates over (start, end)."""

	__slots__ = ("_before", "_ends", "_starts")

	def __init__(self, spans: Iterable[Span] = ()) -> None:
		"""spans: in any order, may overlap; empty ones are ignored"""
		starts: list[int] = []
		ends: list[int] = []
		for start, end in sorted(spans):
			if end <= start:
				continue
			if ends and start <= ends[-1]:
				ends[-1] = max(ends[-1], end)
			else:
				starts.append(start)
				ends.append(end)
		self._starts, self._ends = starts, ends
		lengths = (end - start for start, end in zip(starts, ends, strict=True))
		self._before = list(accumulate(lengths, initial=0))  # milliseconds covered before each span

	def __iter__(self) -> Iterator[Span]:
		return zip(self._starts, self._ends, strict=True)

	def __len__(self) -> int:
		return len(self._starts)

	@property
	def total(self) -> int:
		"""Total milliseconds"""
		return self._before[-1]

	def covered(self, start: int, end: int) -> int:
		"""Milliseconds covered between start and end"""
		return max(self._until(end) - self._until(start), 0)

	def _until(self, time: int) -> int:
		"""Milliseconds covered before `time`"""
		index = bisect_right(self._starts, time)
		if not index:
			return 0
		return self._before[index - 1] + min(time, self._ends[index - 1]) - self._starts[index - 1]

	def within(self, start: int, end: int) -> list[Span]:
		"""The parts between start and end"""
		found = []
		for index in range(bisect_right(self._ends, start), bisect_left(self._starts, end)):
			found.append((max(self._starts[index], start), min(self._ends[index], end)))
		return found

	def gaps(self, start: int, end: int) -> list[Span]:
		"""The uncovered spans between start and end"""
		found, at = [], start
		for since, until in self.within(start, end):
			if since > at:
				found.append((at, since))
			at = until
		if end > at:
			found.append((at, end))
		return found

	def without(self, other: "Spans") -> "Spans":
		"""The parts outside of `other`"""
		return Spans(gap for start, end in self for gap in other.gaps(start, end)) if len(other) else self
