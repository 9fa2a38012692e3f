"""Files that the engine's stages pass to each other; they can always be recreated from File and database."""

import json
import os
import shutil
from pathlib import Path

import frappe

from call_intelligence.core.storage import work_folder
from call_intelligence.engine.spacing import is_glued
from call_intelligence.transcript import segments

WORD_KEYS = ("start", "end", "text", "probability")


def read(recording: str, name: str) -> dict:
	return json.loads((work_folder(recording) / name).read_text())


def write(recording: str, name: str, content: dict) -> None:
	folder = work_folder(recording)
	folder.mkdir(parents=True, exist_ok=True)
	temporary = folder / f"{name}.tmp"
	temporary.write_text(json.dumps(content))
	os.replace(temporary, folder / name)


def has_speech(recording: str) -> bool:
	folder = work_folder(recording)
	try:
		names = read(recording, "prepare.json")["speech"]
	except (OSError, ValueError, KeyError):
		return False
	return all((folder / name).exists() for name in names)


def restore_words(recording: str) -> None:
	"""Recreate words.json from the segments in the database if the file is missing."""
	if (work_folder(recording) / "words.json").exists():
		return
	words, gaps = [], []
	for _name, start, end, _speaker, text, said, *rest in segments(recording):
		channel = rest[0] if rest else 0
		language = rest[1] if len(rest) > 1 else None
		words += [
			{
				**dict(zip(WORD_KEYS, word, strict=False)),
				"channel": channel,
				"glued": is_glued(word),
				"language": language,
			}
			for word in said
		]
		if not text:
			gaps.append([start, end, channel])
	words.sort(key=lambda word: word["start"])
	about = frappe.db.get_value(
		"Call Recording", recording, ["language", "language_probability", "model"], as_dict=True
	)
	# the voice detector's result is lost, so speech is taken from the words and gaps
	speech = gaps + [[word["start"], word["end"], word["channel"]] for word in words]
	found = {**about, "words": words, "gaps": gaps, "speech": sorted(speech), "warnings": []}
	write(recording, "words.json", found)


def playback(recording: str) -> Path | None:
	name = read(recording, "prepare.json").get("playback")
	path = work_folder(recording) / name if name else None
	return path if path and path.exists() else None


def remove(recording: str) -> None:
	shutil.rmtree(work_folder(recording), ignore_errors=True)
