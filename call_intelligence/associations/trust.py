"""Which CRM records may be linked automatically: a link lets everyone who reads the record see the call.

A call is seen by all who may read a record that it is associated with. So whoever writes a known address into a record of theirs must
not get at calls by it.
"""

import frappe

from call_intelligence.associations import suggestions
from call_intelligence.integrations.registry import describe
from call_intelligence.permissions import EVERYTHING, can_see, is_manager, readable_records
from call_intelligence.queries import persons


def may_link(call, doctype: str, name: str) -> bool:
	"""Whether the record may be linked to the Call without asking; call: its `name` and `creation`.

	What was written into it after the call came in counts only if the one who wrote sees the call anyway; what was there before,
	also if they read all records of its kind, and not only some, such as their own. What has been offered once stays a question.
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
	"""Whether the record may be taken rather than others that fit as well.

	Not if somebody has written it who sees neither the call nor all of the others: it may have been made to win.
	"""
	writers = {user for _when, user in written(*record)}
	return all(
		is_trusted(call.name, user) or all(may_read(user, *other) for other in others) for user in writers
	)


def written(doctype: str, name: str) -> set[tuple]:
	"""{(when, who)} of what Frappe keeps about the record and the lines of its addresses: a line can be added without the record
	being saved, and a record be saved without its line becoming another's."""
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
	"""Whether what this user writes into a record may show the call to those who read that record."""
	return is_manager(user) or "System Manager" in frappe.get_roles(user) or can_see(call, user)


def reads_all(user: str, doctype: str) -> bool:
	return readable_records(doctype, user) == EVERYTHING


def may_read(user: str, doctype: str, name: str) -> bool:
	return persons.may(user, "read", doctype, name)
