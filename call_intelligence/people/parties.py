"""The records that a participant may be: Contacts, Leads and Users."""

import frappe
from frappe import _

from call_intelligence.associations import announcements, linking
from call_intelligence.integrations.conversions import made_from
from call_intelligence.integrations.registry import describe, doctypes_of, kind_of
from call_intelligence.integrations.relations import companies_of
from call_intelligence.people.recognition import address

PEOPLE = ("Contact", "Lead")


def doctypes() -> list[str]:
	return [*doctypes_of(*PEOPLE), "User"]


def check(doctype: str, name: str) -> None:
	"""Raise unless it is a person whom the session's user may read. The error doesn't reveal whether the record exists."""
	if doctype not in doctypes():
		frappe.throw(
			_("A participant cannot be connected with {0}. Possible here: {1}.").format(
				doctype or _("nothing"), ", ".join(doctypes())
			)
		)
	if not (is_colleague(name) if doctype == "User" else is_readable(doctype, name)):
		frappe.throw(
			_("{0} {1} does not exist, or you may not see it.").format(
				_(doctype), frappe.utils.escape_html(name)
			),
			frappe.PermissionError,
		)


def is_readable(doctype: str, name: str) -> bool:
	return bool(frappe.db.exists(doctype, name)) and bool(frappe.has_permission(doctype, "read", doc=name))


def is_colleague(user: str) -> bool:
	"""Whether it is an enabled System User. Their names are no secret: Desk shows them for assignments and mentions."""
	return bool(frappe.db.get_value("User", {"name": user, "enabled": 1, "user_type": "System User"}))


def emails_of(doctype: str, name: str) -> set[str]:
	"""E-mail addresses in the form of recognition.address"""
	if doctype == "User":
		# see matching.find.colleague_with
		found = [name]
	else:
		found = []
		for path in describe(doctype).emails:
			table, _dot, field = path.rpartition(".")
			if table:
				options = frappe.get_meta(doctype).get_field(table).options
				found += frappe.get_all(options, filters={"parent": name, "parenttype": doctype}, pluck=field)
			else:
				found.append(frappe.db.get_value(doctype, name, field))
	return {address(email) for email in found if email and "@" in email}


def withdraw(call: str, doctype: str, name: str) -> None:
	"""Remove the associations (record, its company, and what it was converted to) that were added only because a participant was this record.

	Associations added by hand stay, and so do those that another participant or record leads to.
	"""
	if doctype == "User":
		return
	parents = {"parent": call, "parenttype": "Call"}
	if frappe.db.exists("Call Participant", {**parents, "party_type": doctype, "party": name}):
		return
	rows = linking.association_rows(call)
	own = next((row for row in rows if (row.link_doctype, row.link_name) == (doctype, name)), None)
	if own and not own.automatic:
		return
	gone = [own] if own else []
	became = set(made_from(doctype, name))
	gone += [row for row in rows if row.automatic and (row.link_doctype, row.link_name) in became]
	companies = set(companies_of(doctype, name)) if kind_of(doctype) else set()
	others = set()
	for row in rows:
		if (
			row not in gone
			and row.kind in ("Contact", "Lead", "Deal", "Ticket")
			and kind_of(row.link_doctype)
		):
			others |= set(companies_of(row.link_doctype, row.link_name))
	gone += [row for row in rows if row.automatic and (row.link_doctype, row.link_name) in companies - others]
	announcements.remove_of([row.name for row in gone])
	for row in gone:
		frappe.db.delete("Call Association", {"name": row.name})
	if gone:
		linking.associations_changed(call)
	for row in gone:
		linking.refresh_timeline(row.link_doctype, row.link_name)
