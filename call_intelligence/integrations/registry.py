"""Maps the site's DocTypes to kinds: Contacts, Companies, Deals, Tickets, Leads and Meetings.

Other apps are found at run time, and no DocType named here has to exist. Call Intelligence Settings can disable a DocType, change its
kind, or add others.
"""

import frappe

from call_intelligence.integrations import core, crm, erpnext, helpdesk
from call_intelligence.integrations.objects import CrmObject, by_its_meta, here

KINDS = ("Contact", "Company", "Deal", "Ticket", "Lead", "Meeting")
# DocType -> its description; for each kind the preferred DocType comes first
KNOWN = {**core.OBJECTS, **crm.OBJECTS, **helpdesk.OBJECTS, **erpnext.OBJECTS}
# kinds that a participant can be linked to
PEOPLE = ("Contact", "Lead")

CACHE_KEY = "call_intelligence_association_doctypes"
MAPPING = "CRM Object Mapping"
OUR_MODULE = "Call Intelligence"


def association_doctypes() -> dict[str, str]:
	"""{DocType: kind} of the installed apps. Cached until Frappe's next clear-cache (install, migrate)."""
	return frappe.cache.get_value(CACHE_KEY, find_installed)


def forget_installed(app_name: str | None = None) -> None:
	"""Hooks clear_cache, after_app_install and after_app_uninstall: Frappe 15.0.0-dev keeps other apps' keys."""
	frappe.cache.delete_value(CACHE_KEY)
	if frappe.db:
		# the cache of `is_installed`, which Frappe keeps as long as the connection
		frappe.db.value_cache.clear()


def find_installed() -> dict[str, str]:
	wanted = dict(overrides())
	for doctype, known in KNOWN.items():
		wanted.setdefault(doctype, known.kind)
	possible = usable([doctype for doctype, kind in wanted.items() if kind])
	return {doctype: kind for doctype, kind in wanted.items() if kind and doctype in possible}


def overrides() -> list[tuple[str, str | None]]:
	"""[(DocType, kind, or None if disabled)] from Settings; the last entry for a DocType counts."""
	# also called while this app is being installed
	if not frappe.db.table_exists(MAPPING):
		return []
	rows = frappe.get_all(MAPPING, fields=["link_doctype", "kind", "enabled"], order_by="idx")
	return [(row.link_doctype, row.kind if row.enabled else None) for row in rows if row.link_doctype]


def usable(doctypes: list[str]) -> set[str]:
	"""DocTypes that a call can be associated with: they exist, have records, and don't belong to this app."""
	return set(
		frappe.get_all(
			"DocType",
			filters={
				"name": ["in", [*doctypes, ""]],
				"istable": 0,
				"issingle": 0,
				"is_virtual": 0,
				"module": ["!=", OUR_MODULE],
			},
			pluck="name",
		)
	) - {"User", "DocType"}


def kind_of(doctype: str) -> str | None:
	return association_doctypes().get(doctype)


def doctypes_of(*kinds: str) -> list[str]:
	return [doctype for doctype, kind in association_doctypes().items() if kind in kinds]


def describe(doctype: str) -> CrmObject:
	"""The description of a DocType of `association_doctypes`"""
	kind = kind_of(doctype)
	known = KNOWN.get(doctype) or by_its_meta(doctype, kind, doctypes_of("Company"))
	return here(doctype, known)


def title_of(doctype: str, name: str) -> str:
	"""The record's title: its title field, or its name"""
	field = frappe.get_meta(doctype).get_title_field()
	if field == "name":
		return str(name)
	return str(frappe.db.get_value(doctype, name, field) or name)


def is_installed(doctype: str) -> bool:
	return bool(frappe.db.exists("DocType", doctype, cache=True))
