"""What is told about a call's transcript, made of what the transcript is now: preview, statistics, mentions of tracked terms."""

import json

import frappe

from call_intelligence import live, transcript

PREVIEW_UTTERANCES = 3


def store(call: str, recording: str) -> None:
	"""The last stage of processing, and after each edit: see jobs/analyse.py. Does not commit."""
	# read first: an edit that comes meanwhile leaves the figures behind, and they are made once more
	version = frappe.db.get_value("Call Recording", recording, "transcript_version")
	store_preview(call, recording)
	frappe.db.set_value("Call Recording", recording, "analysed_version", version, update_modified=False)


def sides_changed(call: str) -> None:
	"""Somebody has said who a voice is, or on which side: what depends on it is told anew, at once. Does not commit."""
	recording = transcript.recording_of(call)
	if recording:
		store(call, recording)
	live.call_changed(call)


def store_preview(call: str, recording: str) -> None:
	"""What the timeline shows of a call without reading its transcript."""
	first = frappe.get_all(
		"Transcript Segment",
		filters={"recording": recording},
		fields=["speaker_key as speaker", "text", "start_seconds as start"],
		order_by="position",
		limit=PREVIEW_UTTERANCES,
	)
	preview = [{**row, "text": row.text[:300]} for row in first]
	frappe.db.set_value("Call", call, "preview", json.dumps(preview), update_modified=False)
