"""Links a call to its people and their company, and suggests the company's open deal.

Idempotent. Decisions of users stay, and links that they removed are not made again.
"""

import frappe

from call_intelligence.associations import conversions, suggestions
from call_intelligence.associations.linking import associate, associate_company_of
from call_intelligence.associations.trust import may_link, may_win
from call_intelligence.core.writing import CONCURRENT_WRITES
from call_intelligence.editing import voices
from call_intelligence.integrations.relations import open_deals_of
from call_intelligence.people.automatic import touch
from call_intelligence.people.matching.find import BY_EMAIL, candidates, may_read
from call_intelligence.transcript import locks, participant_rows


def match_call(call: str) -> bool:
	"""Find the Contacts and Leads of the Call's participants among what its owner may read. Does not commit.

	A single match is linked to the participant and, with its company, to the call. Several become suggestions. -> whether
	anything has changed
	"""
	if not frappe.get_cached_value("Call Intelligence Settings", None, "match_people"):
		return False
	locks.hold(call)
	made = frappe.db.get_value("Call", call, ["name", "call_owner", "creation"], as_dict=True)
	changed = [match_participant(made, row) for row in voices.participants(call) if is_open(row)]
	return any(changed)


def match_quietly(call: str) -> bool:
	"""Like `match_call`, but logs errors and rolls back to a savepoint instead of raising."""
	frappe.db.savepoint("call_intelligence_matching")
	try:
		return match_call(call)
	except CONCURRENT_WRITES:
		# the database has rolled back more than the savepoint
		raise
	except Exception:
		frappe.db.rollback(save_point="call_intelligence_matching")
		frappe.log_error(
			"Call Intelligence: people could not be found", reference_doctype="Call", reference_name=call
		)
		return False


def is_open(row) -> bool:
	"""Neither identified yet nor marked as unknown"""
	decided = row.party or row.side == "Owner" or row.disconnected
	return not decided and bool(row.email or row.phone)


def match_participant(call, row) -> bool:
	found = candidates(row.email, row.phone, call.call_owner)
	chosen, others = choose(found)
	rest = [record for record in found if record != chosen]
	if chosen and not may_win(call, chosen, rest):
		others = [chosen, *rest]
		chosen = None
	elif chosen and not may_link(call, *chosen):
		others = [chosen]
		chosen = None
	changed = [
		suggestions.offer(call.name, *record, reason=found[record][0], participant=row.name)
		for record in others
	]
	if chosen and suggestions.state_of(call.name, *chosen) != suggestions.DISMISSED:
		link_participant(call.name, row, *chosen, by=found[chosen][0])
		associate(call.name, *chosen, automatic=True)
		add_what_follows(call.name, *chosen)
		changed.append(True)
	return any(changed)


def choose(found: dict[tuple[str, str], list[str]]) -> tuple[tuple[str, str] | None, list[tuple[str, str]]]:
	"""-> (the only plausible record or None, the records to suggest)

	An e-mail address outranks a phone number, and both together outrank one; a Contact outranks a Lead, which may be its earlier
	form.
	"""
	pool = [record for record in found if BY_EMAIL in found[record]] or list(found)
	pool = [record for record in pool if record[0] == "Contact"] or pool
	both = [record for record in pool if len(found[record]) == 2]
	best = both if len(both) == 1 else pool
	return (best[0], []) if len(best) == 1 else (None, pool)


def link_participant(call: str, row, doctype: str, name: str, by: str) -> None:
	"""by: BY_EMAIL or BY_PHONE"""
	values: dict = {"party_type": doctype, "party": name, "matched_by": by}
	if row.side != "Customer" and not row.side_by_hand:
		values.update(side="Customer", side_automatic=1)
	participant_rows.update(row.name, values, update_modified=False)
	touch(call)


def add_what_follows(call: str, doctype: str, name: str) -> None:
	"""Link the company of a record that was linked, and what a lead was converted to; suggest the company's open deal if it has
	exactly one."""
	conversions.lead_associated(call, doctype, name)
	for company in associate_company_of(call, doctype, name):
		offer_deal_of(call, *company)


def offer_deal_of(call: str, company_doctype: str, company: str) -> None:
	deals = open_deals_of(company_doctype, company)
	owner = frappe.db.get_value("Call", call, "call_owner")
	if len(deals) == 1 and may_read(*deals[0], owner):
		suggestions.offer(call, *deals[0], reason="Open deal")
