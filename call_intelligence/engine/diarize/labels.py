"""Reads speaker labels delivered with the recording: WebVTT with voices (Zoom), RTTM, or JSON turns."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

from ..types import EngineError, Speaker, Turn, Turns

TIME = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})")
CUE = re.compile(rf"^\s*{TIME.pattern}\s+-->\s+{TIME.pattern}(?:\s|$)")
VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
NAME = re.compile(r"^([^:<>]{1,60}):\s+\S")  # "Daniel Fox: Good morning", as Zoom writes it


def by_labels(path: str | Path) -> Turns:
	"""path: .vtt, .rttm or .json, detected by content -> turns with the labels as names. Raises EngineError diarizer_failed."""
	try:
		text = Path(path).read_text(encoding="utf-8-sig")
	except (OSError, UnicodeDecodeError) as error:
		raise EngineError("diarizer_failed", f"the labels can't be read: {error}") from error
	parse = (
		_json if text.lstrip()[:1] in ("{", "[") else _vtt if text.lstrip().startswith("WEBVTT") else _rttm
	)
	try:
		named = sorted(parse(text))
	except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
		raise EngineError("diarizer_failed", f"the labels can't be understood: {error}") from error
	if not named:
		raise EngineError("diarizer_failed", "the labels name no speaker")
	speakers: dict[str, Speaker] = {}
	turns: list[Turn] = []
	for start, end, name in named:
		if name not in speakers:
			speakers[name] = Speaker(f"S{len(speakers) + 1}", name=name)
		speaker = speakers[name]
		speaker.talk_seconds += end - start
		if turns and turns[-1].speaker == speaker.key and start - turns[-1].end < 0.3:
			turns[-1].end = max(turns[-1].end, end)
		else:
			turns.append(Turn(start, end, speaker.key))
	return Turns("labels", turns, list(speakers.values()))


def _vtt(text: str) -> Iterator[tuple[float, float, str]]:
	for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
		lines = block.strip().split("\n")
		# the times are in the second line if the cue has a name; later lines are text
		for index, line in enumerate(lines[:2]):
			times = CUE.match(line)
			if not times:
				continue
			spoken = " ".join(lines[index + 1 :])
			voice = VOICE.search(spoken) or NAME.match(spoken)
			parts = times.groups()
			start, end = _seconds(*parts[:4]), _seconds(*parts[4:])
			if voice and end > start:
				yield start, end, html.unescape(voice.group(1)).strip()
			break


def _rttm(text: str) -> Iterator[tuple[float, float, str]]:
	for line in text.splitlines():
		fields = line.split()
		if len(fields) >= 8 and fields[0] == "SPEAKER":
			start, length = float(fields[3]), float(fields[4])
			if length > 0:
				yield start, start + length, fields[7].replace("_", " ")


def _json(text: str) -> Iterator[tuple[float, float, str]]:
	"""[{"start", "end", "speaker"}], or the same under "turns", "segments" (Podcasting 2.0: startTime, endTime) or "utterances"."""
	data = json.loads(text)
	if isinstance(data, dict):
		data = next((data[key] for key in ("turns", "segments", "utterances", "parsed") if key in data), ())
	for turn in data:
		start = float(turn.get("start", turn.get("startTime")))
		end = float(turn.get("end", turn.get("endTime")))
		name = turn.get("speaker") or turn.get("name")
		if name and end > start:
			yield start, end, str(name).strip()


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float:
	return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000
