"""Combines words and turns to utterances: every word gets a speaker, or "unknown" if none was found. Standard library only."""

from bisect import bisect_right
from collections.abc import Sequence

from .spacing import joined
from .types import UNKNOWN, Gap, Turn, Turns, Utterance, Word

NEAR = 0.7  # seconds to the nearest turn up to which a word outside of all turns belongs to it
PAUSE = 1.0  # seconds; a longer silence begins a new utterance
BREATH = 0.35  # seconds; a shorter one does if the other speaker begins in it
LONG = 15.0  # seconds from which an utterance ends with the next sentence
LONGEST = 30.0  # seconds from which it ends at the next comma or breath
SNAP = 0.8  # most seconds by which a change of speaker is moved to the end of a sentence
SNAP_WORDS = 2
SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", "।")
CLAUSE_ENDS = (*SENTENCE_ENDS, ",", ";", ":", "，", "、")


def align(words: list[Word], turns: Turns, gaps: Sequence[Gap] = ()) -> list[Utterance]:
	"""-> utterances ordered by start; gaps become utterances without words"""
	if turns.method == "channels":
		keys = {speaker.channel: speaker.key for speaker in turns.speakers}
		named = [(word, keys.get(word.channel, UNKNOWN)) for word in words]
		silent = [(gap, keys.get(gap.channel, UNKNOWN)) for gap in gaps]
	elif turns.method == "single":
		named, silent = [(word, "S1") for word in words], [(gap, "S1") for gap in gaps]
	else:
		named = _named(words, turns.turns)
		ordered = sorted(turns.turns, key=lambda turn: turn.start)
		silent = [(gap, _speaker_of(gap, ordered)) for gap in gaps]
	# words with their speakers: one run per channel, or a single run
	runs: dict[str | None, list[tuple[Word, str]]] = {}
	for word, speaker in named:
		runs.setdefault(speaker if turns.method == "channels" else None, []).append((word, speaker))
	utterances = [Utterance(gap.start, gap.end, speaker, gap.channel, "", 0.0) for gap, speaker in silent]
	for run in runs.values():
		others = [(w.start, w.end) for other in runs.values() if other is not run for w, _ in other]
		utterances += _cut(run, others, [gap for gap in gaps if gap.channel == run[0][0].channel])
	return sorted(utterances, key=lambda utterance: (utterance.start, utterance.end))


def _named(words: list[Word], turns: list[Turn]) -> list[tuple[Word, str]]:
	"""-> each word with its speaker's key"""
	turns = sorted(turns, key=lambda turn: turn.start)
	speakers = [_speaker_of(word, turns) for word in words]
	_snap_to_sentences(words, speakers)
	_smooth(words, speakers)
	return list(zip(words, speakers, strict=True))


def _speaker_of(word: Word | Gap, turns: list[Turn]) -> str:
	"""The speaker whose turns cover most of the word, else the nearest one within NEAR, else unknown."""
	overlaps: dict[str, float] = {}
	nearest, distance = UNKNOWN, NEAR
	# Turns only overlap in labels from other sources: looking a little further back suffices.
	last = bisect_right(turns, word.end + NEAR, key=lambda turn: turn.start)
	for turn in turns[max(0, last - 40) : last]:
		overlap = min(word.end, turn.end) - max(word.start, turn.start)
		if overlap > 0:
			overlaps[turn.speaker] = overlaps.get(turn.speaker, 0.0) + overlap
		elif -overlap < distance:
			nearest, distance = turn.speaker, -overlap
	# "unknown" turns of a diarizer only count if no speaker overlaps
	known = {speaker: overlap for speaker, overlap in overlaps.items() if speaker != UNKNOWN} or overlaps
	return max(known, key=known.__getitem__) if known else nearest


