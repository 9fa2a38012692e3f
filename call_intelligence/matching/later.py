"""A Contact or Lead that comes or changes after the calls: whom were we speaking with?"""

import time

import frappe

from call_intelligence import analysis
from call_intelligence.integrations.registry import PEOPLE, describe, kind_of
from call_intelligence.jobs import enqueue
from call_intelligence.matching import phones
from call_intelligence.matching.apply import match_call
from call_intelligence.matching.find import addresses_of, site_region
from call_intelligence.participants.automatic import recognise_participants
from call_intelligence.permissions import quote

MOST_DEADLOCKS = 10
PAUSE_SECONDS = 0.2


def record_saved(doc, method: str | None = None) -> None:
	"""doc_events "*", on_update: look for earlier calls once the addresses of a person are others than before."""
	if frappe.flags.in_install or frappe.flags.in_uninstall or frappe.flags.in_migrate:
		return
	if kind_of(doc.doctype) not in PEOPLE or not addresses_changed(doc):
		return
	enqueue.match_record(doc.doctype, str(doc.name))


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


def match_record(doctype: str, name: str) -> int:
	"""Match the calls anew whose unknown participants have an address of this record. Commits each. -> how many changed"""
	return sum(match_again(call) for call in calls_with_addresses_of(doctype, name))


def match_again(call: str) -> bool:
	for attempt in range(MOST_DEADLOCKS):
		# a new transaction, which sees what people have said until now
		frappe.db.commit()
		try:
			changed = match_call(call)
			if changed:
				# who is on a side now may tell who is left
				recognise_participants(call)
				analysis.sides_changed(call)
			frappe.db.commit()
			return changed
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			# somebody else wrote to the same call, and comes first
			frappe.db.rollback()
			time.sleep(PAUSE_SECONDS * (attempt + 1))
	raise frappe.QueryDeadlockError


def calls_with_addresses_of(doctype: str, name: str) -> list[str]:
	"""Names of the calls, the newest first."""
	emails, numbers = addresses_of(doctype, name)
	alternatives = [f"`email` = {quote(email)}" for email in emails]
	alternatives += [f"`phone` like binary {quote(phones.pattern(number))}" for number in numbers]
	if not alternatives:
		return []
	rows = frappe.db.sql(
		f"""select `parent`, `email`, `phone` from `tabCall Participant`
		where `parenttype` = 'Call' and ifnull(`party`, '') = '' and ifnull(`disconnected`, 0) = 0
		and ({" or ".join(alternatives)}) order by `parent` desc"""
	)  # nosemgrep
	region, known = site_region(), {email.lower() for email in emails}
	fitting = [
		call
		for call, email, phone in rows
		if (email or "").lower() in known or phones.normalise(phone, region) in numbers
	]
	return list(dict.fromkeys(fitting))
