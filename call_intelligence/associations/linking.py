"""Links Calls to the CRM records that they belong to."""

import frappe
from frappe import _
from frappe.utils import cint

from call_intelligence import permissions
from call_intelligence.associations import announcements, suggestions, trust
from call_intelligence.core import live, writing
from call_intelligence.core.mixin import Mixin
from call_intelligence.integrations import form_scripts
from call_intelligence.integrations.conversions import index_leads
from call_intelligence.integrations.registry import (
	association_doctypes,
	forget_installed,
	is_installed,
	kind_of,
	title_of,
)
from call_intelligence.integrations.relations import companies_of
from call_intelligence.queries import persons, sql
from call_intelligence.transcript import locks, participant_rows

# kind -> the fields of Call with its first record of that kind, for list columns and filters. All are Dynamic Links: through a Link
# field Frappe's lists reveal any field of the linked record to people who may not read it
PRIMARY_FIELDS = {
	"Contact": ("contact_doctype", "contact"),
	"Company": ("company_doctype", "company"),
	"Deal": ("deal_doctype", "deal"),
	"Ticket": ("ticket_doctype", "ticket"),
}


def check_association(doctype: str, name: str) -> None:
	"""Raise unless it is a record of a known kind that the session's user may read."""
	if doctype not in association_doctypes():
		frappe.throw(
			_("A call cannot be associated with {0}. Possible here: {1}.").format(
				frappe.utils.escape_html(doctype or "") or _("nothing"), ", ".join(association_doctypes())
			)
		)
	if not frappe.db.exists(doctype, name) or not frappe.has_permission(doctype, "read", doc=name):
		refuse_association(doctype, name)


def check_associations(records: list[tuple[str, str]]) -> None:
	"""`check_association` for many (DocType, name), with the condition of Frappe's lists, in one query per DocType."""
	by_doctype: dict[str, list[str]] = {}
	for doctype, name in dict.fromkeys(records):
		if doctype not in by_doctype and doctype not in association_doctypes():
			check_association(doctype, name)
		by_doctype.setdefault(doctype, []).append(name)
	for doctype, names in by_doctype.items():
		if len(names) == 1:
			check_association(doctype, names[0])
			continue
		readable = permissions.readable_records(doctype, frappe.session.user)
		rows = readable and sql.run(
			f"select `name` from `tab{doctype}` where `tab{doctype}`.`name` in %(names)s and ({{readable}})",
			{"names": names},
			conditions={"readable": readable},
			pluck=True,
		)
		found = {str(name) for name in rows or ()}
		for name in names:
			if name not in found:
				refuse_association(doctype, name)


def refuse_association(doctype: str, name: str) -> None:
	# don't reveal whether a record exists
	frappe.throw(
		_("{0} {1} does not exist, or you may not see it.").format(
			_(doctype), frappe.utils.escape_html(str(name))
		),
		frappe.PermissionError,
	)


def check_new_associations(call) -> None:
	"""Raise if a user links a record that they can't read; existing links of others stay."""
	if call.flags.ignore_permissions:
		return
	before = call.get_doc_before_save()
	old = {row.name: (row.link_doctype, row.link_name) for row in before.associations} if before else {}
	# known records are not exempt, since that would reveal hidden links; only those of uninstalled apps are
	gone = {record for record in old.values() if not is_installed(record[0])}
	records = [
		(row.link_doctype, row.link_name)
		for row in call.associations
		if old.get(row.name) != (row.link_doctype, row.link_name)
	]
	check_associations([record for record in records if record not in gone])


class VanishingLinks(Mixin):
	"""Document with Dynamic Links whose DocTypes may be uninstalled: excludes those from Frappe's check of links.

	vanishing: ((field with the DocType, field with the name), ...). check_new_associations checks new ones.
	"""

	vanishing: tuple[tuple[str, str], ...] = ()

	def get_invalid_links(self, *args, **kwargs):
		kept = {
			field: self.get(field)
			for pair in self.vanishing
			if self.get(pair[0]) and not is_installed(self.get(pair[0]))
			for field in pair
		}
		self.update(dict.fromkeys(kept))
		try:
			return super().get_invalid_links(*args, **kwargs)
		finally:
			self.update(kept)


