"""Tracked terms: where they were said in a call, and editing them in place."""

import frappe
from frappe import _
from frappe.utils import cint

from call_intelligence.api.arguments import Json, checked
from call_intelligence.core import live
from call_intelligence.permissions import check_can_see, check_has_seat, check_is_manager
from call_intelligence.terms import catalogue, describe, mentions, previews, scans
from call_intelligence.transcript import recording_of
from call_intelligence.transcript.reading import read_transcript

CHANGES = Json(characters=200_000, values=4_000)
PREVIEWED = Json(characters=500_000, values=10_000)


@frappe.whitelist(methods=["GET"])
@checked()
def get(call: str) -> dict | None:
	"""-> see `call_intelligence.terms.describe.describe_terms`, for users with the seat"""
	check_has_seat()
	check_can_see(call)
	return describe.describe_terms(call)


@frappe.whitelist(methods=["GET"])
@checked()
def read() -> dict:
	"""All categories and terms, to be edited by managers; see `call_intelligence.terms.catalogue.read`, and "scan" as in `progress`"""
	check_is_manager()
	return {**catalogue.read(), "scan": scans.state()}


@frappe.whitelist(methods=["POST"])
@checked(changes=CHANGES)
def save(changes: str | dict, version: str, call: str | None = None) -> dict:
	"""Save a manager's changes, all or none; older calls are searched in the background.

	changes: see `call_intelligence.terms.catalogue.save`; version: of the answer of `read` that was edited, else 409; call: an open
	one, which is searched at once. -> as `read`, with "terms": as `get`, if a call was named
	"""
	check_is_manager()
	wanted = parsed(changes)
	if not isinstance(wanted, dict):
		frappe.throw(_("Your changes cannot be read. Nothing has been saved."))
	if call:
		check_can_see(call)
	recording = recording_of(call) if call else None
	if recording:
		# locked before the terms, wherever both are locked
		mentions.lock([recording])
	catalogue.save(wanted, version)
	answer = {**catalogue.read(), "scan": scans.state()}
	if call and recording:
		mentions.store(read_transcript(call, recording))
		live.call_changed(call)
	return {**answer, "terms": describe.describe_terms(call) if call else None}


@frappe.whitelist(methods=["POST"])
@checked(terms=PREVIEWED)
def preview(terms: str | list, calls: int = previews.CALLS) -> dict:
	"""What terms would find in the last calls; nothing is saved. See `call_intelligence.terms.previews.preview`"""
	check_is_manager()
	entries = parsed(terms)
	if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
		frappe.throw(_("Name the terms to search for."))
	return previews.preview(entries, cint(calls))


@frappe.whitelist(methods=["GET"])
@checked()
def progress() -> dict:
	"""Progress of the search of older calls, for managers.

	-> {"scan": {"name", "status", "done", "total", "found", "waiting", "error"} or None}
	"""
	check_is_manager()
	return {"scan": scans.state()}


@frappe.whitelist(methods=["POST"])
@checked()
def search_again() -> dict:
	"""Repeat a search of older calls that has failed. -> as `progress`"""
	check_is_manager()
	scans.try_again()
	return {"scan": scans.state()}


def parsed(value):
	"""The parsed JSON; None if it is invalid"""
	try:
		return frappe.parse_json(value)
	except (ValueError, RecursionError):
		return None
