"""Aligns two sequences in time that grows with their length, whatever they contain.

Items that occur exactly once on each side are anchors; short stretches between them are compared exactly, long ones in pieces.
`difflib` is not used because it takes cubic time on repeated words.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

# most items, on the longer side, of a stretch that is compared exactly
PIECE = 200
# how often a stretch is divided by anchors at most
ROUNDS = 20


def align(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
	"""[(index in a, index in b)] of equal items, both increasing."""
	found: list[tuple[int, int]] = []
	waiting = [(0, len(a), 0, len(b), 0)]
	while waiting:
		a_from, a_to, b_from, b_to, rounds = waiting.pop()
		while a_from < a_to and b_from < b_to and a[a_from] == b[b_from]:
			found.append((a_from, b_from))
			a_from, b_from = a_from + 1, b_from + 1
		while a_from < a_to and b_from < b_to and a[a_to - 1] == b[b_to - 1]:
			a_to, b_to = a_to - 1, b_to - 1
			found.append((a_to, b_to))
		if a_from == a_to or b_from == b_to:
			continue
		pairs = anchors(a, b, (a_from, a_to, b_from, b_to)) if rounds < ROUNDS else []
		if pairs:
			for i, j in [*pairs, (a_to, b_to)]:
				waiting.append((a_from, i, b_from, j, rounds + 1))
				a_from, b_from = i + 1, j + 1
			found += pairs
			continue
		for piece in pieces(a_from, a_to, b_from, b_to):
			found += longest_common(a, b, *piece)
	return sorted(found)


def anchors(
	a: Sequence[Hashable], b: Sequence[Hashable], limits: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
	"""The longest sequence of items that occur once in each stretch and are in the same order in both"""
	a_from, a_to, b_from, b_to = limits
	in_a, in_b = Counter(a[a_from:a_to]), Counter(b[b_from:b_to])
	there = {b[j]: j for j in range(b_from, b_to) if in_b[b[j]] == 1}
	pairs = [(i, there[a[i]]) for i in range(a_from, a_to) if in_a[a[i]] == 1 and a[i] in there]
	return longest_increasing(pairs)


def longest_increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
	"""pairs: sorted by their first numbers -> a longest part of them with increasing second numbers"""
	# for each length: the smallest last number of an increasing run, and its place
	ends: list[int] = []
	places: list[int] = []
	before: list[int] = []
	for place, (_i, j) in enumerate(pairs):
		length = bisect_left(ends, j)
		before.append(places[length - 1] if length else -1)
		ends[length : length + 1] = [j]
		places[length : length + 1] = [place]
	found, place = [], places[-1] if places else -1
	while place >= 0:
		found.append(pairs[place])
		place = before[place]
	return found[::-1]


def pieces(a_from: int, a_to: int, b_from: int, b_to: int) -> Iterator[tuple[int, int, int, int]]:
	"""Cut both stretches into the same number of parts, of PIECE items at most"""
	number = -(-max(a_to - a_from, b_to - b_from) // PIECE)
	for k in range(number):
		yield (
			a_from + (a_to - a_from) * k // number,
			a_from + (a_to - a_from) * (k + 1) // number,
			b_from + (b_to - b_from) * k // number,
			b_from + (b_to - b_from) * (k + 1) // number,
		)


def longest_common(
	a: Sequence[Hashable], b: Sequence[Hashable], a_from: int, a_to: int, b_from: int, b_to: int
) -> list[tuple[int, int]]:
	"""A longest common subsequence"""
	width = b_to - b_from
	rows = [[0] * (width + 1)]
	for i in range(a_to - 1, a_from - 1, -1):
		below, row, item = rows[-1], [0] * (width + 1), a[i]
		for k in range(width - 1, -1, -1):
			if item == b[b_from + k]:
				row[k] = below[k + 1] + 1
			else:
				row[k] = max(below[k], row[k + 1])
		rows.append(row)
	found, i, k = [], a_from, 0
	while i < a_to and k < width:
		row, below = rows[a_to - i], rows[a_to - i - 1]
		if a[i] == b[b_from + k] and row[k] == below[k + 1] + 1:
			found.append((i, b_from + k))
			i, k = i + 1, k + 1
		elif below[k] >= row[k + 1]:
			i += 1
		else:
			k += 1
	return found


def opcodes(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[tuple[str, int, int, int, int]]:
	"""("equal", "replace", "insert" or "delete", start and end in a, start and end in b), like difflib's opcodes"""
	i = j = 0
	for i_from, i_to, j_from, j_to in [*runs(align(a, b)), (len(a), len(a), len(b), len(b))]:
		if i < i_from or j < j_from:
			what = "replace" if i < i_from and j < j_from else "delete" if i < i_from else "insert"
			yield what, i, i_from, j, j_from
		if i_from < i_to:
			yield "equal", i_from, i_to, j_from, j_to
		i, j = i_to, j_to


def runs(pairs: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
	"""(start and end in a, start and end in b) of pairs that follow each other on both sides"""
	found: list[tuple[int, int, int, int]] = []
	for i, j in pairs:
		if found and (found[-1][1], found[-1][3]) == (i, j):
			found[-1] = (found[-1][0], i + 1, found[-1][2], j + 1)
		else:
			found.append((i, i + 1, j, j + 1))
	return found
