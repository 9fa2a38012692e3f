"""How far a recording is: on the Call, on the Recording, and to everyone who has one of its records open."""

import frappe

from call_intelligence.jobs.stages import FAILED, READY, STAGES, overall_progress
from call_intelligence.linking import associated_records

EVENT = "call_intelligence_progress"


def show(call: str, recording: str, status: str, fraction: float = 0, **call_values) -> None:
	"""Write status and progress (fraction 0..1 of the stage) of a Call and its Recording and publish them after commit.

	call_values: error, warning ... to write on both.
	"""
	if status in STAGES:
		percent = overall_progress(status, fraction)
	else:
		percent = 100 if status == READY else 0
	values = dict(call_values)
	if status != FAILED:
		values["progress"] = percent
	frappe.db.set_value("Call", call, {"status": status, **values}, update_modified=False)
	on_recording = {key: value for key, value in values.items() if key != "warning"}
	frappe.db.set_value("Call Recording", recording, {"stage": status, **on_recording}, update_modified=False)
	frappe.clear_document_cache("Call", call)
	publish(call, recording, status, percent, values.get("error"))


def publish(call: str, recording: str, status: str, percent: int, error: str | None) -> None:
	message = {
		"call": call,
		"recording": recording,
		"status": status,
		"stage": status,
		"progress": percent,
		"error": error,
		"finished": status in (READY, FAILED),
	}
	# only rooms that Frappe lets someone join who may read the document
	rooms = [("Call", call), *associated_records(call)]
	for doctype, docname in rooms:
		frappe.publish_realtime(EVENT, message, doctype=doctype, docname=docname, after_commit=True)
	# open lists fetch again, each with its own user's permissions
	frappe.publish_realtime(
		"list_update",
		{"doctype": "Call", "name": call, "user": frappe.session.user},
		doctype="Call",
		after_commit=True,
	)