def fill_associations(call) -> None:
	"""Set kind and title of each association, and remove duplicates."""
	seen, rows = set(), []
	for row in call.associations:
		key = (row.link_doctype, row.link_name)
		if key in seen:
			continue
		seen.add(key)
		kind = kind_of(row.link_doctype)
		# if the record's app has been removed, its last known values stay
		if kind:
			row.kind = kind
			row.link_title = title_of(row.link_doctype, row.link_name)[:140]
		rows.append(row)
	for number, row in enumerate(rows, start=1):
		row.idx = number
	call.set("associations", rows)


def fill_primary_records(call) -> None:
	call.update(primary_records(call.associations))


def primary_records(rows) -> dict:
	"""{field of Call: its value}"""
	present, values = association_doctypes(), {}
	for kind, (doctype_field, name_field) in PRIMARY_FIELDS.items():
		first = next((row for row in rows if row.kind == kind and row.link_doctype in present), None)
		values[doctype_field] = first.link_doctype if first else None
		values[name_field] = first.link_name if first else None
	return values


# ------------------------------------------------------------------------------------------------ single associations


def association_rows(call: str) -> list[frappe._dict]:
	"""[{"name", "idx", "link_doctype", "link_name", "link_title", "kind", "automatic"}] in their order"""
	association = frappe.qb.DocType("Call Association")
	fields = ("name", "idx", "link_doctype", "link_name", "link_title", "kind", "automatic")
	query = (
		frappe.qb.from_(association)
		.select(*(association[field] for field in fields))
		.where((association.parent == call) & (association.parenttype == "Call"))
		.orderby(association.idx)
	)
	return (query.for_update() if locks.is_outdated(call) else query).run(as_dict=True)


def associate(call_name: str, doctype: str, name: str, automatic: bool = False) -> bool:
	"""Add an association to the Call unless it exists. Checks no permission, does not commit. -> whether it is new

	automatic: not by a user; then a record that a user removed or dismissed is not added again.
	"""
	kind, name = kind_of(doctype), str(name)
	if not kind or not frappe.db.exists(doctype, name):
		return False
	# serialises transactions that add the same record
	locks.hold(call_name)
	if automatic and suggestions.state_of(call_name, doctype, name) == suggestions.DISMISSED:
		return False
	rows = association_rows(call_name)
	suggestions.forget(call_name, doctype, name)
	if any((row.link_doctype, row.link_name) == (doctype, name) for row in rows):
		return False
	frappe.get_doc(
		{
			"doctype": "Call Association",
			"parent": call_name,
			"parenttype": "Call",
			"parentfield": "associations",
			"idx": max((row.idx for row in rows), default=0) + 1,
			"link_doctype": doctype,
			"link_name": name,
			"link_title": title_of(doctype, name)[:140],
			"kind": kind,
			"automatic": int(automatic),
		}
	).db_insert()
	associations_changed(call_name)
	announcements.queue_announcement(call_name)
	refresh_timeline(doctype, name)
	return True


def dissociate(call_name: str, row: str) -> tuple[str, str] | None:
	"""Remove the association with this row name from the Call, and mark the record as dismissed.

	Checks no permission, does not commit. -> (DocType, name) of the record, or None if there is no such row
	"""
	locks.hold(call_name)
	found = next((known for known in association_rows(call_name) if known.name == row), None)
	if not found:
		return None
	record = (found.link_doctype, found.link_name)
	announcements.remove_of([row])
	frappe.db.delete("Call Association", {"name": row})
	suggestions.dismiss(call_name, *record)
	associations_changed(call_name)
	refresh_timeline(*record)
	return record


def dismiss(call_name: str, doctype: str, name: str) -> None:
	"""Dismiss a suggestion: the record is neither suggested again nor linked automatically. Checks no permission, does not
	commit.
	"""
	locks.hold(call_name)
	suggestions.dismiss(call_name, doctype, name)
	associations_changed(call_name)


