"""Suggestions: records that a call may belong to, offered to users who may edit it.

Removed and dismissed records are stored here too, so that they are not added again. Outdated suggestions are hidden but stay, since a
decision may be undone and trust.py needs to know which links were doubtful.
"""

from functools import cached_property

import frappe

from call_intelligence.core import writing
from call_intelligence.integrations.conversions import lead_of
from call_intelligence.integrations.registry import association_doctypes, kind_of, title_of
from call_intelligence.integrations.relations import companies_of, open_deals_of
from call_intelligence.transcript import locks

DOCTYPE = "Association Suggestion"
OFFERED, DISMISSED = "Offered", "Dismissed"
# a reason
CONVERTED = "Converted from a lead"


def state_of(call: str, doctype: str, name: str) -> str | None:
	"""OFFERED, DISMISSED, or None if there is no suggestion"""
	return frappe.db.get_value(DOCTYPE, key(call, doctype, name), "state", for_update=locks.is_outdated(call))


def key(call: str, doctype: str, name: str) -> dict:
	return {"call": call, "link_doctype": doctype, "link_name": str(name)}


def offer(call: str, doctype: str, name: str, reason: str, participant: str | None = None) -> bool:
	"""Suggest the record, unless it is linked or was dismissed. -> whether the suggestion is new"""
	record = {"link_doctype": doctype, "link_name": str(name)}
	parent = {"parent": call, "parenttype": "Call"}
	if frappe.db.get_value("Call Association", {**parent, **record}, for_update=locks.is_outdated(call)):
		return False
	values = {"state": OFFERED, "reason": reason, "participant": participant}
	existing = frappe.db.get_value(
		DOCTYPE,
		key(call, doctype, name),
		["name", "state", "reason", "participant"],
		as_dict=True,
		for_update=locks.is_outdated(call),
	)
	if not existing:
		write(call, doctype, name, values)
		return True
	if existing.state == DISMISSED or Questions(call).is_open(doctype, name, existing):
		return False
	writing.set_value(DOCTYPE, existing.name, values)
	return True


def dismiss(call: str, doctype: str, name: str) -> None:
	"""Mark the record: it is neither suggested again nor linked automatically."""
	existing = frappe.db.get_value(DOCTYPE, key(call, doctype, name), for_update=locks.is_outdated(call))
	if existing:
		frappe.db.set_value(DOCTYPE, existing, "state", DISMISSED)
	else:
		write(call, doctype, name, {"state": DISMISSED, "reason": "Removed"})


def write(call: str, doctype: str, name: str, values: dict) -> None:
	doc = frappe.get_doc({"doctype": DOCTYPE, **key(call, doctype, name), **values})
	doc.set_new_name()
	doc.db_insert()


def forget(call: str, doctype: str, name: str) -> None:
	"""Delete the suggestion, because the record has been linked."""
	frappe.db.delete(DOCTYPE, key(call, doctype, name))


def forget_all(call: str) -> None:
	frappe.db.delete(DOCTYPE, {"call": call})


def forget_record(doctype: str, name: str) -> None:
	frappe.db.delete(DOCTYPE, {"link_doctype": doctype, "link_name": str(name)})


def merge_doubles(doctype: str, name: str) -> None:
	"""After a merge of two records: one suggestion for each call stays, and "dismissed" wins."""
	rows = frappe.get_all(
		DOCTYPE,
		filters={"link_doctype": doctype, "link_name": str(name)},
		fields=["name", "call", "state"],
		# dismissed ones first
		order_by="state asc, creation",
	)
	seen = set()
	for row in rows:
		if row.call in seen:
			frappe.db.delete(DOCTYPE, {"name": row.name})
		seen.add(row.call)


def offered(call: str) -> list[dict]:
	"""Open suggestions that the session's user may read: [{"id", "doctype", "name", "title", "kind", "reason", "participant"}]"""
	kinds = association_doctypes()
	rows = frappe.get_all(
		DOCTYPE,
		filters={"call": call, "state": OFFERED, "link_doctype": ["in", [*kinds, ""]]},
		fields=["name as id", "link_doctype as doctype", "link_name as name", "reason", "participant"],
		order_by="creation",
	)
	questions = Questions(call)
	return [
		{**row, "title": title_of(row.doctype, row.name), "kind": kinds[row.doctype]}
		for row in rows
		if frappe.has_permission(row.doctype, "read", doc=row.name)
		and questions.is_open(row.doctype, row.name, row)
	]


class Questions:
	"""Whether suggestions are still open: participants may have been identified, or deals closed, since they were made."""

	def __init__(self, call: str):
		self.call = call

	def is_open(self, doctype: str, name: str, offer) -> bool:
		"""offer: with `reason` and `participant`"""
		if offer.participant:
			return offer.participant not in self.decided_participants
		record = (doctype, str(name))
		if offer.reason == "Company":
			return record in self.companies
		if offer.reason == "Open deal":
			return record in self.single_deals
		if offer.reason == CONVERTED:
			return lead_of(frappe.get_doc(doctype, name)) in set(map(tuple, self.records))
		return True

	@cached_property
	def decided_participants(self) -> set[str]:
		"""Rows of participants who were identified or marked as unknown"""
		rows = frappe.get_all(
			"Call Participant",
			filters={"parent": self.call, "parenttype": "Call"},
			fields=["name", "party", "disconnected"],
		)
		return {row.name for row in rows if row.party or row.disconnected}

	@cached_property
	def records(self) -> list[tuple[str, str]]:
		rows = frappe.get_all(
			"Call Association",
			filters={"parent": self.call, "parenttype": "Call"},
			fields=["link_doctype", "link_name"],
			as_list=True,
		)
		return [row for row in rows if kind_of(row[0])]

	@cached_property
	def companies(self) -> set[tuple[str, str]]:
		"""Companies of the people, deals and tickets of the call"""
		found = [company for record in self.records for company in companies_of(*record)]
		return {(doctype, str(name)) for doctype, name in found}

	@cached_property
	def single_deals(self) -> set[tuple[str, str]]:
		"""The open deal of each company of the call that has exactly one"""
		deals = [open_deals_of(*record) for record in self.records if kind_of(record[0]) == "Company"]
		return {(found[0][0], str(found[0][1])) for found in deals if len(found) == 1}
