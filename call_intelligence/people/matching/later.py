"""Matches earlier calls to a Contact or Lead that is created or changed after them, and updates the names of participants.

A Record Matching, written together with the record, describes the work. The job handles the calls from the newest to the oldest, one
per transaction, and stores the last one; it deletes the row at the end. See people/matching/jobs.py.
"""

import frappe

from call_intelligence.core import writing
from call_intelligence.core.plain import plain
from call_intelligence.core.times import utc_now
from call_intelligence.insights import analysis
from call_intelligence.integrations.registry import PEOPLE, describe, kind_of, title_of
from call_intelligence.people.automatic import recognise_participants
from call_intelligence.people.matching import addresses, phones
from call_intelligence.people.matching.apply import match_call
from call_intelligence.people.matching.find import addresses_of, site_region
from call_intelligence.people.recognition import address
from call_intelligence.queries import sql
from call_intelligence.queue import enqueue

DOCTYPE = "Record Matching"


def record_saved(doc, method: str | None = None) -> None:
	"""doc_events "*", on_update: look for earlier calls when the addresses or the title of a person have changed."""
	if is_person(doc.doctype) and (addresses_changed(doc) or title_changed(doc)):
		request(doc.doctype, str(doc.name))


def record_renamed(doc, method: str | None = None, old: str = "", new: str = "", merge: bool = False) -> None:
	"""doc_events "*", after_rename: linked participants take the new title."""
	if is_person(doc.doctype):
		request(doc.doctype, str(new))


def is_person(doctype: str) -> bool:
	"""Whether it is a person's DocType; False during installs and migrations, when nothing is matched"""
	if frappe.flags.in_install or frappe.flags.in_uninstall or frappe.flags.in_migrate:
		return False
	return kind_of(doctype) in PEOPLE


def request(doctype: str, name: str) -> str:
	"""Add a row each time: a job that is already running does not see what is saved meanwhile. -> name of the Record Matching"""
	doc = frappe.get_doc(
		{
			"doctype": DOCTYPE,
			"record_doctype": doctype,
			"record": name,
			"status": "Queued",
			"heartbeat": utc_now(),
		}
	)
	doc.set_new_name()
	doc.db_insert()
	enqueue.match_record(doc.name)
	return doc.name


def addresses_changed(doc) -> bool:
	fields = describe(doc.doctype)
	before = doc.get_doc_before_save()
	paths = (*fields.emails, *fields.phones)
	now = [in_document(doc, path) for path in paths]
	return any(now) and now != [in_document(before, path) if before else set() for path in paths]


def in_document(doc, path: str) -> set[str]:
	table, _dot, field = path.rpartition(".")
	holders = doc.get(table) or [] if table else [doc]
	return {holder.get(field) for holder in holders if holder.get(field)}


def title_changed(doc) -> bool:
	before, field = doc.get_doc_before_save(), frappe.get_meta(doc.doctype).get_title_field()
	return bool(before) and before.get(field) != doc.get(field)


# ------------------------------------------------------------------------------------------------ processing the calls


def calls_ahead(matching: str) -> list[str]:
	"""Names of the record's calls that are still to be matched, the newest first"""
	row = frappe.db.get_value(DOCTYPE, matching, ["record_doctype", "record", "last_call"], as_dict=True)
	# the record, or its whole app, may have been deleted meanwhile
	if kind_of(row.record_doctype) not in PEOPLE or not frappe.db.exists(row.record_doctype, row.record):
		return []
	calls = {
		*calls_with_addresses_of(row.record_doctype, row.record),
		*calls_with_older_name_of(row.record_doctype, row.record),
	}
	return sorted((call for call in calls if not row.last_call or call < row.last_call), reverse=True)


def match_again(call: str) -> None:
	"""Does not commit. Call it before the transaction has read anything, so that it sees the latest decisions of users."""
	matched = match_call(call)
	# a side that is known now may identify the remaining voice
	if recognise_participants(call) or matched:
		analysis.sides_changed(call)


def had_its_turn(matching: str, call: str) -> None:
	values = {"last_call": call, "attempts": 0, "heartbeat": utc_now()}
	writing.set_value(DOCTYPE, matching, values, update_modified=False)


def calls_with_addresses_of(doctype: str, name: str) -> list[str]:
	emails, numbers = addresses_of(doctype, name)
	patterns = {f"number_{at}": phones.pattern(number) for at, number in enumerate(numbers)}
	alternatives = ["`email` in %(emails)s"] if emails else []
	alternatives += [f"`phone` like binary %({name})s" for name in patterns]
	if not alternatives:
		return []
	rows = sql.run(
		f"""select `parent`, `email`, `phone` from `tabCall Participant`
		where `parenttype` = 'Call' and ifnull(`party`, '') = '' and ifnull(`disconnected`, 0) = 0
		and ({" or ".join(alternatives)})""",
		{"emails": emails, **patterns},
	)
	region, known = site_region(), {address(email) for email in emails}
	return [
		call
		for call, email, phone in rows
		if known & set(map(address, addresses.addresses_of(email)))
		or set(numbers) & set(phones.readings(phone, region))
	]


def calls_with_older_name_of(doctype: str, name: str) -> list[str]:
	"""Calls that show an older name of the person, unless a user chose that name"""
	rows = frappe.get_all(
		"Call Participant",
		filters={"parenttype": "Call", "party_type": doctype, "party": name, "name_automatic": 1},
		fields=["parent", "display_name"],
	)
	title = plain(title_of(doctype, name)[:140])
	return [row.parent for row in rows if row.display_name != title]
