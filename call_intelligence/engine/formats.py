"""Writes a transcript as json, vtt, srt, txt or rttm. Pure functions, standard library only."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass

from .spacing import joined
from .types import UNKNOWN, Utterance

FORMATS = {
	"json": "application/json",
	"vtt": "text/vtt",
	"srt": "application/x-subrip",
	"txt": "text/plain",
	"rttm": "text/plain",
}  # and their media types

LINE = 42  # characters of a subtitle's line
CUE_SECONDS = 7.0  # longest cue; longer utterances become several cues


def render(
	utterances: list[Utterance] | list[dict],
	format: str,
	speaker_names: dict[str, str] | None = None,
	gap: str = "(not understood)",
) -> str:
	"""utterances: dicts as in utterances.json; format: a key of FORMATS; speaker_names: {key: name}, keys without one become
	"Speaker 1" or "Unknown"; gap: text for gaps in txt. Raises KeyError for another format."""
	rows = [_as_dict(utterance) for utterance in utterances]
	if format == "txt":
		rows = [{**row, "text": row["text"] or gap} for row in rows]
	names = dict(speaker_names or {})
	for row in rows:
		if not names.get(row["speaker"]):
			names[row["speaker"]] = _default_name(row["speaker"])
	return {"json": _json, "vtt": _vtt, "srt": _srt, "txt": _txt, "rttm": _rttm}[format](rows, names)


def _json(rows: list[dict], names: dict[str, str]) -> str:
	return json.dumps(
		{
			"speakers": {key: names[key] for key in dict.fromkeys(row["speaker"] for row in rows)},
			"utterances": [{**row, "speaker_name": names[row["speaker"]]} for row in rows],
		},
		ensure_ascii=False,
		indent=1,
	)


def _vtt(rows: list[dict], names: dict[str, str]) -> str:
	"""https://www.w3.org/TR/webvtt1/, with voice spans and without text that could end a cue or open a tag."""
	cues = ["WEBVTT\n"]
	for row in rows:
		voice = _one_line(_escaped(names[row["speaker"]])) or "Unknown"
		for start, end, text in _cues(row):
			if words := _one_line(text):
				cues.append(
					f"{_clock(start, '.')} --> {_clock(end, '.')}\n<v {voice}>{_escaped(words)}</v>\n"
				)
	return "\n".join(cues)


def _srt(rows: list[dict], names: dict[str, str]) -> str:
	cues: list[str] = []
	last = None
	for row in rows:
		for start, end, text in _cues(row):
			if not text.strip():
				continue
			who = "" if row["speaker"] == last else f"{_one_line(names[row['speaker']])}: "
			last = row["speaker"]
			# an arrow would make the line a line of times
			words = _wrapped(re.sub("-{2,}>", "->", _one_line(who + text)))
			cues.append(f"{len(cues) + 1}\n{_clock(start, ',')} --> {_clock(end, ',')}\n{words}\n")
	return "\n".join(cues)


def _txt(rows: list[dict], names: dict[str, str]) -> str:
	return "".join(
		f"[{_short_clock(row['start'])}] {_one_line(names[row['speaker']])}: {_one_line(row['text'])}\n"
		for row in rows
	)


def _rttm(rows: list[dict], names: dict[str, str]) -> str:
	"""NIST RTTM: one SPEAKER line per utterance; a field can't contain a space. Unknown speakers are left out."""
	return "".join(
		f"SPEAKER call 1 {row['start']:.3f} {max(0.01, row['end'] - row['start']):.3f} <NA> <NA> "
		f"{_label(names[row['speaker']])} <NA> <NA>\n"
		for row in rows
		if row["speaker"] != UNKNOWN
	)


def _cues(row: dict) -> Iterator[tuple[float, float, str]]:
	"""-> (start, end, text), hardly longer than CUE_SECONDS, cut at the end of sentences and clauses and at pauses"""
	words = row.get("words") or []
	if row["end"] - row["start"] <= CUE_SECONDS or len(words) < 2:
		yield row["start"], _after(row["start"], row["end"]), row["text"]
		return
	current = []
	for index, word in enumerate(words):
		current.append(word)
		following = words[index + 1] if index + 1 < len(words) else None
		spent = word[1] - current[0][0]
		at_end = word[2].endswith((".", "?", "!", "。", "？", "！"))
		at_pause = word[2].endswith((",", ";", ":", "，")) or (following and following[0] - word[1] > 0.3)
		if (
			following is None
			or (spent > CUE_SECONDS / 2 and at_end)
			or (spent > CUE_SECONDS * 0.7 and at_pause)
			or following[1] - current[0][0] > CUE_SECONDS
		):
			yield current[0][0], _after(current[0][0], word[1]), joined(current)
			current = []


def _after(start: float, end: float) -> float:
	"""A cue must end after its start."""
	return max(end, start + 0.1)


def _as_dict(utterance: Utterance | dict) -> dict:
	if not is_dataclass(utterance):
		return utterance
	if hasattr(utterance, "as_json"):
		return utterance.as_json()
	return asdict(utterance)


def _default_name(key: str | None) -> str:
	number = re.fullmatch(r"S(\d+)", key or "")
	return f"Speaker {number.group(1)}" if number else "Unknown"


def _one_line(text: str) -> str:
	return re.sub(r"\s+", " ", text).strip()


def _escaped(text: str) -> str:
	return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _wrapped(text: str) -> str:
	"""Break a long line near the middle; text without spaces is not broken."""
	if len(text) <= LINE or " " not in text:
		return text
	spaces = [match.start() for match in re.finditer(" ", text)]
	cut = min(spaces, key=lambda at: abs(at - len(text) / 2))
	return text[:cut] + "\n" + text[cut + 1 :]


def _clock(seconds: float, point: str) -> str:
	thousandths = round(seconds * 1000)
	hours, rest = divmod(thousandths, 3_600_000)
	minutes, rest = divmod(rest, 60_000)
	return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"


def _short_clock(seconds: float) -> str:
	whole = int(seconds)
	hours, minutes = whole // 3600, whole // 60 % 60
	return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def _label(name: str) -> str:
	return re.sub(r"\s+", "_", name.strip()) or "unknown"
