"""The changes of edits to utterances, without the database. A row is a dict as in ROW.

Times are seconds; words are as in engine/spacing.py, empty for a gap. The flags are those of transcript/table.py.
"""

from call_intelligence.editing import wording
from call_intelligence.engine.spacing import joined
from call_intelligence.transcript.table import FLAGS

ROW = ("name", "start", "end", "channel", "speaker", "text", "words", "confidence", "language")


def is_edited(row: dict) -> bool:
	return any(row.get(flag) for flag in FLAGS)


def confidence_of(words: list[list]) -> float:
	return round(sum(word[3] for word in words) / len(words), 3) if words else 0.0


def corrected(row: dict, text: str) -> dict:
	"""text: see words.clean; not empty"""
	words = wording.retime(text, row["words"], row["start"], row["end"])
	return {
		**row,
		"text": joined(words),
		"words": words,
		"confidence": confidence_of(words),
		"text_edited": 1,
	}


def part(row: dict, words: list[list]) -> dict:
	return {
		**row,
		"text": joined(words),
		"words": words,
		"confidence": confidence_of(words),
	}


def split(row: dict, at: int, name: str) -> list[dict]:
	"""Split before word number `at`; the second part gets the name `name`."""
	first, second = row["words"][:at], row["words"][at:]
	return [
		{**part(row, first), "end": max(word[1] for word in first), "limits_edited": 1},
		{**part(row, second), "start": second[0][0], "name": name, "limits_edited": 1},
	]


def merged(one: dict, other: dict) -> dict:
	"""Join two neighbours into one utterance by the first one's speaker."""
	words = sorted(one["words"] + other["words"], key=lambda word: word[0])
	return {
		**part(one, words),
		"start": min(one["start"], other["start"]),
		"end": max(one["end"], other["end"]),
		"text_edited": one["text_edited"] or other["text_edited"],
		"speaker_edited": one["speaker_edited"] or int(one["speaker"] != other["speaker"]),
		"limits_edited": 1,
	}
