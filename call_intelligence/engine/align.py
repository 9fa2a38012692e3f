"""Words and turns become utterances: every word gets a speaker, or "unknown" where nobody was heard. Standard library only."""

from bisect import bisect_right

from .types import UNKNOWN, Utterance, Word

NEAR = 0.7  # seconds to a turn that a word outside of all turns may still belong to
PAUSE = 1.0  # seconds; a longer silence begins a new utterance
BREATH = 0.35  # ... a shorter one does when the other speaker used it
LONG = 15.0  # seconds from which an utterance ends with the next sentence
LONGEST = 30.0  # seconds from which it ends at the next comma or breath
SNAP = 0.8  # seconds by which a change of speaker is moved to the end of a sentence
SNAP_WORDS = 2
SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", "।")
CLAUSE_ENDS = (*SENTENCE_ENDS, ",", ";", ":", "，", "、")
WITHOUT_SPACES = {
	"zh",
	"ja",
	"th",
	"lo",
	"my",
	"yue",
	"km",
	"bo",
}  # languages that don't put spaces between words


def align(words, turns, language=None):
	"""words: list of Word; turns: Turns -> list of Utterance in the order in which they begin"""
	if turns.method == "channels":
		keys = {speaker.channel: speaker.key for speaker in turns.speakers}
		named = [(word, keys.get(word.channel, UNKNOWN)) for word in words]
	elif turns.method == "single":
		named = [(word, "S1") for word in words]
	else:
		named = _named(words, turns.turns)
	runs = {}
	for word, speaker in named:
		runs.setdefault(speaker if turns.method == "channels" else None, []).append((word, speaker))
	utterances = []
	for run in runs.values():
		others = [(w.start, w.end) for other in runs.values() if other is not run for w, _ in other]
		utterances += _cut(run, others, language)
	return sorted(utterances, key=lambda utterance: (utterance.start, utterance.end))


def _named(words, turns):
	"""-> list of (Word, speaker key)"""
	turns = sorted(turns, key=lambda turn: turn.start)
	speakers = [_speaker_of(word, turns) for word in words]
	_snap_to_sentences(words, speakers)
	_smooth(words, speakers)
	return list(zip(words, speakers, strict=True))


def _speaker_of(word, turns):
	"""The speaker whose turns cover most of the word, else the one who speaks within NEAR, else unknown."""
	overlaps, nearest, distance = {}, UNKNOWN, NEAR
	# Turns don't overlap each other but for labels that came from elsewhere: look a little further back.
	last = bisect_right(turns, word.end + NEAR, key=lambda turn: turn.start)
	for turn in turns[max(0, last - 40) : last]:
		overlap = min(word.end, turn.end) - max(word.start, turn.start)
		if overlap > 0:
			overlaps[turn.speaker] = overlaps.get(turn.speaker, 0.0) + overlap
		elif -overlap < distance:
			nearest, distance = turn.speaker, -overlap
	# a diarizer's "unknown" counts only where no speaker is heard
	known = {speaker: overlap for speaker, overlap in overlaps.items() if speaker != UNKNOWN} or overlaps
	return max(known, key=known.get) if known else nearest


def _snap_to_sentences(words, speakers):
	"""Diarizers see a change of speaker some tenths of a second early or late; people change at the end of sentences."""
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
			# Only words of the run that meets here may change hands.
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


def _goes_on(speakers, index):
	return index + 1 < len(speakers) and speakers[index + 1] == speakers[index]


def _is_boundary(words, index):
	"""Whether a sentence ends, or a pause lies, before word `index`"""
	return words[index - 1].text.endswith(SENTENCE_ENDS) or words[index].start - words[index - 1].end > 0.5


def _smooth(words, speakers):
	"""A single word of another speaker in the middle of a sentence, with no pause around it, is a slip of the diarizer."""
	for index in range(1, len(words) - 1):
		before, here, after = speakers[index - 1], speakers[index], speakers[index + 1]
		if before == after != here and not _is_boundary(words, index) and not _is_boundary(words, index + 1):
			speakers[index] = before


def _cut(run, others, language):
	"""Consecutive (Word, speaker) of a run -> utterances; others: [(start, end)] of words of other speakers' runs"""
	others = sorted(others)
	starts = [start for start, _ in others]
	utterances, current = [], []
	for word, speaker in run:
		if current and _ends(current, word, speaker, starts):
			utterances.append(_utterance(current, language))
			current = []
		current.append((word, speaker))
	if current:
		utterances.append(_utterance(current, language))
	return utterances


def _ends(current, word, speaker, other_starts):
	last, first = current[-1][0], current[0][0]
	gap, length = word.start - last.end, last.end - first.start
	if speaker != current[-1][1] or gap > PAUSE:
		return True
	if gap > BREATH and bisect_right(other_starts, word.start) > bisect_right(other_starts, last.end - 0.1):
		return True
	if length > LONG and last.text.endswith(SENTENCE_ENDS):
		return True
	return length > LONGEST and (last.text.endswith(CLAUSE_ENDS) or gap > 0.2 or length > 1.5 * LONGEST)


def _utterance(named, language):
	words = [word for word, _ in named]
	return Utterance(
		start=words[0].start,
		end=max(word.end for word in words),
		speaker=named[0][1],
		channel=words[0].channel,
		text=("" if language in WITHOUT_SPACES else " ").join(word.text for word in words),
		confidence=sum(word.probability for word in words) / len(words),
		words=words,
	)


def words_from_json(words):
	"""words: the list in words.json -> list of Word"""
	return [Word(w["start"], w["end"], w["text"], w["probability"], w["channel"]) for w in words]
