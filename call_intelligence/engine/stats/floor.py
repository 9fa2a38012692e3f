"""Contributions and runs: who has the floor and for how long. Times are milliseconds."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .spans import Span, Spans

AT_ITS_END = 500  # ms that a question's end may differ from the speech's, as times of words and turns differ


class Contribution(NamedTuple):
	"""The speech of one side or speaker until another begins."""

	who: str
	start: int
	end: int
	spoken: int


def contributions(
	speech: Mapping[str, Spans], asked: Mapping[str, list[int]], interjection: int
) -> list[Contribution]:
	"""asked: end times of each one's questions, in order -> contributions in order, neighbours of different speakers.

	Interjections are left out, as defined in figures.py. A question or an answer is none: "Twelve." is a reply.
	"""
	said: list[Contribution] = []
	kept: list[Contribution] = []
	for start, end, who in sorted((start, end, who) for who, spans in speech.items() for start, end in spans):
		_add(said, Contribution(who, start, end, end - start))
	for index, this in enumerate(said):
		after = said[index + 1] if index + 1 < len(said) else None
		if not kept or not _is_interjection(kept[-1], this, after, asked, interjection):
			_add(kept, this)
	return kept


def _add(said: list[Contribution], this: Contribution) -> None:
	if said and said[-1].who == this.who:
		last = said.pop()
		this = Contribution(this.who, last.start, max(last.end, this.end), last.spoken + this.spoken)
	said.append(this)


def _is_interjection(
	before: Contribution,
	this: Contribution,
	after: Contribution | None,
	asked: Mapping[str, list[int]],
	longest: int,
) -> bool:
	if this.spoken > longest or before.who == this.who:
		return False
	within = this.end <= before.end
	between = after and after.who == before.who and before.spoken > longest and after.spoken > longest
	if not (within or between):
		return False
	asks = _any(asked.get(this.who, ()), this.start, this.end + AT_ITS_END)
	# the other's last sentence before this one was a question
	answers = _any(
		asked.get(before.who, ()), min(before.end, this.start) - AT_ITS_END, this.start + AT_ITS_END
	)
	return not asks and not answers


def _any(times: Sequence[int], since: int, until: int) -> bool:
	return bisect_left(times, since) < bisect_right(times, until)


def runs(mine: Spans, others: Spans, interjection: int, pause: int) -> list[Span]:
	"""The runs of `mine` that others don't break; see CallStats.longest_monologue"""
	breaks = Spans(_breaks(mine, others, interjection, pause))
	found: list[Span] = []
	for start, end in mine.without(breaks):
		if found:
			last = found[-1][1]
			silent = start - last
			if silent > pause:
				silent -= others.covered(last, start)
			if silent <= pause and not breaks.covered(last, start):
				found[-1] = (found[-1][0], end)
				continue
		found.append((start, end))
	return found


def _breaks(mine: Spans, others: Spans, interjection: int, pause: int) -> Iterator[Span]:
	"""Stretches of others' speech, without any of mine in between, that are longer than an interjection"""
	own = iter(mine)
	here = next(own, None)  # the first span of mine that ends after the group
	group = None
	for start, end in others:
		if group:
			while here and here[1] <= group[1]:
				here = next(own, None)
			if start - group[1] <= pause and not (here and here[0] < start):
				group = (group[0], end, group[2] + end - start)
				continue
			if group[2] > interjection:
				yield group[:2]
		group = (start, end, end - start)
	if group and group[2] > interjection:
		yield group[:2]
