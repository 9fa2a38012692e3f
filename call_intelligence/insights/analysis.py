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
	"""Runs as the last stage of processing and after each edit: see jobs/analyse.py. Does not commit."""
	# lock first: a search of older calls for new terms may be writing to it
	mentions.lock([recording])
	# reads the version first: if an edit is committed meanwhile, the data is outdated and computed again
	reading = read_transcript(call, recording)
	store_preview(reading)
	statistics.store(reading)
	mentions.store(reading)
	analysed(reading)


def analysed(reading: Reading) -> None:
	"""Compare with the current row, since a newer version may have been committed after the transcript was read."""
	recording = frappe.qb.DocType("Call Recording")
	behind = Case().when(recording.transcript_version > reading.version, 1).else_(0)
	(
		frappe.qb.update(recording)
		.set(recording.analysed_version, reading.version)
		.set(recording.analysis_due, behind)
		.where(recording.name == reading.recording)
	).run()


def sides_changed(call: str) -> None:
	"""Recompute data that depends on people and sides, after they changed. Does not commit."""
	recording = transcript.recording_of(call)
	if recording:
		mentions.lock([recording])
		reading = read_transcript(call, recording)
		statistics.store(reading)
		mentions.follow_sides(reading)
	live.call_changed(call)


def store_preview(reading: Reading) -> None:
	"""Store what the timeline shows of the transcript without loading it."""
	said = [segment for segment in reading.segments if segment.text]
	preview = [
		{"speaker": segment.speaker, "text": segment.text[:300], "start": segment.start}
		for segment in said[:PREVIEW_UTTERANCES]
	]
	writing.set_value("Call", reading.call, "preview", json.dumps(preview), update_modified=False)
