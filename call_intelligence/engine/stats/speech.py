"""Who speaks when: turns are the finer measure of when, utterances know better who. Milliseconds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from .spans import Span, Spans

Said = tuple[int, int, str]  # start, end, speaker key


def speech_of(utterances: Sequence[Said], turns: Sequence[Said]) -> dict[str, Spans]:
	"""-> the speech of each speaker key, of those who are heard

	Without turns, the utterances count. Else the turns do of the voices in the transcript, but where an utterance is of somebody who is hardly heard in it (a person has
	said so, or no turn was found there): then what is heard in it is theirs.
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
