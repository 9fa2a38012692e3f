"""Talk time of each voice after edits, computed as in the statistics. Doesn't use the database."""

from call_intelligence.engine.stats.spans import milliseconds
from call_intelligence.engine.stats.speech import Said, speech_of


def talk_seconds(turns: list[dict], utterances: list[dict]) -> dict[str, float]:
	"""turns: [{"start", "end", "speaker"}] of the diarizer; utterances: [{"start", "end", "speaker"}] -> {speaker key:
	seconds} of the voices in the transcript, including "unknown"
	"""
	speech = speech_of(_spans(utterances), _spans(turns))
	return {
		row["speaker"]: speech[row["speaker"]].total / 1000 if row["speaker"] in speech else 0.0
		for row in utterances
	}


def _spans(rows: list[dict]) -> list[Said]:
	return [(milliseconds(row["start"]), milliseconds(row["end"]), row["speaker"]) for row in rows]
