"""Searches Contacts, Leads and Users that the session's user may read, to identify a participant."""

import frappe

from call_intelligence.core.records import associated_records
from call_intelligence.integrations.registry import kind_of
from call_intelligence.people import parties
from call_intelligence.people.matching import record_search
from call_intelligence.queries import sql

MOST = 6  # of each DocType


def search(call: str, text: str) -> list[dict]:
	"""By name, e-mail or phone; without a text likely people: the call's owner and the associated people.

	-> [{"doctype", "kind", "name", "title", "detail"}]
	"""
	text = " ".join((text or "").split())[: record_search.LONGEST]
	if not text:
		return likely(call)
	found = users(text)
	for doctype in parties.doctypes():
		if doctype != "User":
			found += record_search.search(doctype, text, MOST)
	return found


def likely(call: str) -> list[dict]:
	found = user(frappe.db.get_value("Call", call, "call_owner"))
	names: dict[str, list[str]] = {}
	for doctype, name in associated_records(call):
		if kind_of(doctype) in parties.PEOPLE:
			names.setdefault(doctype, []).append(name)
	for doctype, wanted in names.items():
		found += of_names(doctype, wanted)
	return found


def of_names(doctype: str, names: list[str]) -> list[dict]:
	"""-> as `search`, of those that the session's user may read"""
	return record_search.records(doctype, f"`tab{doctype}`.`name` in %(names)s", {"names": names}, "", MOST)


def user(name: str) -> list[dict]:
	return user_rows("`name` = %(name)s", {"name": name})


def users(text: str) -> list[dict]:
	"""Colleagues who work in Desk; see parties.is_colleague"""
	return user_rows(
		"(`full_name` like %(text)s or `name` like %(text)s)",
		{"text": "%" + sql.like(text)},
	)


def user_rows(wanted: str, values: dict) -> list[dict]:
	"""wanted: SQL condition over `tabUser`, with parameters for `values`"""
	rows = sql.run(
		f"""select `name`, `full_name` from `tabUser`
		where `enabled` = 1 and `user_type` = 'System User' and {wanted} order by `full_name` limit {MOST}""",
		values,
		as_dict=True,
	)
	return [
		{
			"doctype": "User",
			"kind": "User",
			"name": row.name,
			"title": row.full_name or row.name,
			# the login address: users may set User.email to any address
			"detail": row.name if row.name != row.full_name else "",
		}
		for row in rows
	]
