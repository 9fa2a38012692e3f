"""Finds who speaks when. Each method has its own file and returns Turns."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..types import EngineError, Speaker, Turn, Turns, warning


def diarize(
	prepared: dict,
	words: dict,
	work: Path,
	diarizer: str = "auto",
	progress: Callable[[float], None] = lambda fraction: None,
	**options: Any,
) -> Turns:
	"""prepared, words: dicts of prepare.json and words.json; work: folder with the speech files.

	diarizer: auto, off, channels, pyannote or labels. options: model, models, token, speakers, device, labels (see the methods' files).
	If a diarizer is missing or fails, the result is one speaker and a warning, so that the transcript isn't lost.
	"""
	if diarizer == "off":
		return single(words, [warning("diarization_off")])
	if not (words["words"] or words.get("gaps")):
		return single(words, [])
	if diarizer == "auto":
		diarizer = (
			"labels" if options.get("labels") else "channels" if len(prepared["speech"]) == 2 else "pyannote"
		)
	try:
		if diarizer == "labels":
			from .labels import by_labels

			return by_labels(options["labels"])
		if diarizer == "channels":
			from .channels import by_channels

			if len(prepared["speech"]) != 2:
				return single(
					words,
					[warning("diarizer_failed", reason="the recording has one channel for all speakers")],
				)
			return by_channels(words)
		from .pyannote import by_pyannote

		return by_pyannote(
			[work / name for name in prepared["speech"]], progress=progress, **_for_pyannote(options)
		)
	except EngineError as error:
		if error.code in ("time_limit", "out_of_memory"):
			raise
		code = error.code if error.code == "diarizer_missing" else "diarizer_failed"
		return single(words, [warning(code, reason=error.detail or error.code)])


def single(words: dict, warnings: list[dict]) -> Turns:
	"""Turns with a single speaker"""
	turns = [Turn(start, end, "S1") for start, end, _ in words.get("speech", [])]
	talk = sum(turn.end - turn.start for turn in turns)
	somebody = words["words"] or words.get("gaps")
	return Turns("single", turns, [Speaker("S1", talk_seconds=talk)] if somebody else [], warnings)


def _for_pyannote(options: dict[str, Any]) -> dict[str, Any]:
	return {
		key: options[key]
		for key in ("model", "models", "token", "speakers", "threads", "device")
		if key in options
	}
