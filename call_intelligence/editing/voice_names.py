"""Maps the voices of a new diarization to those of the last one, so that voices keep their names."""

from collections.abc import Iterable
from dataclasses import dataclass

CERTAIN = 0.5  # share of the shorter voice's speech that must overlap


@dataclass
class Named:
	"""A new diarization with the speaker keys mapped and users' merges applied"""

	turns: list[dict]
	speakers: list[dict]
	utterances: list[dict]
	edited: list[dict]
	same: dict[str, str]  # {key now: key before}


def name_voices(
	found: dict, turns: list[dict], before: list[dict], edited: list[dict], merged: bool
) -> Named:
	"""found: {"speakers": [{"key", "talk_seconds"}], "utterances"} and turns of the new run; before: turns of the last run,
	with `was` for voices that users merged; edited: rows of editing/rows.py, with the keys of `before`.

	With `merged`, voices that users merged are merged again. A speaker whom a user set for an edited row is kept even if the
	new run does not find them.
	"""
	own = [{**turn, "speaker": turn.get("was") or turn["speaker"]} for turn in before]
	heir_of = {turn["was"]: turn["speaker"] for turn in before if turn.get("was")} if merged else {}
	same = {new: heir_of.get(old, old) for new, old in same_voices(own, turns).items()}
	# if several voices are one person, the one with most speech represents them
	talk = lengths(turns)
	one_of: dict[str, str] = {}
	for new in sorted(same, key=lambda key: -talk.get(key, 0)):
		one_of.setdefault(same[new], new)
	called = {new: one_of[old] for new, old in same.items()}
	same = {new: old for old, new in one_of.items()}

	speakers = [
		dict(speaker)
		for speaker in found["speakers"]
		if called.get(speaker["key"], speaker["key"]) == speaker["key"]
	]
	by_key = {speaker["key"]: speaker for speaker in speakers}
	for speaker in found["speakers"]:
		heir = called.get(speaker["key"], speaker["key"])
		if heir != speaker["key"] and heir in by_key:
			by_key[heir]["talk_seconds"] += speaker["talk_seconds"]

	now_of = {old: new for new, old in same.items()}
	used = {*by_key, *talk}
	for row in edited:
		key = row["speaker"]
		if key == "unknown" or key in now_of or not row["speaker_edited"]:
			continue
		now_of[key] = key if key not in used else free_key(used)
		used.add(now_of[key])
		same[now_of[key]] = key
		speakers.append({"key": now_of[key], "talk_seconds": 0})
	return Named(
		turns=[
			{**turn, "speaker": called[turn["speaker"]], "was": turn["speaker"]}
			if called.get(turn["speaker"], turn["speaker"]) != turn["speaker"]
			else turn
			for turn in turns
		],
		speakers=speakers,
		utterances=[
			{**row, "speaker": called.get(row["speaker"], row["speaker"])} for row in found["utterances"]
		],
		edited=[{**row, "speaker": now_of.get(row["speaker"], row["speaker"])} for row in edited],
		same=same,
	)


def free_key(keys: Iterable[str | None]) -> str:
	"""The key after the highest one: S1, S2, ..."""
	numbers = [int(key[1:]) for key in keys if key and key[0] == "S" and key[1:].isdigit()]
	return f"S{max(numbers, default=0) + 1}"


def same_voices(before: list[dict], after: list[dict]) -> dict[str, str]:
	"""Speaker turns [{"start", "end", "speaker"}] of two runs -> {new speaker key: old one}, each at most once.

	Voices are paired by the seconds of overlap, the longest first; uncertain pairs are left out.
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
		# turns of one run hardly overlap: skip those that ended a minute ago
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
