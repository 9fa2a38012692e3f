"""A playlist of the demo, made by the coach from the rep's calls. Runs in the bench's Python."""

import frappe

from call_intelligence.api import playlists
from call_intelligence.transcript import recording_of
from devbench.demo.people import PEOPLE

REP, COACH = PEOPLE[0]["email"], PEOPLE[1]["email"]
TITLE = "Best discovery calls"
# (call, words in the first utterance, words in the last one, title, what to listen for)
PARTS = (
	(
		"premium-plan",
		"thank you for calling",
		"few questions",
		"A friendly opening",
		"Name, company and an open question, all within ten seconds.",
	),
	(
		"premium-plan",
		"how much does",
		"discount",
		"The price question",
		"She asks for a number and hears a condition. What would you have said?",
	),
	("late-delivery", "", "", "", "The whole call: how does he calm her down before he looks anything up?"),
)


def make_playlist(named) -> None:
	"""Creates the playlist if there is none; named: external id -> name of a call. Calls that are not ready are left out."""
	if frappe.db.count("Call Playlist"):
		return
	parts = [part for entry in PARTS if (part := part_of(named(entry[0]), *entry[1:]))]
	if not parts:
		return
	frappe.set_user(COACH)
	made = playlists.add(
		parts,
		new={
			"title": TITLE,
			"description": "What good first conversations sound like. Listen to one a day.",
			"visibility": "Everyone with the seat",
			"cover_colour": "#136355",
		},
	)
	frappe.set_user(REP)
	playlists.follow(made["playlist"])
	playlists.progress(made["items"][0], 0, 1)
	frappe.set_user("Administrator")
	frappe.db.commit()


def part_of(call: str, first: str, last: str, title: str, description: str) -> dict | None:
	if not call or frappe.db.get_value("Call", call, "status") != "Ready":
		return None
	part = {"call": call, "title": title, "description": description}
	begins, ends = moment(call, first, "start_seconds"), moment(call, last, "end_seconds")
	# if the transcript differs from the script, use the whole call
	if begins is not None and ends is not None and ends > begins:
		part |= {"start": begins, "end": ends}
	return part


def moment(call: str, words: str, field: str) -> float | None:
	"""Seconds at which the utterance with the words begins or ends"""
	if not words:
		return None
	found = frappe.get_all(
		"Transcript Segment",
		filters={"recording": recording_of(call), "text": ["like", f"%{words}%"]},
		pluck=field,
		order_by="position",
		limit=1,
	)
	return round(found[0], 1) if found else None
