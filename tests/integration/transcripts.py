"""Helpers to read and edit a transcript in tests."""

import json

import frappe

from call_intelligence import transcript
from call_intelligence.api import transcript as api
from tests import factories

TEXTS = [row[3] for row in factories.TRANSCRIPT]


def segments(call):
	return transcript.segments(transcript.recording_of(call))


def name_at(call, index):
	return segments(call)[index][0]


def texts(call):
	return [row[4] for row in segments(call)]


def keys(call):
	return [row[3] for row in segments(call)]


def positions(call):
	return frappe.get_all("Transcript Segment", filters={"call": call}, order_by="position", pluck="position")


def talk(call):
	return {row["key"]: row["talk_seconds"] for row in transcript.speakers(call)}


def last_edit(call):
	return api.history(call)[0]["name"]


def on_recording(call, field):
	return frappe.db.get_value("Call Recording", {"call": call}, field)


def with_turns(call, method="pyannote"):
	turns = [{"start": row[1], "end": row[2], "speaker": row[0]} for row in factories.TRANSCRIPT]
	frappe.db.set_value(
		"Call Recording", {"call": call}, {"speaker_turns": json.dumps(turns), "speaker_method": method}
	)
