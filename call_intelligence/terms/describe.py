"""Tracked terms and their mentions as the review of a call shows them."""

import frappe
from frappe.utils import flt

from call_intelligence.permissions import has_seat, is_manager
from call_intelligence.terms import scans
from call_intelligence.transcript import UNKNOWN_SPEAKER, recording_of


def describe_terms(call: str) -> dict | None:
	"""For the session's user, who sees the call; None without the seat.

	-> {"categories": [{"name", "title", "terms": [{"name", "title", "mentions": [[start, end, speaker key, side, first utterance,
	last utterance, first word, last word, text], ...]}]}], "may_edit", "scan": as scans.state, for managers, or None}; times in seconds;
	utterances by name, words by their index in them; disabled terms are left out
	"""
	if not has_seat():
		return None
	said = mentions_of(recording_of(call))
	categories = {
		row.name: {"name": row.name, "title": row.title, "terms": []}
		for row in frappe.get_all(
			"Tracked Term Category", fields=["name", "title"], order_by="position asc, title asc"
		)
	}
	for term in frappe.get_all(
		"Tracked Term", filters={"enabled": 1}, fields=["name", "title", "category"], order_by="title asc"
	):
		if term.category in categories:
			found = {"name": term.name, "title": term.title, "mentions": said.get(term.name, [])}
			categories[term.category]["terms"].append(found)
	return {
		"categories": [category for category in categories.values() if category["terms"]],
		"may_edit": is_manager(),
		"scan": scans.state() if is_manager() else None,
	}


def mentions_of(recording: str | None) -> dict[str, list[list]]:
	"""{term: its mentions in order of time}"""
	found: dict[str, list[list]] = {}
	if not recording:
		return found
	for row in frappe.get_all(
		"Term Mention",
		filters={"recording": recording},
		fields=[
			"term", "start_seconds", "end_seconds", "speaker_key", "side", "segment", "last_segment", "first_word", "last_word", "text",
		],
		order_by="start_seconds asc, end_seconds asc",
		as_list=True,
	):  # fmt: skip
		term, start, end, speaker, side, *rest = row
		found.setdefault(term, []).append(
			[flt(start, 2), flt(end, 2), speaker or UNKNOWN_SPEAKER, side or "Unknown", *rest]
		)
	return found
