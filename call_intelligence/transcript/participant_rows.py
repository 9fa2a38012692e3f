"""Writes rows of Call Participant: voices of the transcript, and expected participants without a voice.

Only this file and documents of Call (its form and `ingest`, with all their rows) write them. It does not commit and checks no permission;
the callers decide the contents.
"""

import frappe

from call_intelligence.core import writing

DOCTYPE = "Call Participant"


def add(call: str, idx: int, **values) -> None:
	frappe.get_doc(
		{
			"doctype": DOCTYPE,
			"parent": call,
			"parenttype": "Call",
			"parentfield": "participants",
			"idx": idx,
			"side": "Unknown",
			**values,
		}
	).db_insert()


def update(name: str, values: dict, update_modified: bool = True) -> None:
	writing.set_value(DOCTYPE, name, values, update_modified=update_modified)


def remove(name: str) -> None:
	frappe.db.delete(DOCTYPE, {"name": name})


def forget_record(doctype: str, name: str) -> None:
	"""Unlink a deleted CRM record from participants; the participants stay."""
	frappe.db.set_value(
		DOCTYPE,
		{"party_type": doctype, "party": name},
		{"party_type": None, "party": None, "matched_by": None, "name_automatic": 0},
	)
