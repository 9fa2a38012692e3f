"""Which voice of a new diarization is which of the last one, so that names stay with the voices that they were given to."""

CERTAIN = 0.5  # share of the shorter voice's speech that both must have in common


def same_voices(before: list[dict], after: list[dict]) -> dict[str, str]:
	"""Speaker turns [{"start", "end", "speaker"}] of two runs -> {new speaker key: old one}, each at most once.

	Voices are paired by the seconds in which both are heard, the surest pair first; unsure ones are left out.
	"""
	pairs = sorted(overlaps(before, after).items(), key=lambda pair: -pair[1])
	length_before, length_after = lengths(before), lengths(after)
	same: dict[str, str] = {}
	for (old, new), seconds in pairs:
		certain = seconds >= CERTAIN * min(length_before[old], length_after[new])
		if certain and new not in same and old not in same.values():
			same[new] = old
	return same


def lengths(turns: list[dict]) -> dict[str, float]:
	"""{speaker: seconds}"""
	found: dict[str, float] = {}
	for turn in turns:
		found[turn["speaker"]] = found.get(turn["speaker"], 0) + turn["end"] - turn["start"]
	return found


def overlaps(before: list[dict], after: list[dict]) -> dict[tuple[str, str], float]:
	"""{(old speaker, new speaker): seconds in which both speak}"""
	found: dict[tuple[str, str], float] = {}
	before = sorted(before, key=lambda turn: turn["start"])
	first = 0
	for turn in sorted(after, key=lambda turn: turn["start"]):
		# turns of one run hardly overlap each other: what ended a minute ago is of no use any more
		while first < len(before) and before[first]["end"] < turn["start"] - 60:
			first += 1
		for old in before[first:]:
			if old["start"] >= turn["end"]:
				break
			seconds = min(old["end"], turn["end"]) - max(old["start"], turn["start"])
			if seconds > 0:
				key = (old["speaker"], turn["speaker"])
				found[key] = found.get(key, 0) + seconds
	return found
