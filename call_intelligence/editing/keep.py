"""Keeps corrections when a recording is processed again. Doesn't use the database."""

from call_intelligence.editing import rows

UNKNOWN = "unknown"


def keep(edited: list[dict], utterances: list[dict]) -> list[dict]:
	"""Merge edited rows into the utterances of a new run.

	edited: rows (editing/rows.py) with a flag, with the speaker keys of `utterances` -> utterances in order: edited stretches as users
	left them, the rest from the new run.
	"""
	found = [dict(utterance) for utterance in utterances]
	kept: list[dict] = []
	for row in edited:
		found, inside = take_out(found, row)
		kept += settled(row, inside)
	return sorted([*found, *kept], key=lambda utterance: (utterance["start"], utterance["end"]))


def take_out(utterances: list[dict], row: dict) -> tuple[list[dict], list[tuple[list, str]]]:
	"""-> (the utterances without the words within the row's stretch, those words with their speakers)"""
	left, inside = [], []
	for utterance in utterances:
		apart = utterance["end"] <= row["start"] or utterance["start"] >= row["end"]
		if apart or (utterance.get("channel") or 0) != (row.get("channel") or 0):
			left.append(utterance)
			continue
		if not utterance["words"]:
			shared = min(utterance["end"], row["end"]) - max(utterance["start"], row["start"])
			if 2 * shared < utterance["end"] - utterance["start"] or (
				row["words"] and not row["text_edited"]
			):
				left.append(utterance)
			else:
				# a user has typed the words of this gap, or set its speaker
				inside.append(([utterance["start"], utterance["end"], "", 0.0], utterance["speaker"]))
			continue
		run: list[list] = []
		runs = [run]
		for word in utterance["words"]:
			if row["start"] <= (word[0] + word[1]) / 2 <= row["end"]:
				inside.append((word, utterance["speaker"]))
				run = []
				runs.append(run)
			else:
				run.append(word)
		if len(runs) == 1:
			left.append(utterance)
			continue
		for words in filter(None, runs):
			left.append(stretch({**utterance, "name": None}, words))
	return left, inside


def stretch(utterance: dict, words: list[list]) -> dict:
	return {
		**rows.part(utterance, words),
		"start": words[0][0],
		"end": max(word[1] for word in words),
	}


def settled(row: dict, inside: list[tuple[list, str]]) -> list[dict]:
	"""The utterances of one edited stretch; inside: the new run's words in it"""
	if not row["text_edited"]:
		if not inside:
			# the new run has no words there: drop the row
			return []
		words = [word for word, _speaker in inside if word[2]]
		if not words:
			return [row if row["speaker_edited"] else {**row, "speaker": most_heard(inside)}]
		row = {**stretch(row, words), "start": row["start"], "end": row["end"]}
	if row["speaker_edited"]:
		return [row]
	if row["limits_edited"]:
		return [{**row, "speaker": most_heard(inside)}]
	return by_speaker(row, inside)


def most_heard(inside: list[tuple[list, str]]) -> str:
	seconds: dict[str, float] = {}
	for word, speaker in inside:
		seconds[speaker] = seconds.get(speaker, 0) + max(word[1] - word[0], 0.01)
	return max(seconds, key=seconds.__getitem__) if seconds else UNKNOWN


def by_speaker(row: dict, inside: list[tuple[list, str]]) -> list[dict]:
	"""Split corrected words by the new run's speakers, since a corrected text doesn't determine the speaker."""
	named = [(word, speaker_at(word, inside)) for word in row["words"]]
	runs: list[list] = []
	for word, speaker in named:
		if not runs or runs[-1][0] != speaker:
			runs.append([speaker, []])
		runs[-1][1].append(word)
	if len(runs) < 2:
		return [{**row, "speaker": runs[0][0] if runs else most_heard(inside)}]
	return [
		{**stretch(row, words), "speaker": speaker, "name": None if number else row["name"]}
		for number, (speaker, words) in enumerate(runs)
	]


def speaker_at(word: list, inside: list[tuple[list, str]]) -> str:
	"""The speaker of the nearest word of the new run"""

	def distance(entry: tuple[list, str]) -> tuple[float, float]:
		other = entry[0]
		gap = max(other[0] - word[1], word[0] - other[1])
		return (gap, abs(other[0] + other[1] - word[0] - word[1]))

	return min(inside, key=distance)[1] if inside else UNKNOWN
