"""A Call and the CRM records it belongs to."""

import frappe
from frappe import _

from call_intelligence.integrations.registry import association_doctypes, kind_of, title_of

# kind -> the fields of Call that hold its first record of that kind, for list columns and filters
PRIMARY_FIELDS = {
	"Contact": (None, "contact"),
	"Company": ("company_doctype", "company"),
	"Deal": ("deal_doctype", "deal"),
	"Ticket": ("ticket_doctype", "ticket"),
}


def check_association(doctype: str, name: str) -> None:
	"""Raise unless it is a record of a known kind which the session's user may read."""
	if doctype not in association_doctypes():
		frappe.throw(
			_("A call cannot be associated with {0}. Possible here: {1}.").format(
				doctype or _("nothing"), ", ".join(association_doctypes())
			)
		)
	# the same answer for a record that is hidden and one that does not exist
	if not frappe.db.exists(doctype, name) or not frappe.has_permission(doctype, "read", doc=name):
		frappe.throw(
			_("{0} {1} does not exist, or you may not see it.").format(_(doctype), name),
			frappe.PermissionError,
		)


def check_new_associations(call) -> None:
	"""Nobody may bring a record into play that they cannot read; what others have linked stays."""
	if call.flags.ignore_permissions:
		return
	before = call.get_doc_before_save()
	known = {(row.link_doctype, row.link_name) for row in before.associations} if before else set()
	for row in call.associations:
		if (row.link_doctype, row.link_name) not in known:
			check_association(row.link_doctype, row.link_name)


def fill_associations(call) -> None:
	"""Kind and title of each association; a record named twice stays once."""
	seen, rows = set(), []
	for row in call.associations:
		key = (row.link_doctype, row.link_name)
		if key in seen:
			continue
		seen.add(key)
		kind = kind_of(row.link_doctype)
		# the app of the record may have been removed since: what was known about it stays
		if kind:
			row.kind = kind
			row.link_title = title_of(row.link_doctype, row.link_name)[:140]
		rows.append(row)
	call.set("associations", rows)


def fill_primary_records(call) -> None:
	for kind, (doctype_field, name_field) in PRIMARY_FIELDS.items():
		first = next((row for row in call.associations if row.kind == kind), None)
		if doctype_field:
			call.set(doctype_field, first.link_doctype if first else None)
		call.set(name_field, first.link_name if first else None)


def associated_records(call: str) -> list[tuple[str, str]]:
	"""[(DocType, name)] of the Call named `call`."""
	return frappe.get_all(
		"Call Association",
		filters={"parent": call, "parenttype": "Call"},
		fields=["link_doctype", "link_name"],
		as_list=True,
	)


def record_deleted(doc, method: str | None = None) -> None:
	"""doc_events "*": take a deleted record out of the calls that were linked to it; the calls stay."""
	if doc.doctype != "User" and doc.doctype not in association_doctypes():
		return
	if doc.doctype == "User":
		frappe.db.set_value("Call", {"call_owner": doc.name}, "call_owner", "Administrator")
		frappe.db.set_value("Call", {"notes_by": doc.name}, "notes_by", None)
	linked = {"link_doctype": doc.doctype, "link_name": doc.name}
	calls = frappe.get_all("Call Association", filters=linked, pluck="parent", distinct=True)
	frappe.db.delete("Call Association", linked)
	frappe.db.set_value(
		"Call Participant",
		{"party_type": doc.doctype, "party": doc.name},
		{"party_type": None, "party": None, "matched_by": None},
	)
	for name in calls:
		call = frappe.get_doc("Call", name)
		fill_primary_records(call)
		fields = [field for pair in PRIMARY_FIELDS.values() for field in pair if field]
		call.db_set({field: call.get(field) for field in fields}, update_modified=False)


def refresh_timelines(call) -> None:
	"""Tell everyone who has an associated record open that its calls changed."""
	for row in call.associations:
		frappe.publish_realtime(
			"call_intelligence_changed",
			{"doctype": row.link_doctype, "docname": row.link_name},
			doctype=row.link_doctype,
			docname=row.link_name,
			after_commit=True,
		)
