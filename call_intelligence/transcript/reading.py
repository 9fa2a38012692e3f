"""One reading of a call's transcript, for all that is told about it: preview, statistics, mentions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import frappe
from frappe.utils import cint, flt

from call_intelligence.engine.types import Turn
from call_intelligence.transcript import UNKNOWN_SPEAKER


class Words(Sequence):
	"""[[start, end, text, probability], ...] of an utterance, decoded when somebody looks at them: most never are."""

	__slots__ = ("_json", "_words")

	def __init__(self, text: str | None):
		self._json, self._words = text, None

	def _read(self) -> list[list]:
		if self._words is None:
			self._words = json.loads(self._json or "[]")
		return self._words

	def __len__(self):
		return len(self._read())

	def __getitem__(self, index):
		return self._read()[index]

	def __iter__(self):
		return iter(self._read())


@dataclass(frozen=True)
class Reading:
	"""Seconds throughout.

	version: of the transcript, read before the rest. segments: [[name, start, end, speaker key, text, Words], ...] in their order.
	turns: as the voices were told apart, [] where they were not. sides: {speaker key: "Owner", "Customer" or "Unknown"}.
	"""

	call: str
	recording: str
	version: int
	duration: float
	language: str | None
	segments: list[list] = field(repr=False)
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
		segments=_segments(recording),
		turns=[
			Turn(turn["start"], turn["end"], turn["speaker"])
			for turn in json.loads(row.speaker_turns or "[]")
		],
		sides=_sides(call),
	)


def _segments(recording: str) -> list[list]:
	segment = frappe.qb.DocType("Transcript Segment")
	rows = (
		frappe.qb.from_(segment)
		.select(
			segment.name,
			segment.start_seconds,
			segment.end_seconds,
			segment.speaker_key,
			segment.text,
			segment.words,
		)
		.where(segment.recording == recording)
		.orderby(segment.position)
	).run()
	return [
		[name, start, end, speaker or UNKNOWN_SPEAKER, text or "", Words(words)]
		for name, start, end, speaker, text, words in rows
	]


def _sides(call: str) -> dict[str, str]:
	participant = frappe.qb.DocType("Call Participant")
	rows = (
		frappe.qb.from_(participant)
		.select(participant.speaker_key, participant.side)
		.where((participant.parent == call) & (participant.parenttype == "Call"))
		.where(participant.speaker_key != "")
		# as they are now: nothing would find out later that somebody has said otherwise since the transaction began
		.for_update()
	).run()
	return {key: side or "Unknown" for key, side in rows}