def associate_company_of(call_name: str, doctype: str, name: str) -> list[tuple[str, str]]:
	"""Link the company of a person, deal or ticket to the Call, if the call's owner may read it. Ambiguous and untrusted ones (see
	trust.py) become suggestions. -> [(DocType, name)] of the companies that are linked now
	"""
	if not kind_of(doctype) or not frappe.get_cached_value(
		"Call Intelligence Settings", None, "associate_company"
	):
		return []
	locks.hold(call_name)
	call = frappe.db.get_value("Call", call_name, ["name", "call_owner", "creation"], as_dict=True)
	present = {(row.link_doctype, row.link_name) for row in association_rows(call_name)}
	companies = [
		company
		for company in companies_of(doctype, name)
		if persons.may(call.call_owner or frappe.session.user, "read", *company)
	]
	added = []
	for company_doctype, company in companies:
		several = sum(other == company_doctype for other, _name in companies) > 1
		known = (company_doctype, company) in present
		if several or not (known or trust.may_link(call, company_doctype, company)):
			suggestions.offer(call_name, company_doctype, company, "Company")
			continue
		associate(call_name, company_doctype, company, automatic=True)
		if suggestions.state_of(call_name, company_doctype, company) != suggestions.DISMISSED:
			added.append((company_doctype, company))
	return added


def associations_changed(call_name: str) -> None:
	"""Update the primary records, and the version by which outdated forms are recognised."""
	locks.hold(call_name)
	version = frappe.db.get_value("Call", call_name, "associations_version", for_update=True)
	values = {**primary_records(association_rows(call_name)), "associations_version": cint(version) + 1}
	writing.set_value("Call", call_name, values, update_modified=False)


# ------------------------------------------------------------------------------------------------ saving the form


def keep_associations(call) -> None:
	"""An outdated copy of the document may add associations, but removes none."""
	before = call.get_doc_before_save()
	if not before:
		return
	if cint(call.associations_version) != cint(before.associations_version):
		known = {row.name for row in before.associations}
		added = [row for row in call.associations if row.is_new() and row.name not in known]
		call.set("associations", [*before.associations, *added])
		call.associations_version = cint(before.associations_version) + bool(added)
		return
	now = {(row.link_doctype, row.link_name) for row in call.associations}
	was = {(row.link_doctype, row.link_name) for row in before.associations}
	for record in was - now:
		suggestions.dismiss(call.name, *record)
	call.associations_version = cint(before.associations_version) + (now != was)


def keep_comments(call, before) -> None:
	"""The comments that announce the call are known from the database only, and don't move to another record."""
	stored = {key_of(row): row.comment for row in before.associations} if before else {}
	for row in call.associations:
		row.comment = stored.get(key_of(row))
	if before:
		kept = {key_of(row) for row in call.associations}
		announcements.remove_of([row.name for row in before.associations if key_of(row) not in kept])


def key_of(row) -> tuple[str, str, str]:
	return (row.name, row.link_doctype, row.link_name)


def hide_vanished(call) -> None:
	"""Hide links to uninstalled DocTypes from the form, because Frappe's lookup of their titles fails."""
	for row, doctype_field, name_field in dynamic_links(call):
		doctype = row.get(doctype_field)
		if doctype and not is_installed(doctype):
			row.set(name_field, None)


def restore_hidden(call, before) -> None:
	"""Put back the links that `hide_vanished` took out of the form."""
	stored = {row.name: row for row in [*before.associations, *before.participants]}
	for row, doctype_field, name_field in dynamic_links(call):
		was = stored.get(row.name)
		if (
			was
			and not row.get(name_field)
			and was.get(name_field)
			and not is_installed(was.get(doctype_field))
		):
			row.set(doctype_field, was.get(doctype_field))
			row.set(name_field, was.get(name_field))
	for row in call.associations:
		if row.name in stored and not kind_of(row.link_doctype):
			# the title can't be looked up without the DocType
			row.link_title = stored[row.name].link_title


def dynamic_links(call):
	"""(document or row, field with the DocType, field with the name) of all links of the Call"""
	for doctype_field, name_field in PRIMARY_FIELDS.values():
		yield call, doctype_field, name_field
	for row in call.associations:
		yield row, "link_doctype", "link_name"
	for row in call.participants:
		yield row, "party_type", "party"


# ------------------------------------------------------------------------------------------------ changes of records and apps


