"""Which CRM records may be linked automatically: a link lets everyone who reads the record see the call.

Otherwise a user could write a known address into a record of their own to get access to calls.
"""

import frappe

from call_intelligence.associations import suggestions
from call_intelligence.integrations.registry import describe
from call_intelligence.permissions import EVERYTHING, can_see, is_manager, readable_records
from call_intelligence.queries import persons


def may_link(call, doctype: str, name: str) -> bool:
	"""Whether the record may be linked to the Call automatically; call: its `name` and `creation`.

	Users who wrote to the record after the call was created must see the call anyway; earlier writers may also be users who can
	read all records of its DocType, not only some, such as their own. A record that was suggested once stays a suggestion.
	"""
	if suggestions.state_of(call.name, doctype, name) == suggestions.OFFERED:
		return False
	told = written(doctype, name)
	late = {user for when, user in told if when and when > call.creation}
	early = {user for _when, user in told} - late
	return all(is_trusted(call.name, user) for user in late) and all(
		reads_all(user, doctype) or is_trusted(call.name, user) for user in early
	)


def may_win(call, record: tuple[str, str], others: list[tuple[str, str]]) -> bool:
	"""Whether the record may be preferred to others that match as well.

	Not if a writer of the record sees neither the call nor all of the others: it may have been made to win.
	"""
	writers = {user for _when, user in written(*record)}
	return all(
		is_trusted(call.name, user) or all(may_read(user, *other) for other in others) for user in writers
	)


def written(doctype: str, name: str) -> set[tuple]:
	"""{(when, who)} of Frappe's timestamps of the record and of the child rows with its addresses: rows can be added without saving
	the record, and saving the record doesn't change their owner."""
	meta = frappe.get_meta(doctype)
	found = entries(frappe.db.get_value(doctype, name, TOLD))
	fields = describe(doctype)
	tables = {path.rpartition(".")[0] for path in (*fields.emails, *fields.phones)} - {""}
	if fields.links:
		tables.add(fields.links)
	for table in tables:
		lines = frappe.get_all(
			meta.get_field(table).options,
			filters={"parenttype": doctype, "parent": name, "parentfield": table},
			fields=TOLD,
			as_list=True,
		)
		for line in lines:
			found |= entries(line)
	return found


TOLD = ["creation", "owner", "modified", "modified_by"]


def entries(row) -> set[tuple]:
	return {(row[0], row[1]), (row[2], row[3])} if row else set()


def is_trusted(call: str, user: str) -> bool:
	"""Whether changes by this user to a record may make the call visible to the record's readers"""
	return is_manager(user) or "System Manager" in frappe.get_roles(user) or can_see(call, user)


def reads_all(user: str, doctype: str) -> bool:
	return readable_records(doctype, user) == EVERYTHING


def may_read(user: str, doctype: str, name: str) -> bool:
	return persons.may(user, "read", doctype, name)
