"""Finds the number of voices and their centres by average linkage of the embeddings of spans of speech."""

from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import cdist, pdist, squareform

from .spans import Span

CLEAR = 1.2  # seconds of speech from which an embedding identifies a voice
SAME = 0.5  # cosine distance, average over two groups of spans, up to which they are one voice
QUIET = 0.25  # distance between neighbouring spans of one voice in a good recording
LEAST = 3.0  # seconds of speech from which a voice counts
APART = 0.4  # silhouette from which nearer voices are still two
FAR = 0.25  # ... and cosine distance between their centres
SPANS = 3000  # at most this many are clustered, chosen evenly


class Tree:
	"""The clustering of a recording's spans, to be cut into any number of voices."""

	def __init__(self, spans: Sequence[Span], embeddings: np.ndarray) -> None:
		"""embeddings: float32[spans, dimension], NaN where there is none"""
		self._spans = spans
		self._lengths = np.array([span.length for span in spans])
		norms = np.linalg.norm(embeddings, axis=1, keepdims=True)
		self._units = embeddings / np.where(norms > 0, norms, np.nan)
		self._there = ~np.isnan(self._units).any(axis=1)
		alone = self._there & np.array([span.alone for span in spans], bool)
		clear = np.flatnonzero(alone & (self._lengths >= CLEAR))
		if len(clear) < 2:
			clear = np.flatnonzero(alone)
		if len(clear) > SPANS:
			clear = clear[np.linspace(0, len(clear) - 1, SPANS).astype(int)]
		self._clear = clear
		self._tree = linkage(self._units[clear], "average", metric="cosine") if len(clear) > 1 else None

	def found(self) -> int:
		"""-> number of voices, by their distances"""
		if self._tree is None:
			return min(1, len(self._clear))
		count = len(self._large(fcluster(self._tree, self._threshold(), "distance")))
		return count if count > 1 else 2 if self._are_two() else 1

	def _are_two(self) -> bool:
		"""Whether similar voices form two groups with nothing between them"""
		centres = self.centres(2)
		if centres is None or cdist(centres[:1], centres[1:], "cosine")[0, 0] < FAR:
			return False
		nearest = np.nan_to_num(cdist(self._units, centres, "cosine"), nan=np.inf).argmin(axis=1)
		return self.silhouette([str(voice) for voice in nearest]) >= APART

	def centres(self, count: int) -> np.ndarray | None:
		"""-> float32[count, dimension] of `count` voices, None if there are not so many"""
		if not 0 < count <= len(self._clear):
			return None
		if self._tree is None:
			return self._units[self._clear]
		for parts in range(count, len(self._clear) + 1):
			groups = fcluster(self._tree, parts, "maxclust")
			large = self._large(groups)
			if len(large) >= count:
				break
		else:
			groups = fcluster(self._tree, count, "maxclust")
			large = list(np.unique(groups))
		if len(large) != count:
			return None
		weights = self._lengths[self._clear]
		return np.stack(
			[
				np.average(
					self._units[self._clear][groups == group], axis=0, weights=weights[groups == group]
				)
				for group in large
			]
		)

	def shares(self, count: int) -> list[float] | None:
		"""-> each of `count` voices' share of the speech, the largest first; None as in centres"""
		centres = self.centres(count)
		if centres is None:
			return None
		nearest = cdist(self._units[self._there], centres, "cosine").argmin(axis=1)
		times = np.bincount(nearest, weights=self._lengths[self._there], minlength=count)
		return sorted((float(time) for time in times / times.sum()), reverse=True)

	def silhouette(self, labels: Sequence[str | None]) -> float:
		"""labels: of each span -> mean silhouette, weighted by length, -1 to 1; 0 for a single voice"""
		chosen = [index for index in self._clear if labels[index] is not None]
		names, mine = np.unique([labels[index] for index in chosen], return_inverse=True)
		if len(names) < 2:
			return 0.0
		apart = squareform(pdist(self._units[chosen], "cosine"))
		means = np.stack([apart[:, mine == name].mean(axis=1) for name in range(len(names))], axis=1)
		sizes, rows = np.bincount(mine)[mine], np.arange(len(chosen))
		within = means[rows, mine] * sizes / np.maximum(1, sizes - 1)
		means[rows, mine] = np.inf
		nearest = means.min(axis=1)
		return float(
			np.average(
				(nearest - within) / np.maximum(np.maximum(nearest, within), 1e-6),
				weights=self._lengths[chosen],
			)
		)

	def _threshold(self) -> float:
		"""Distance up to which spans are one voice. Noise increases it; spans that were cut only for their length show by how much."""
		near = [
			1 - float(self._units[index] @ self._units[index - 1])
			for index in self._clear
			if self._spans[index].cut and self._there[index - 1]
		]
		return SAME + max(0.0, float(np.median(near)) - QUIET) if len(near) >= 4 else SAME

	def _large(self, groups: np.ndarray) -> list[int]:
		"""-> groups with enough speech to be a voice"""
		lengths = self._lengths[self._clear]
		least = min(LEAST, 0.2 * lengths.sum())
		return [group for group in np.unique(groups) if lengths[groups == group].sum() >= least]
