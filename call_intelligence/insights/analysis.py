"""Data derived from a transcript: preview, statistics, mentions of tracked terms."""

import json

import frappe
from pypika import Case

from call_intelligence import statistics, transcript
from call_intelligence.core import live, writing
from call_intelligence.terms import mentions
from call_intelligence.transcript.reading import Reading, read_transcript

PREVIEW_UTTERANCES = 3


def store(call: str, recording: str) -> None:
	"""The last stage of processing, and after each edit: see jobs/analyse.py. Does not commit."""
	# held first: a search of older calls for new terms may be at it
	mentions.lock([recording])
	# its version is read first: an edit that comes meanwhile leaves the figures behind, and they are made once more
	reading = read_transcript(call, recording)
	store_preview(reading)
	statistics.store(reading)
	mentions.store(reading)
	analysed(reading)


def analysed(reading: Reading) -> None:
	"""Decided by the row as it is now, since somebody may have committed a newer version after it was read."""
	recording = frappe.qb.DocType("Call Recording")
	behind = Case().when(recording.transcript_version > reading.version, 1).else_(0)
	(
		frappe.qb.update(recording)
		.set(recording.analysed_version, reading.version)
		.set(recording.analysis_due, behind)
		.where(recording.name == reading.recording)
	).run()


def sides_changed(call: str) -> None:
	"""Somebody has said who a voice is, or on which side: what depends on it is told anew, at once. Does not commit."""
	recording = transcript.recording_of(call)
	if recording:
		mentions.lock([recording])
		reading = read_transcript(call, recording)
		statistics.store(reading)
		mentions.follow_sides(reading)
	live.call_changed(call)


def store_preview(reading: Reading) -> None:
	"""What the timeline shows of a call without reading its transcript."""
	said = [segment for segment in reading.segments if segment.text]
	preview = [
		{"speaker": segment.speaker, "text": segment.text[:300], "start": segment.start}
		for segment in said[:PREVIEW_UTTERANCES]
	]
	writing.set_value("Call", reading.call, "preview", json.dumps(preview), update_modified=False)
