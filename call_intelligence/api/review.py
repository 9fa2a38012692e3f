"""Everything the review of one call needs, in one request."""

import json

import frappe
from frappe.utils import cint, flt, get_fullname

from call_intelligence import statistics, transcript
from call_intelligence.api.arguments import checked
from call_intelligence.api.calls import may_be_retried
from call_intelligence.api.media import media_url
from call_intelligence.api.panels import associations
from call_intelligence.core import live
from call_intelligence.discussion import comments, notes
from call_intelligence.editing.summary import summary_of_edits
from call_intelligence.people import participants
from call_intelligence.permissions import check_can_see, may_edit
from call_intelligence.queue import wake
from call_intelligence.queue.stages import is_finished
from call_intelligence.speech import messages, warnings
from call_intelligence.terms.describe import describe_terms

CALL_FIELDS = (
	"name", "title", "direction", "start_time", "duration", "call_owner", "status", "progress", "language", "error",
	"warning", "next_attempt_at",
)  # fmt: skip


@frappe.whitelist(methods=["GET"])
@checked()
def get(call: str, transcript_version: str | None = None) -> dict:
	"""Data for the first view of a Call's review.

	transcript_version: of the answer that the client has; if it is still current, segments and the peaks' data are null.

	-> {"call": {...}, "permissions": {"write", "retry"}, "recording": {... "peaks": {"per_second", "count", "data"}} or None,
	"speakers": [{"key", "name", "side", "talk_seconds", "talk_share"}],
	"segments": [[name, start, end, speaker key, text, words, channel?, language?], ...] in seconds,
	"stages": [{"stage", "state", "seconds", "peak_memory_mb", "attempts", "error"}], "transcript_version",
	"edits": {"count", "segments": names of utterances that people have corrected},
	"comments": see comments.get, "notes": see notes.get, "statistics": see statistics/describe.py, or None,
	"associations": see associations.describe, "participants": see people/participants.py,
	"terms": see terms.get, None without the seat}
	"""
	check_can_see(call)
	doc = frappe.get_doc("Call", call)
	if not is_finished(doc.status):
		wake.sweep_soon()
	recording = transcript.recording_of(call)
	editable = may_edit(doc)
	live.watch("Call", call)
	version = recording and transcript.version(recording)
	unchanged = bool(version) and version == transcript_version
	return {
		"call": {field: doc.get(field) for field in CALL_FIELDS}
		| {"call_owner_name": get_fullname(doc.call_owner)},
		"permissions": {"write": editable, "retry": editable and may_be_retried(doc)},
		"recording": recording and describe(recording, with_peaks=not unchanged),
		"speakers": transcript.speakers(call),
		"segments": segments_of(recording, unchanged),
		"transcript_version": version,
		"stages": stages(recording) if recording else [],
		"edits": summary_of_edits(recording) if recording else {"count": 0, "segments": []},
		"comments": comments.describe(call),
		"notes": notes.read(call),
		"statistics": statistics.describe(call),
		"associations": associations.describe(call),
		"participants": participants.describe(call),
		"terms": describe_terms(call),
	}


def segments_of(recording: str | None, unchanged: bool) -> list | None:
	if unchanged:
		return None
	return transcript.segments(recording) if recording else []


def describe(recording: str, with_peaks: bool = True) -> dict:
	row = frappe.db.get_value(
		"Call Recording",
		recording,
		[
			"name",
			"kind",
			"duration",
			"file_name",
			"stage",
			"peaks",
			"speaker_method",
			"speaker_offers",
			"channels",
		],
		as_dict=True,
	)
	found = [
		(entry["code"], messages.warning_text(entry["code"], entry.get("params")))
		for entry in warnings.read(recording)
	]
	return {
		"name": row.name,
		"kind": row.kind,
		"duration": flt(row.duration),
		"file_name": row.file_name,
		"media_url": media_url(recording),
		# unknown until the recording has been prepared
		"playable": bool(row.peaks),
		"peaks": json.loads(row.peaks) if row.peaks and with_peaks else None,
		"stage": row.stage,
		"warnings": [text for _code, text in found if text],
		"speaker_method": row.speaker_method,
		# {number of speakers: the share of the speech that each would have}
		"speaker_offers": json.loads(row.speaker_offers or "{}"),
		"channels": cint(row.channels),
	}


def stages(recording: str) -> list[dict]:
	"""Of the newest Processing Run"""
	run = frappe.get_all(
		"Processing Run", filters={"recording": recording}, order_by="creation desc", limit=1, pluck="name"
	)
	return frappe.get_all(
		"Processing Run Stage",
		filters={"parent": run[0] if run else ""},
		fields=["stage", "state", "seconds", "peak_memory_mb", "attempts", "error"],
		order_by="idx",
	)
