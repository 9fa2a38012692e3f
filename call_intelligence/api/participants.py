"""The people of a call: who a voice is, and on which side. Unless stated otherwise a function returns {"participants": see
participants.describe, "speakers": see transcript.speakers}.

`participant` is a `row` of participants.describe. If another user has removed it meanwhile, the status is 409.
"""

import frappe
from frappe import _

from call_intelligence import permissions, transcript
from call_intelligence.api.arguments import checked
from call_intelligence.people import by_hand, contacts, person_search
from call_intelligence.people.participants import describe


def check_may_edit(call: str) -> None:
	permissions.check_may_edit(
		call, _("Only the owner of the call or a Call Intelligence Manager may say who takes part in it.")
	)


def answer(call: str) -> dict:
	return {"participants": describe(call), "speakers": transcript.speakers(call)}


@frappe.whitelist(methods=["GET"])
@checked()
def search(call: str, text: str = "") -> list:
	"""Contacts, Leads and Users that a participant may be and that the user may read, by name, e-mail or phone; without a text
	the likely ones. -> [{"doctype", "kind", "name", "title", "detail"}]
	"""
	check_may_edit(call)
	return person_search.search(call, text)


@frappe.whitelist(methods=["POST"])
@checked()
def connect(call: str, participant: str, doctype: str, name: str) -> dict:
	"""Connect the participant with a Contact, Lead or User, which the user must be allowed to read. -> see above"""
	check_may_edit(call)
	by_hand.connect(call, participant, doctype, name)
	return answer(call)


@frappe.whitelist(methods=["POST"])
@checked()
def disconnect(call: str, participant: str) -> dict:
	"""Disconnect the participant from the record it is connected with. -> see above"""
	check_may_edit(call)
	by_hand.disconnect(call, participant)
	return answer(call)


@frappe.whitelist(methods=["POST"])
@checked()
def set_side(call: str, participant: str, side: str) -> dict:
	"""side: "Owner" for our side, "Customer" or "Unknown". -> see above"""
	check_may_edit(call)
	by_hand.set_side(call, participant, side)
	return answer(call)


@frappe.whitelist(methods=["POST"])
@checked()
def set_voice(call: str, participant: str, speaker: str | None = None) -> dict:
	"""Set the voice of a participant; speaker: the voice's key; empty: the participant is not heard. -> see above"""
	check_may_edit(call)
	by_hand.set_voice(call, participant, speaker)
	return answer(call)


@frappe.whitelist(methods=["POST"])
@checked()
def add_contact(
	call: str,
	participant: str,
	full_name: str,
	email: str | None = None,
	phone: str | None = None,
	company_doctype: str | None = None,
	company: str | None = None,
) -> dict:
	"""Create a Contact, with the user's own permissions, and connect the participant with it. company: the name of a record of
	`company_doctype`, or without that a text. -> see above

	If people with this e-mail address exist already nothing is created: 409 with {"existing": as in `search`}.
	"""
	check_may_edit(call)
	made = contacts.add_contact(full_name, email, phone, company_doctype, company)
	if made["existing"]:
		frappe.local.response.http_status_code = 409
		return {"existing": made["existing"]}
	by_hand.connect(call, participant, "Contact", made["contact"])
	return answer(call)
