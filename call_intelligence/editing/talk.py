"""How long each voice talks, once people have had their say; nothing here knows the database."""

from collections import defaultdict


def talk_seconds(turns: list[dict], utterances: list[dict]) -> dict[str, float]:
	"""turns: [{"start", "end", "speaker"}] as the voices were told apart; utterances: [{"start", "end", "speaker",
	"speaker_edited"}] -> {speaker key: seconds} of the voices in the transcript

	Turns are the finer measure; what lies in an utterance that was given to somebody by hand is counted for them.
	"""
	heard = {row["speaker"] for row in utterances}
	seconds: dict[str, float] = defaultdict(float)
	if not turns:
		for row in utterances:
			seconds[row["speaker"]] += row["end"] - row["start"]
	for turn in turns:
		seconds[turn["speaker"]] += turn["end"] - turn["start"]
	turns = sorted(turns, key=lambda turn: turn["start"])
	first = 0
	for row in sorted((row for row in utterances if row["speaker_edited"]), key=lambda row: row["start"]):
		if not turns:
			break
		# as in voices.overlaps: a turn that ended a minute ago is of no use any more
		while first < len(turns) and turns[first]["end"] < row["start"] - 60:
			first += 1
		speaker, moved = heard_in(row, turns, first)
		if speaker != row["speaker"]:
			seconds[speaker] -= moved
			seconds[row["speaker"]] += moved
	return {key: max(round(seconds[key], 2), 0.0) for key in heard if key != "unknown"}


def heard_in(row: dict, turns: list[dict], first: int) -> tuple[str, float]:
	"""-> (who is mostly heard during the utterance, for how long); nobody, for as long as it lasts"""
	overlaps: dict[str, float] = defaultdict(float)
	for turn in turns[first:]:
		if turn["start"] >= row["end"]:
			break
		overlaps[turn["speaker"]] += max(min(turn["end"], row["end"]) - max(turn["start"], row["start"]), 0)
	speaker = max(overlaps, key=overlaps.get, default="unknown")
	return (speaker, overlaps[speaker]) if overlaps.get(speaker) else ("unknown", row["end"] - row["start"])
