"""Associations of calls as people see them: the panel of the review, the search in it, and the list of calls."""

import frappe

from call_intelligence.associations import suggestions
from call_intelligence.associations.linking import associate, association_rows
from call_intelligence.associations.readable_names import titles
from call_intelligence.editing import voices
from call_intelligence.integrations.registry import KINDS, association_doctypes, is_installed, title_of
from call_intelligence.people import by_hand
from call_intelligence.people.matching import record_search
from call_intelligence.people.matching.apply import add_what_follows
from call_intelligence.permissions import may_edit, visible_calls
from call_intelligence.queries import sql

OF_EACH_DOCTYPE = 5
MOST_OF_A_CALL = 10


def describe(call: str) -> dict:
	"""The associations of the Call, as far as the session's user, who sees the Call, may know them.

	-> {"may_edit", "records": [{"id", "doctype", "name", "title", "kind", "automatic", "state"}], "suggestions": see
	suggestions.offered, "doctypes": {DocType: kind} to search in; both are empty for users who may not edit}

	state: "open", "hidden" (they may not read the record: no name, no title) or "gone" (deleted, or its app uninstalled: the
	last known name and title, for users who may edit)
	"""
	editable = may_edit(frappe.get_doc("Call", call))
	return {
		"may_edit": editable,
		"records": [record(row, editable) for row in association_rows(call)],
		"suggestions": suggestions.offered(call) if editable else [],
		"doctypes": searchable() if editable else {},
	}


def record(row, editable: bool) -> dict:
	shown = {"id": row.name, "doctype": row.link_doctype, "kind": row.kind, "automatic": bool(row.automatic)}
	there = is_installed(row.link_doctype) and frappe.db.exists(row.link_doctype, row.link_name)
	if not there and editable:
		return {**shown, "state": "gone", "name": row.link_name, "title": row.link_title or row.link_name}
	# who might have read a record can't be determined after it is gone
	if not there or not frappe.has_permission(row.link_doctype, "read", doc=row.link_name):
		return {**shown, "state": "hidden", "name": None, "title": None}
	return {
		**shown,
		"state": "open",
		"name": row.link_name,
		"title": title_of(row.link_doctype, row.link_name),
	}


def searchable() -> dict[str, str]:
	"""{DocType: kind} of the DocTypes that the session's user may read"""
	return {
		doctype: kind
		for doctype, kind in association_doctypes().items()
		if frappe.has_permission(doctype, "read")
	}


def search(call: str, text: str, kind: str | None = None) -> list[dict]:
	"""Records that the session's user may read whose name, title, e-mail or phone number (in any spelling) contains the text, except
	those that the Call has already. -> [{"doctype", "name", "title", "kind", "detail"}], by kind
	"""
	text = text.strip()[: record_search.LONGEST]
	if len(text) < 2:
		return []
	taken = {(row.link_doctype, row.link_name) for row in association_rows(call)}
	found = [
		row
		for doctype, its_kind in searchable().items()
		if kind in (None, "", its_kind)
		for row in record_search.search(doctype, text, OF_EACH_DOCTYPE)
		if (doctype, row["name"]) not in taken
	]
	return sorted(found, key=lambda row: KINDS.index(row["kind"]))


def accept(call: str, row) -> None:
	"""row: of suggestions.offered. If it was offered for a participant who has no record yet, connect them with it."""
	associate(call, row.doctype, row.name)
	if any(person.name == row.participant and not person.party for person in voices.participants(call)):
		by_hand.connect(call, row.participant, row.doctype, row.name)
	add_what_follows(call, row.doctype, row.name)


def of_calls(calls: list[str]) -> dict[str, list[dict]]:
	"""For a list of calls: {call: [{"doctype", "kind", "name", "title"}]}, in the order of the call, `MOST_OF_A_CALL` of each at most.

	Only calls that the session's user sees, and records that they may read.
	"""
	visible = sql.run(
		"select `name` from `tabCall` where `name` in %(names)s and {visible}",
		{"names": [*calls, ""]},
		conditions={"visible": visible_calls()},
		pluck=True,
	)
	rows = frappe.get_all(
		"Call Association",
		filters={"parent": ["in", [*visible, ""]], "parenttype": "Call"},
		fields=["parent", "link_doctype", "link_name", "kind"],
		order_by="parent, idx",
	)
	known = titles((row.link_doctype, row.link_name) for row in rows)
	found: dict[str, list[dict]] = {}
	for row in rows:
		record = (row.link_doctype, row.link_name)
		if record in known and len(found.setdefault(row.parent, [])) < MOST_OF_A_CALL:
			found[row.parent].append(
				{"doctype": record[0], "kind": row.kind, "name": record[1], "title": known[record]}
			)
	return found