def _snap_to_sentences(words: list[Word], speakers: list[str]) -> None:
	"""Move changes of speaker to the ends of sentences, since diarizers are some tenths of a second early or late."""
	for index in range(1, len(words)):
		if speakers[index] == speakers[index - 1] or UNKNOWN in (speakers[index], speakers[index - 1]):
			continue
		if _is_boundary(words, index):
			continue
		for shift in (1, -1, 2, -2):
			there = index + shift
			if abs(shift) > SNAP_WORDS or not 0 < there < len(words) or not _is_boundary(words, there):
				continue
			low, high = min(index, there), max(index, there)
			if words[high - 1].end - words[low].start > SNAP:
				continue
			# Only words of the runs that meet here may get another speaker.
			if (
				shift > 0
				and all(speakers[i] == speakers[index] for i in range(low, high))
				and _goes_on(speakers, high - 1)
			):
				for i in range(low, high):
					speakers[i] = speakers[index - 1]
				break
			if shift < 0 and all(speakers[i] == speakers[index - 1] for i in range(low, high)) and low > 0:
				for i in range(low, high):
					speakers[i] = speakers[index]
				break


def _goes_on(speakers: list[str], index: int) -> bool:
	return index + 1 < len(speakers) and speakers[index + 1] == speakers[index]


def _is_boundary(words: list[Word], index: int) -> bool:
	"""Whether there is the end of a sentence or a pause before word `index`"""
	return words[index - 1].text.endswith(SENTENCE_ENDS) or words[index].start - words[index - 1].end > 0.5


def _smooth(words: list[Word], speakers: list[str]) -> None:
	"""Correct diarizer errors: a single word of another speaker within a sentence, without pauses around it."""
	for index in range(1, len(words) - 1):
		before, here, after = speakers[index - 1], speakers[index], speakers[index + 1]
		if before == after != here and not _is_boundary(words, index) and not _is_boundary(words, index + 1):
			speakers[index] = before


def _cut(run: list[tuple[Word, str]], others: list[tuple[float, float]], gaps: list[Gap]) -> list[Utterance]:
	"""Consecutive words of a run, with their speakers -> utterances; others: (start, end) of words of other speakers' runs"""
	starts = sorted(start for start, _ in others)
	gap_starts = sorted(gap.start for gap in gaps)
	utterances: list[Utterance] = []
	current: list[tuple[Word, str]] = []
	for word, speaker in run:
		if current and (
			_ends(current, word, speaker, starts) or _between(gap_starts, current[-1][0].start, word.start)
		):
			utterances.append(_utterance(current))
			current = []
		current.append((word, speaker))
	if current:
		utterances.append(_utterance(current))
	return utterances


def _ends(current: list[tuple[Word, str]], word: Word, speaker: str, other_starts: list[float]) -> bool:
	last, first = current[-1][0], current[0][0]
	gap, length = word.start - last.end, last.end - first.start
	if speaker != current[-1][1] or gap > PAUSE or word.language != last.language:
		return True
	if gap > BREATH and _between(other_starts, last.end - 0.1, word.start):
		return True
	if length > LONG and last.text.endswith(SENTENCE_ENDS):
		return True
	return length > LONGEST and (last.text.endswith(CLAUSE_ENDS) or gap > 0.2 or length > 1.5 * LONGEST)


def _between(starts: list[float], since: float, until: float) -> bool:
	"""Whether one of the sorted times is after `since` and not after `until`"""
	return bisect_right(starts, until) > bisect_right(starts, since)


def _utterance(named: list[tuple[Word, str]]) -> Utterance:
	words = [word for word, _ in named]
	return Utterance(
		start=words[0].start,
		end=max(word.end for word in words),
		speaker=named[0][1],
		channel=words[0].channel,
		text=joined(word.stored() for word in words),
		confidence=sum(word.probability for word in words) / len(words),
		words=words,
		language=words[0].language,
	)


def words_from_json(words: list[dict]) -> list[Word]:
	"""words: the list in words.json"""
	return [
		Word(
			word["start"],
			word["end"],
			word["text"],
			word["probability"],
			word["channel"],
			bool(word.get("glued")),
			word.get("language"),
		)
		for word in words
	]


def gaps_from_json(gaps: list[list]) -> list[Gap]:
	"""gaps: the list in words.json"""
	return [Gap(*gap) for gap in gaps]
