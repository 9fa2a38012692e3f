"""Users' decisions about the participants of a call. They always win over automatic ones.

Each function is one atomic change: it locks, changes, runs `automatic` again and has dependent data recomputed. None checks whether
the user may edit the call: api/participants.py does. None commits.
"""

import frappe
from frappe import _

from call_intelligence.associations import linking
from call_intelligence.editing import voices
from call_intelligence.editing.session import EditConflict
from call_intelligence.insights import analysis
from call_intelligence.people import parties
from call_intelligence.people.automatic import FIELDS, recognise_participants, touch, write
from call_intelligence.people.matching.apply import add_what_follows
from call_intelligence.people.recognition import BY_HAND, OURS, THEIRS, UNKNOWN, address, join, take_voice
from call_intelligence.transcript import locks

SIDES = (OURS, THEIRS, UNKNOWN)


class Change:
	"""The participants of a Call, locked; `done` writes the changes made to `rows`."""

	def __init__(self, call: str):
		self.call = call
		locks.hold(call)
		self.before = voices.participants(call, FIELDS)
		self.rows = [dict(row) for row in self.before]

	def row(self, name: str) -> dict:
		for row in self.rows:
			if row["name"] == name:
				return row
		frappe.throw(
			_("This participant no longer exists: somebody has changed the participants meanwhile."),
			EditConflict,
		)

	def voice(self, key: str) -> dict:
		for row in self.rows:
			if row["speaker_key"] == key:
				return row
		frappe.throw(_("This voice is no longer in the call."), EditConflict)

	def done(self) -> None:
		write(self.call, self.before, self.rows)
		recognise_participants(self.call)
		touch(self.call)
		analysis.sides_changed(self.call)


def connect(call: str, participant: str, doctype: str, name: str) -> None:
	"""Connect the participant with a Contact, Lead or User. Raises where the user may not read the record."""
	parties.check(doctype, name)
	change = Change(call)
	row = change.row(participant)
	if (row["party_type"], row["party"]) == (doctype, name) and row["matched_by"] == BY_HAND:
		return
	former = (row["party_type"], row["party"])
	if row["speaker_key"]:
		row = with_invited(change, row, doctype, name)
	row.update(party_type=doctype, party=name, matched_by=BY_HAND, disconnected=0)
	if row["voice_by"]:
		row["voice_by"] = BY_HAND
	side = OURS if doctype == "User" else THEIRS
	if not row["side_by_hand"] and row["side"] != side:
		row.update(side=side, side_automatic=1)
	if doctype != "User":
		linking.associate(call, doctype, name, automatic=True)
		add_what_follows(call, doctype, name)
	change.done()
	if former[1] and former != (doctype, name):
		parties.withdraw(call, *former)


def with_invited(change: Change, voice: dict, doctype: str, name: str) -> dict:
	"""Unite the voice with the one participant without a voice that is the same record. -> the united row, or the voice's"""
	emails = parties.emails_of(doctype, name)
	same = [
		row
		for row in change.rows
		if not row["speaker_key"]
		and (
			(row["party_type"], row["party"]) == (doctype, name)
			or (not row["party"] and row["email"] and address(row["email"]) in emails)
		)
	]
	if len(same) != 1 or voice["voice_by"]:
		return voice
	return unite(change, same[0], voice)


def disconnect(call: str, participant: str) -> None:
	"""Disconnect the participant from its record; automatic matching leaves it alone from now on."""
	change = Change(call)
	row = change.row(participant)
	if not row["party"]:
		return
	former = (row["party_type"], row["party"])
	row.update(party_type=None, party=None, matched_by="", disconnected=1)
	change.done()
	parties.withdraw(call, *former)


def set_side(call: str, participant: str, side: str) -> None:
	"""side: "Owner" for ours, "Customer" or "Unknown" """
	if side not in SIDES:
		frappe.throw(_("Side of a participant must be one of: {0}").format(", ".join(SIDES)))
	change = Change(call)
	row = change.row(participant)
	if row["side"] == side and row["side_by_hand"]:
		return
	row.update(side=side, side_automatic=0, side_by_hand=1)
	if row["voice_by"]:
		row["voice_by"] = BY_HAND
	change.done()


def set_voice(call: str, participant: str, speaker: str | None) -> None:
	"""Give the participant this voice; None takes the voice away.

	A known person who had the voice before stays as a participant without one, so that nothing is lost.
	"""
	change = Change(call)
	row = change.row(participant)
	if (row["speaker_key"] or None) == (speaker or None):
		return
	if row["speaker_key"]:
		change.rows.append(take_voice(row, change.rows))
	if speaker:
		voice = change.voice(speaker)
		if voices.is_known_person(voice) and (
			voice["voice_by"] or voice["email"] or voice["phone"] or voice["party"]
		):
			bare = take_voice(voice, change.rows)
			change.rows.append(bare)
			voice = bare
		unite(change, row, voice)
	change.done()


def unite(change: Change, person: dict, voice: dict) -> dict:
	join(person, voice)
	person["voice_by"] = BY_HAND
	change.rows = [row for row in change.rows if row is not voice]
	return person
