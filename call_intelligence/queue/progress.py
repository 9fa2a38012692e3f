"""Stores progress on the Call and the Call Recording, and publishes it to everyone who has one of its records open."""

import frappe

from call_intelligence.core import writing
from call_intelligence.core.live import list_changed, tell_of_call
from call_intelligence.core.records import associated_records
from call_intelligence.queue.stages import DONE, FAILED, STAGES, overall_progress

EVENT = "call_intelligence_progress"


def show(call: str, recording: str, status: str, fraction: float = 0, **call_values) -> None:
	"""Write status and progress (fraction 0..1 of the stage) of a Call and its Recording and publish them after commit.

	call_values: error, for both; warning, and next_attempt_at while a call waits for it, for the Call.
	"""
	if status in STAGES:
		percent = overall_progress(status, fraction)
	else:
		percent = 100 if status in DONE else 0
	values = {"next_attempt_at": None, **call_values}
	if status != FAILED:
		values["progress"] = percent
	# the recording first: see locks.py
	on_recording = {key: value for key, value in values.items() if key in ("error", "progress")}
	writing.set_value("Call Recording", recording, {"stage": status, **on_recording}, update_modified=False)
	writing.set_value("Call", call, {"status": status, **values}, update_modified=False)
	frappe.clear_document_cache("Call", call)
	publish(call)


def publish(call: str) -> None:
	tell_of_call(EVENT, {"call": call}, call, associated_records(call))
	list_changed("Call")
