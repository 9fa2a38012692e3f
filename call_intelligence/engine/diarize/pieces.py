"""Cuts spans of speech into pieces of one voice each, cell by cell, since the segmentation misses changes between similar voices."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from .campplus import CELL, CamPlusPlus, Cells
from .spans import Span

AROUND = 3  # cells to each side used for an embedding
SWITCH = 1.2  # cost of a change of voice within speech, in distance times cells
SWITCH_AT_PAUSE = 0.5  # ... after a pause
SWITCH_AT_CHANGE = 0.1  # ... where the segmentation finds another speaker
CLEAR = 1.2  # seconds from which a piece is certain
MARGIN = 0.1  # by which a shorter piece must be nearer to its voice than to others
TOUCH = 0.3  # seconds to a certain piece of the same voice within which a piece is certain


@dataclass(slots=True)
class Piece:
	start: float  # seconds
	end: float
	voice: int
	sure: bool


def pieces(
	net: CamPlusPlus, spans: Sequence[Span], cells: Sequence[Cells], centres: np.ndarray
) -> list[Piece]:
	"""cells: of each span; centres: float32[voices, dimension] -> the most likely pieces, in order"""
	voices = len(centres)
	distances, owners = [], []
	for number, (span, part) in enumerate(zip(spans, cells, strict=True)):
		count = max(1, len(part))
		near = np.full((count, voices), np.nan)
		if len(part):
			near = cdist(net.embeddings(_around(part)), centres, "cosine")
		near = np.where(np.isnan(near), 0.5, near)
		distances.append(near if span.alone else near / 2)
		owners += [number] * count
	if not owners:
		return []
	emission, owner = np.concatenate(distances), np.array(owners)
	labels = _path(emission, [_penalty(spans, owner, row) for row in range(len(owner))])
	return _sure(_pieces(spans, owner, labels, emission))


def _around(cells: Cells) -> list[Cells]:
	"""-> for each cell, the cells around it in its span"""
	return [cells[max(0, number - AROUND) : number + AROUND + 1] for number in range(len(cells))]


def _penalty(spans: Sequence[Span], owner: np.ndarray, row: int) -> float:
	if row == 0:
		return 0.0
	if owner[row] == owner[row - 1] or spans[owner[row]].cut:
		return SWITCH
	return SWITCH_AT_CHANGE if spans[owner[row]].change else SWITCH_AT_PAUSE


def _path(emission: np.ndarray, penalties: Sequence[float]) -> np.ndarray:
	"""-> int[cells]: the cheapest sequence of voices (Viterbi)"""
	count, voices = emission.shape
	cost, came = emission[0].copy(), np.zeros((count, voices), np.int16)
	for row in range(1, count):
		best = int(cost.argmin())
		moved = cost[best] + penalties[row]
		stay = cost <= moved
		came[row] = np.where(stay, np.arange(voices), best)
		cost = np.where(stay, cost, moved) + emission[row]
	labels = np.zeros(count, int)
	labels[-1] = cost.argmin()
	for row in range(count - 1, 0, -1):
		labels[row - 1] = came[row, labels[row]]
	return labels


def _pieces(
	spans: Sequence[Span], owner: np.ndarray, labels: np.ndarray, emission: np.ndarray
) -> list[Piece]:
	found = []
	edges = np.flatnonzero((owner[1:] != owner[:-1]) | (labels[1:] != labels[:-1])) + 1
	for first, last in zip([0, *edges], [*edges, len(owner)], strict=True):
		span = spans[owner[first]]
		offset = int(np.searchsorted(owner, owner[first]))
		is_first, is_last = first == offset, last == len(owner) or owner[last] != owner[first]
		start = span.start if is_first else span.start + CELL * (first - offset)
		end = span.end if is_last else span.start + CELL * (last - offset)
		mean = np.sort(emission[first:last].mean(axis=0) * (1 if span.alone else 2))
		margin = mean[1] - mean[0] if len(mean) > 1 else np.inf
		nearest = emission[first:last].mean(axis=0).argmin() == labels[first]
		found.append(
			Piece(
				start, end, int(labels[first]), bool(end - start >= CLEAR or (nearest and margin >= MARGIN))
			)
		)
	return found


def _sure(found: list[Piece]) -> list[Piece]:
	"""Mark pieces as certain that are next to a certain piece of their voice."""
	for order in (found, found[::-1]):
		for before, piece in itertools.pairwise(order):
			gap = max(piece.start - before.end, before.start - piece.end)
			if before.sure and before.voice == piece.voice and gap < TOUCH:
				piece.sure = True
	return found
