"""A snapshot of a transcript, loaded once for everything that is derived from it: preview, statistics, mentions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import frappe
from frappe.utils import cint, flt

from call_intelligence.engine.types import Segment, Turn
from call_intelligence.transcript import UNKNOWN_SPEAKER


class Words(Sequence):
	"""The words of an utterance, decoded on first access, since most are never needed."""

	__slots__ = ("_json", "_words")

	def __init__(self, text: str | None):
		self._json = text
		self._words: list[list] | None = None

	def _read(self) -> list[list]:
		if self._words is None:
			self._words = words_of(self._json)
		return self._words

	def __len__(self):
		return len(self._read())

	def __getitem__(self, index):
		return self._read()[index]

	def __iter__(self):
		return iter(self._read())


@dataclass(frozen=True)
class Reading:
	"""A snapshot of a transcript. All times are seconds.

	version: of the transcript, read before the rest. segments: in order, with their words as `Words`.
	turns: of the diarizer, [] without one. sides: {speaker key: "Owner", "Customer" or "Unknown"}.
	"""

	call: str
	recording: str
	version: int
	duration: float
	language: str | None
	segments: list[Segment] = field(repr=False)
	turns: list[Turn] = field(repr=False)
	sides: dict[str, str]


def read_transcript(call: str, recording: str) -> Reading:
	row = frappe.db.get_value(
		"Call Recording",
		recording,
		["transcript_version", "duration", "language", "speaker_turns"],
		as_dict=True,
	)
	return Reading(
		call=call,
		recording=recording,
		version=cint(row.transcript_version),
		duration=flt(row.duration),
		language=row.language or None,
		segments=read_segments([recording])[recording],
		turns=[
			Turn(turn["start"], turn["end"], turn["speaker"])
			for turn in json.loads(row.speaker_turns or "[]")
		],
		sides=_sides(call),
	)


def read_segments(recordings: list[str], all_words: bool = False) -> dict[str, list[Segment]]:
	"""{recording: its segments in order}, with one query for all. all_words: lists instead of `Words`, which is faster if all
	words are needed."""
	found: dict[str, list[Segment]] = {recording: [] for recording in recordings}
	table = frappe.qb.DocType("Transcript Segment")
	rows = (
		frappe.qb.from_(table)
		.select(
			table.recording,
			table.name,
			table.start_seconds,
			table.end_seconds,
			table.speaker_key,
			table.text,
			table.words,
		)
		.where(table.recording.isin(recordings))
		.orderby(table.recording, table.position)
	).run()
	stored = [row[-1] for row in rows]
	for (recording, name, start, end, speaker, text, _words), words in zip(
		rows, decoded(stored) if all_words else map(Words, stored), strict=True
	):
		found[recording].append(Segment(name, start, end, speaker or UNKNOWN_SPEAKER, text or "", words))
	return found


def decoded(texts: list[str | None]) -> list[list]:
	"""The words of each utterance; [] where they are not valid JSON"""
	try:
		# parsing one text is faster than parsing thousands
		found = json.loads(f"[{','.join(text or '[]' for text in texts)}]")
		if len(found) == len(texts):
			return found
	except ValueError:
		pass
	return [words_of(text) for text in texts]


def words_of(text: str | None) -> list:
	try:
		words = json.loads(text or "[]")
	except ValueError:
		return []
	return words if isinstance(words, list) else []


def _sides(call: str) -> dict[str, str]:
	participant = frappe.qb.DocType("Call Participant")
	rows = (
		frappe.qb.from_(participant)
		.select(participant.speaker_key, participant.side)
		.where((participant.parent == call) & (participant.parenttype == "Call"))
		.where(participant.speaker_key != "")
		# a locking read, because a change of sides since the transaction's snapshot would not be noticed later
		.for_update()
	).run()
	return {key: side or "Unknown" for key, side in rows}
