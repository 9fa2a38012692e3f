"""The calls of a lead also belong to the deal, opportunity or customer that it is converted to."""

from functools import partial

import frappe
from frappe.utils import add_to_date

from call_intelligence.associations import suggestions, trust
from call_intelligence.associations.linking import associate
from call_intelligence.core.records import associated_records
from call_intelligence.integrations.conversions import CONVERTED, lead_of, made_from
from call_intelligence.integrations.registry import association_doctypes
from call_intelligence.queries import persons
from call_intelligence.queue import enqueue
from call_intelligence.queue.resumable import committed

RECENT_HOURS = 24
MOST_RECENT = 500


def record_saved(doc, method: str | None = None) -> None:
	"""doc_events "*", on_update: a record that now names a lead gets the lead's calls."""
	if doc.doctype not in CONVERTED or frappe.flags.in_install or frappe.flags.in_migrate:
		return
	lead, before = lead_of(doc), doc.get_doc_before_save()
	if lead and (not before or lead_of(before) != lead) and has_calls(*lead):
		enqueue.follow_conversion(doc.doctype, str(doc.name))


def has_calls(doctype: str, name: str) -> bool:
	return bool(frappe.db.exists("Call Association", {"link_doctype": doctype, "link_name": name}))


def follow(doctype: str, name: str) -> None:
	"""Associate the lead's calls with the record, each in a transaction of its own."""
	if doctype not in association_doctypes() or not frappe.db.exists(doctype, name):
		return
	lead = lead_of(frappe.get_doc(doctype, name))
	if not lead:
		return
	linked = {"link_doctype": lead[0], "link_name": lead[1], "parenttype": "Call"}
	calls = frappe.get_all(
		"Call Association", filters=linked, pluck="parent", distinct=True, order_by="parent desc"
	)
	for call in calls:
		try:
			committed(partial(link, call, doctype, name))
		except Exception:
			frappe.db.rollback()
			frappe.log_error(
				"Call Intelligence: a call of a lead could not be linked",
				reference_doctype="Call",
				reference_name=call,
			)


def follow_recent() -> None:
	"""Follow the conversions of the last day again, since nothing else repeats a job that was lost. Commits."""
	for doctype in CONVERTED:
		for name in recent(doctype):
			follow(doctype, name)


def recent(doctype: str) -> list[str]:
	"""Records that name a lead and have changed in the last day, the newest first; at most MOST_RECENT, by the index of `modified`"""
	if doctype not in association_doctypes() or not frappe.get_meta(doctype).has_field(
		CONVERTED[doctype].field
	):
		return []
	filters = {
		CONVERTED[doctype].field: ["is", "set"],
		"modified": [">", add_to_date(None, hours=-RECENT_HOURS)],
	}
	return frappe.get_all(doctype, filters=filters, pluck="name", order_by="modified desc", limit=MOST_RECENT)


def call_saved(call) -> None:
	"""on_update of Call: calls that come to a lead after its conversion belong to what the lead became. A job, since associations that
	are added while the form is saved would be missing in the form."""
	before = call.get_doc_before_save()
	known = {(row.link_doctype, row.link_name) for row in before.associations} if before else set()
	new = {(row.link_doctype, row.link_name) for row in call.associations} - known
	if any(made_from(*record) for record in new):
		enqueue.follow_leads(call.name)


def follow_leads(call: str) -> None:
	"""Associate the Call with what its leads became. Commits."""
	for record in associated_records(call):
		lead_associated(call, *record)
	frappe.db.commit()


def lead_associated(call: str, doctype: str, name: str) -> None:
	"""Does not commit."""
	for record in made_from(doctype, name):
		link(call, *record)


def link(call_name: str, doctype: str, name: str) -> None:
	"""Associate the record if all users who wrote to it already see the call; otherwise suggest it, if the call's owner may read it.

	This is stricter than trust.py: a user may name another user's lead in a deal, and may read all deals without being allowed to
	read the lead.
	"""
	call = frappe.db.get_value("Call", call_name, ["name", "call_owner"], as_dict=True)
	if not call or suggestions.state_of(call.name, doctype, name):
		return
	writers = {user for _when, user in trust.written(doctype, name)}
	if all(trust.is_trusted(call.name, user) for user in writers):
		associate(call_name, doctype, name, automatic=True)
	elif persons.may(call.call_owner or "Administrator", "read", doctype, name):
		suggestions.offer(call_name, doctype, name, suggestions.CONVERTED)
