"""The part of Call Intelligence Settings about the records that calls belong to."""

import frappe
from frappe import _

from call_intelligence import permissions
from call_intelligence.associations import announcements, linking
from call_intelligence.integrations import form_scripts, registry

EVERYONE = {"All", "Guest", "Desk User"}


def validate(settings) -> None:
	"""Check new rows only: those of a removed app stay, without effect until it is installed again."""
	before = settings.get_doc_before_save()
	known = set(rows(before)) if before else set()
	seen = set()
	for row in settings.crm_objects:
		if row.link_doctype in seen:
			frappe.throw(_("{0} is in the list twice.").format(frappe.utils.escape_html(row.link_doctype)))
		seen.add(row.link_doctype)
	for doctype, _kind, enabled in set(rows(settings)) - known:
		if enabled and doctype not in registry.usable([doctype]):
			frappe.throw(
				_(
					"A call cannot be associated with {0}. Choose a DocType whose records have forms of their own."
				).format(frappe.utils.escape_html(doctype))
			)


def changed(settings) -> None:
	registry.forget_installed()
	before = settings.get_doc_before_save()
	if before and rows(before) != rows(settings):
		linking.mapping_changed()
	form_scripts.set_up(bool(settings.spa_buttons))
	announcements.settings_changed()


def show(settings) -> None:
	"""Data about this site for the form"""
	settings.set_onload("objects", registry.association_doctypes())
	settings.set_onload("spas", form_scripts.possible())
	settings.set_onload("open_to_all", open_to_all())


def open_to_all() -> list[str]:
	"""Association DocTypes whose records, and so their calls, every user with a login may read, by role alone: CRM Lead before Frappe
	CRM 1.57"""
	found = []
	narrowed = frappe.get_hooks("permission_query_conditions")
	for doctype in registry.association_doctypes():
		if doctype in narrowed or not permissions.reading_shows_calls(doctype):
			continue
		readers = {
			row.role
			for row in frappe.get_meta(doctype).permissions
			if row.read and not row.permlevel and not row.if_owner
		}
		if readers & EVERYONE:
			found.append(doctype)
	return found


def rows(settings) -> list[tuple[str, str, int]]:
	return [(row.link_doctype, row.kind, int(row.enabled or 0)) for row in settings.crm_objects]
