"""Combines turns and utterances to speech: turns have better times, utterances better speakers. Times are milliseconds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from .spans import Span, Spans

Said = tuple[int, int, str]  # start, end, speaker key


def speech_of(utterances: Sequence[Said], turns: Sequence[Said]) -> dict[str, Spans]:
	"""-> {speaker key: speech}, of those with speech

	Without turns, utterances count. Otherwise turns of the voices in the transcript count, except within an utterance whose
	speaker has hardly any turns in it (set by a user, or no turn found): then the speech in it counts as that speaker's.
	"""
	heard = _by_speaker(turns or utterances)
	if not turns:
		return heard
	nobody = Spans()
	gained: dict[str, list[Span]] = defaultdict(list)
	lost: dict[str, list[Span]] = defaultdict(list)
	for start, end, speaker in utterances:
		own = heard.get(speaker, nobody).covered(start, end)
		if 2 * own >= end - start:
			continue
		most, other = max(
			((spans.covered(start, end), key) for key, spans in heard.items() if key != speaker),
			default=(0, speaker),
		)
		if most > own:
			gained[speaker] += heard[other].within(start, end)
			lost[other].append((start, end))
		elif not own:
			gained[speaker].append((start, end))
	for key, spans in lost.items():
		heard[key] = heard[key].without(Spans(spans))
	for key, spans in gained.items():
		heard[key] = Spans([*heard.get(key, nobody), *spans])
	said = {speaker for *_, speaker in utterances}
	return {key: spans for key, spans in heard.items() if spans.total and key in said}


def _by_speaker(rows: Iterable[Said]) -> dict[str, Spans]:
	spans = defaultdict(list)
	for start, end, speaker in rows:
		spans[speaker].append((start, end))
	found = {key: Spans(rows) for key, rows in spans.items()}
	return {key: spans for key, spans in found.items() if spans.total}
