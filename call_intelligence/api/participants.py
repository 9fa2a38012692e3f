"""The people of a call: who a voice is, and on which side. Where nothing else is said, an answer is {"participants": as
participants.describe has them, "speakers": as transcript.speakers has them}.

`participant` is a `row` of participants.describe. One that somebody else has removed meanwhile is answered with status 409.
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
	"""Contacts, Leads and Users that a participant may be, by name, e-mail or phone, of those that the user may read; without a
	text those who are likely. -> [{"doctype", "kind", "name", "title", "detail"}]
	"""
	check_may_edit(call)
	return person_search.search(call, text)


@frappe.whitelist(methods=["POST"])
@checked()
def connect(call: str, participant: str, doctype: str, name: str) -> dict:
	"""This participant is that Contact, Lead or User, which the user must be allowed to read. -> see above"""
	check_may_edit(call)
	by_hand.connect(call, participant, doctype, name)
	return answer(call)


@frappe.whitelist(methods=["POST"])
@checked()
def disconnect(call: str, participant: str) -> dict:
	"""This participant is not the record that it is connected with. -> see above"""
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
	"""Somebody who was said to have taken part is the voice with the key `speaker`; empty: none that is heard. -> see above"""
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
	"""Make a Contact, with the user's own permissions, and connect the participant with it. company: the name of a record of
	`company_doctype`, or without that a text. -> see above

	People with this e-mail address are there already: nothing is made, 409 with {"existing": as search has them}.
	"""
	check_may_edit(call)
	made = contacts.add_contact(full_name, email, phone, company_doctype, company)
	if made["existing"]:
		frappe.local.response.http_status_code = 409
		return {"existing": made["existing"]}
	by_hand.connect(call, participant, "Contact", made["contact"])
	return answer(call)
