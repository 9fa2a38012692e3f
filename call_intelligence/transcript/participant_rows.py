"""Writing rows of Call Participant: voices of the transcript, and people who are said to have taken part.

No other file writes them but the form of a Call, which saves all of its rows (people/participant_form.py). Nothing is committed, and
no permission is asked: who a participant is decide `people` and `editing`.
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
	"""A CRM record is gone: participants that it was stay, without it."""
	frappe.db.set_value(
		DOCTYPE,
		{"party_type": doctype, "party": name},
		{"party_type": None, "party": None, "matched_by": None, "name_automatic": 0},
	)
