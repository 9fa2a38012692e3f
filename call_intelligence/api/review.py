"""What the review of one call needs, in one request."""

import hashlib
import json

import frappe
from frappe.utils import cint, flt, get_fullname

from call_intelligence import transcript
from call_intelligence.jobs import messages
from call_intelligence.jobs.results import read_warnings
from call_intelligence.jobs.stages import FAILED
from call_intelligence.permissions import check_can_see, may_edit

CALL_FIELDS = (
	"name", "title", "direction", "start_time", "duration", "call_owner", "status", "progress", "language", "error",
	"warning", "notes",
)  # fmt: skip


@frappe.whitelist(methods=["GET"])
def get(call: str) -> dict:
	"""What the review of the Call shows first.

	-> {"call": {...}, "permissions": {"write", "retry"}, "recording": {... "peaks": {"per_second", "count", "data"}} or None,
	"speakers": [{"key", "name", "side", "talk_seconds", "talk_share"}],
	"segments": [[name, start, end, speaker key, text, [[start, end, text, probability], ...]], ...] in seconds,
	"stages": [{"stage", "state", "seconds", "peak_memory_mb", "attempts", "error"}], "version"}
	"""
	check_can_see(call)
	doc = frappe.get_doc("Call", call)
	recording = transcript.recording_of(call)
	editable = may_edit(doc)
	answer = {
		"call": {field: doc.get(field) for field in CALL_FIELDS}
		| {"call_owner_name": get_fullname(doc.call_owner)},
		"permissions": {"write": editable, "retry": editable and doc.status == FAILED},
		"recording": recording and describe(recording),
		"speakers": transcript.speakers(call),
		"segments": transcript.segments(recording) if recording else [],
		"stages": stages(recording) if recording else [],
	}
	answer["version"] = hashlib.sha256(json.dumps(answer, default=str).encode()).hexdigest()[:16]
	return answer


def describe(recording: str) -> dict:
	row = frappe.db.get_value(
		"Call Recording",
		recording,
		["name", "kind", "duration", "file_name", "stage", "peaks", "speaker_method", "channels"],
		as_dict=True,
	)
	warnings = [
		(entry["code"], messages.warning_text(entry["code"], entry.get("params")))
		for entry in read_warnings(recording)
	]
	return {
		"name": row.name,
		"kind": row.kind,
		"duration": flt(row.duration),
		"file_name": row.file_name,
		"media_url": media_url(recording),
		# before it has been looked at nobody knows what the browser will make of it
		"playable": bool(row.peaks),
		"peaks": json.loads(row.peaks) if row.peaks else None,
		"stage": row.stage,
		"warnings": [text for _code, text in warnings if text],
		"speaker_method": row.speaker_method,
		"channels": cint(row.channels),
	}


def media_url(recording: str) -> str:
	return f"/api/method/call_intelligence.api.media.stream?recording={recording}"


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
