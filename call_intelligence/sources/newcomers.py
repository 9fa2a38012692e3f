"""Creates a Contact or lead for a customer whom the CRM doesn't know, where a source says so."""

import frappe
from frappe import _

from call_intelligence.integrations.registry import is_installed
from call_intelligence.integrations.sources.types import Party, RemoteCall
from call_intelligence.people.matching.find import find_people, is_colleague
from call_intelligence.sources.accounts import DOCTYPE, Account

CONTACT, LEAD = "Contact", "Lead"


def create_unknown(account: Account, call: RemoteCall) -> None:
	"""Does nothing unless the source says so. Colleagues never become contacts, and nor does somebody without e-mail and number."""
	if not account.doc.create_people:
		return
	# two calls of one number at once would create it twice; the commit begins a snapshot that has what the other one has written
	frappe.db.commit()
	frappe.db.get_value(DOCTYPE, account.name, "name", for_update=True)
	for party in call.parties:
		if is_unknown(party):
			create_quietly(account, party)


def create_quietly(account: Account, party: Party) -> None:
	"""What the CRM refuses, such as "Anonymous" as a number, does not keep the call out."""
	frappe.db.savepoint("newcomer")
	try:
		create(account, party)
	except frappe.ValidationError:
		frappe.db.rollback(save_point="newcomer")
		frappe.clear_messages()
		frappe.log_error(
			"Call Intelligence: an unknown caller could not be created",
			reference_doctype=DOCTYPE,
			reference_name=account.name,
		)


def is_unknown(party: Party) -> bool:
	if party.side != "customer" or not (party.email or party.phone) or party.user:
		return False
	if party.email and is_colleague(party.email):
		return False
	return not find_people(party.email or None, party.phone or None)


def create(account: Account, party: Party) -> None:
	values = lead(party) if account.doc.create_people == LEAD else contact(party)
	doc = frappe.get_doc(values)
	if account.doc.people_owner:
		doc.owner = account.doc.people_owner
	doc.insert(ignore_permissions=True, ignore_mandatory=True)
	if account.doc.people_owner:
		doc.db_set("owner", account.doc.people_owner, update_modified=False)
	doc.add_comment("Info", _("Created from a call of {0}.").format(account.doc.title))


def contact(party: Party) -> dict:
	return {
		"doctype": CONTACT,
		"first_name": called(party),
		"email_ids": [{"email_id": party.email, "is_primary": 1}] if party.email else [],
		"phone_nos": [{"phone": party.phone, "is_primary_mobile_no": 1}] if party.phone else [],
	}


def lead(party: Party) -> dict:
	"""Frappe CRM's, else ERPNext's, else a Contact"""
	names = {"first_name": called(party), "email": party.email, "mobile_no": party.phone}
	if is_installed("CRM Lead"):
		return {"doctype": "CRM Lead", **names}
	if is_installed("Lead"):
		return {"doctype": "Lead", "lead_name": called(party), "email_id": party.email, **names}
	return contact(party)


def called(party: Party) -> str:
	return (party.name or party.email or party.phone)[:140]