def record_deleted(doc, method: str | None = None) -> None:
	"""doc_events "*": unlink a deleted record from its calls; the calls stay."""
	if doc.doctype != "User" and doc.doctype not in association_doctypes():
		return
	if doc.doctype == "User":
		frappe.db.set_value("Call", {"call_owner": doc.name}, "call_owner", "Administrator")
		frappe.db.set_value("Call", {"notes_by": doc.name}, "notes_by", None)
	linked = {"link_doctype": doc.doctype, "link_name": str(doc.name)}
	calls = frappe.get_all(
		"Call Association", filters=linked, pluck="parent", distinct=True, order_by="parent"
	)
	# calls before their rows: see locks.py
	for name in calls:
		locks.hold(name)
	frappe.db.delete("Call Association", linked)
	participant_rows.forget_record(doc.doctype, str(doc.name))
	suggestions.forget_record(doc.doctype, doc.name)
	for name in calls:
		associations_changed(name)


def record_renamed(doc, method: str | None = None, old: str = "", new: str = "", merge: bool = False) -> None:
	"""doc_events "*", after_rename: Frappe has moved the links already; update titles and remove duplicates."""
	if doc.doctype not in association_doctypes() or not frappe.db.table_exists(suggestions.DOCTYPE):
		return
	linked = {"link_doctype": doc.doctype, "link_name": new}
	rows = frappe.get_all(
		"Call Association",
		filters=linked,
		fields=["name", "parent", "automatic", "comment"],
		order_by="parent, idx",
	)
	first: dict = {}
	title = title_of(doc.doctype, new)[:140]
	for row in rows:
		kept = first.setdefault(row.parent, row)
		if kept is not row:
			announcements.remove_of([row.name])
			frappe.db.delete("Call Association", {"name": row.name})
			if not row.automatic:
				# one of the two was linked by hand
				frappe.db.set_value("Call Association", kept.name, "automatic", 0, update_modified=False)
	writing.set_value("Call Association", linked, "link_title", title, update_modified=False)
	for name in first:
		associations_changed(name)
		suggestions.forget(name, doc.doctype, new)
	suggestions.merge_doubles(doc.doctype, new)


def apps_changed(app_name: str | None = None) -> None:
	"""Hooks after_app_install and after_app_uninstall: DocTypes were added or removed."""
	forget_installed()
	# also called during the installation of this app
	if frappe.db.table_exists("Call Association"):
		mapping_changed()
		index_leads()
		# add buttons to an app that was installed later
		if frappe.get_cached_value("Call Intelligence Settings", None, "spa_buttons"):
			form_scripts.set_up(True)


def mapping_changed() -> None:
	"""Update kinds and primary records of all calls after a change of Settings or installed apps, with one statement each."""
	for doctype, kind in association_doctypes().items():
		frappe.db.sql(
			"update `tabCall Association` set `kind` = %s where `link_doctype` = %s and ifnull(`kind`, '') != %s",
			(kind, doctype, kind),
		)
	present = [*association_doctypes(), ""]
	for kind, (doctype_field, name_field) in PRIMARY_FIELDS.items():
		first = """select `parent`, substring_index(group_concat(`name` order by `idx` separator '\n'), '\n', 1) as `row`
			from `tabCall Association`
			where `parenttype` = 'Call' and `kind` = %(kind)s and `link_doctype` in %(present)s group by `parent`"""
		frappe.db.sql(
			f"""update `tabCall`
			left join ({first}) chosen on chosen.`parent` = `tabCall`.`name`
			left join `tabCall Association` assoc on assoc.`name` = chosen.`row`
			set `tabCall`.`{name_field}` = assoc.`link_name`, `tabCall`.`{doctype_field}` = assoc.`link_doctype`""",
			{"kind": kind, "present": present},
		)  # nosemgrep


def refresh_timelines(call) -> None:
	"""Tell everyone who has an associated record open that its calls changed."""
	for row in call.associations:
		refresh_timeline(row.link_doctype, row.link_name)


def refresh_timeline(doctype: str, name: str) -> None:
	live.tell_of("call_intelligence_changed", {"doctype": doctype, "docname": name}, doctype, name)
