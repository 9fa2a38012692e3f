"""Chooses between the turns of pyannote's pipeline and those of pieces.py."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..types import UNKNOWN, Speaker, Turn, Turns
from .embeddings import Embeddings
from .pieces import Piece, pieces
from .spans import Span
from .voices import Tree

MOST = 6  # voices that are offered
HOLD = 1.2  # seconds of silence within a turn if no other speaker begins
SEPARATE = 0.25  # silhouette from which voices are separated at all
DISTINCT = 0.5  # silhouette from which the pipeline's several voices are accepted although one was found
AGREE = 0.99  # share of speech with the same voice from which the pipeline's turns are used: their borders are finer


def chosen(pipeline: Turns, embeddings: Embeddings, speakers: int | None) -> Turns:
	"""pipeline: its turns; speakers: their number, if known -> turns with offers"""
	tree = Tree(embeddings.spans, embeddings.of_spans)
	if not tree.found():
		return pipeline
	answer = _better(pipeline, embeddings, tree, speakers)
	answer.offers = {
		count: [round(share, 3) for share in shares]
		for count in range(1, MOST + 1)
		if (shares := tree.shares(count)) is not None
	}
	return answer


def _better(pipeline: Turns, embeddings: Embeddings, tree: Tree, speakers: int | None) -> Turns:
	count = speakers or tree.found()
	centres = tree.centres(count)
	theirs = tree.silhouette(_labels_of_turns(embeddings.spans, pipeline.turns))
	if count < 2:
		heard = len(pipeline.speakers)
		# For one voice the pipeline's turns are kept, with a single speaker.
		return pipeline if heard < 2 or (not speakers and theirs >= DISTINCT) else _as_one(pipeline)
	if centres is None:
		return pipeline
	found = pieces(embeddings.net, embeddings.spans, embeddings.cells, centres)
	turns = _turns(found)
	labels = _labels_of_turns(embeddings.spans, turns.turns)
	ours = tree.silhouette(labels)
	if len(turns.speakers) < 2 or (not speakers and ours < SEPARATE):
		return pipeline
	if all(piece.sure for piece in found) and len(pipeline.speakers) == len(turns.speakers):
		same = _agreement(embeddings.spans, labels, _labels_of_turns(embeddings.spans, pipeline.turns))
		if same >= AGREE:
			return pipeline
	return turns if speakers or ours >= theirs - 0.02 else pipeline


def _as_one(turns: Turns) -> Turns:
	for turn in turns.turns:
		turn.speaker = "S1"
	talk = sum(speaker.talk_seconds for speaker in turns.speakers)
	return Turns(turns.method, turns.turns, [Speaker("S1", talk_seconds=talk)], turns.warnings)


def _turns(found: Sequence[Piece]) -> Turns:
	"""Turns of pieces; speakers are numbered in the order of their first turns, uncertain pieces are unknown."""
	keys: dict[int, str] = {}
	turns: list[Turn] = []
	for piece in found:
		key = keys.setdefault(piece.voice, f"S{len(keys) + 1}") if piece.sure else UNKNOWN
		if turns and turns[-1].speaker == key and piece.start - turns[-1].end < (HOLD if piece.sure else 0.1):
			turns[-1].end = piece.end
		else:
			turns.append(Turn(piece.start, piece.end, key))
	talk = dict.fromkeys(keys.values(), 0.0)
	for piece in found:
		if piece.sure:
			talk[keys[piece.voice]] += piece.end - piece.start
	speakers = [Speaker(key, talk_seconds=seconds) for key, seconds in talk.items()]
	return Turns("pyannote", turns, speakers)


def _agreement(spans: Sequence[Span], labels: Sequence[str | None], others: Sequence[str | None]) -> float:
	"""-> share of the speech with the same voice under the best matching of names, 0 to 1; 0 without speech"""
	together: dict[tuple[str | None, str | None], float] = {}
	for span, pair in zip(spans, zip(labels, others, strict=True), strict=True):
		together[pair] = together.get(pair, 0.0) + span.length
	names = [name for name in dict.fromkeys(labels) if name]
	their_names = [name for name in dict.fromkeys(others) if name]
	shared = np.array([[together.get((name, other), 0.0) for other in their_names] for name in names])
	total = sum(together.values())
	return float(shared[linear_sum_assignment(-shared)].sum() / total) if shared.size and total else 0.0


def _labels_of_turns(spans: Sequence[Span], turns: Sequence[Turn]) -> list[str | None]:
	"""-> for each span the speaker with the longest overlap"""
	turns = sorted(turns, key=lambda turn: turn.start)
	ends = np.maximum.accumulate([turn.end for turn in turns]) if turns else np.zeros(0)
	labels: list[str | None] = []
	for span in spans:
		times: dict[str, float] = {}
		for turn in turns[int(np.searchsorted(ends, span.start)) :]:
			if turn.start >= span.end:
				break
			overlap = min(turn.end, span.end) - max(turn.start, span.start)
			times[turn.speaker] = times.get(turn.speaker, 0.0) + max(0.0, overlap)
		best = max(times, key=times.__getitem__) if times else None
		labels.append(None if best == UNKNOWN else best)
	return labels
