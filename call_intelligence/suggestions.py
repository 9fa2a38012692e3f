"""Records that a call may belong to, and nobody has decided: offered to those who may edit it, never linked by themselves.

What people have removed or dismissed stays here as well, so that nothing adds it again.
"""

import frappe

from call_intelligence import locks
from call_intelligence.integrations.registry import association_doctypes, title_of

DOCTYPE = "Association Suggestion"
OFFERED, DISMISSED = "Offered", "Dismissed"


def state_of(call: str, doctype: str, name: str) -> str | None:
	"""OFFERED, DISMISSED, or None for what has never come up."""
	return frappe.db.get_value(DOCTYPE, key(call, doctype, name), "state", for_update=locks.is_outdated(call))


def key(call: str, doctype: str, name: str) -> dict:
	return {"call": call, "link_doctype": doctype, "link_name": str(name)}


def offer(call: str, doctype: str, name: str, reason: str, participant: str | None = None) -> bool:
	"""Unless the call has the record already, or somebody has decided against it. -> whether it is new"""
	record = {"link_doctype": doctype, "link_name": str(name)}
	parent = {"parent": call, "parenttype": "Call"}
	if frappe.db.get_value("Call Association", {**parent, **record}, for_update=locks.is_outdated(call)):
		return False
	if state_of(call, doctype, name):
		return False
	write(call, doctype, name, {"state": OFFERED, "reason": reason, "participant": participant})
	return True


def dismiss(call: str, doctype: str, name: str) -> None:
	"""The record is not offered again, nor linked automatically."""
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
	"""What was said about the record no longer holds: somebody has linked it."""
	frappe.db.delete(DOCTYPE, key(call, doctype, name))


def forget_all(call: str) -> None:
	frappe.db.delete(DOCTYPE, {"call": call})


def forget_record(doctype: str, name: str) -> None:
	frappe.db.delete(DOCTYPE, {"link_doctype": doctype, "link_name": str(name)})


def merge_doubles(doctype: str, name: str) -> None:
	"""Two records have become one: one word about it for each call, and a refusal counts."""
	rows = frappe.get_all(
		DOCTYPE,
		filters={"link_doctype": doctype, "link_name": str(name)},
		fields=["name", "call", "state"],
		# refusals first
		order_by="state asc, creation",
	)
	seen = set()
	for row in rows:
		if row.call in seen:
			frappe.db.delete(DOCTYPE, {"name": row.name})
		seen.add(row.call)


def offered(call: str) -> list[dict]:
	"""What the session's user may read of what is offered: [{"id", "doctype", "name", "title", "kind", "reason", "participant"}]"""
	kinds = association_doctypes()
	rows = frappe.get_all(
		DOCTYPE,
		filters={"call": call, "state": OFFERED, "link_doctype": ["in", [*kinds, ""]]},
		fields=["name as id", "link_doctype as doctype", "link_name as name", "reason", "participant"],
		order_by="creation",
	)
	return [
		{**row, "title": title_of(row.doctype, row.name), "kind": kinds[row.doctype]}
		for row in rows
		if frappe.has_permission(row.doctype, "read", doc=row.name)
	]
