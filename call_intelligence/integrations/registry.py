"""Which DocTypes of the site are Contacts, Companies, Deals, Tickets, Leads and Meetings.

Other apps are found at run time: nothing here names a DocType that has to exist. Call Intelligence Settings may switch a DocType
off, give it another part, or name one that nobody here has heard of.
"""

import frappe

from call_intelligence.integrations import core, crm, erpnext, helpdesk
from call_intelligence.integrations.objects import CrmObject, by_its_meta, here

KINDS = ("Contact", "Company", "Deal", "Ticket", "Lead", "Meeting")
# DocType -> what is known about it; of each kind the one preferred first
KNOWN = {**core.OBJECTS, **crm.OBJECTS, **helpdesk.OBJECTS, **erpnext.OBJECTS}
# those that a participant of a call may be
PEOPLE = ("Contact", "Lead")

CACHE_KEY = "call_intelligence_association_doctypes"
MAPPING = "CRM Object Mapping"
OUR_MODULE = "Call Intelligence"


def association_doctypes() -> dict[str, str]:
	"""{DocType: kind} of what is installed on this site. Cached until Frappe's next clear-cache (install, migrate)."""
	return frappe.cache.get_value(CACHE_KEY, find_installed)


def forget_installed(app_name: str | None = None) -> None:
	"""Hooks clear_cache, after_app_install and after_app_uninstall: Frappe 15.0.0-dev keeps other apps' keys."""
	frappe.cache.delete_value(CACHE_KEY)
	if frappe.db:
		# what `is_installed` has been told, which Frappe remembers as long as the connection
		frappe.db.value_cache.clear()


def find_installed() -> dict[str, str]:
	wanted = dict(overrides())
	for doctype, known in KNOWN.items():
		wanted.setdefault(doctype, known.kind)
	possible = usable([doctype for doctype, kind in wanted.items() if kind])
	return {doctype: kind for doctype, kind in wanted.items() if kind and doctype in possible}


def overrides() -> list[tuple[str, str | None]]:
	"""[(DocType, kind, or None where it is switched off)] as Settings have it; the last word on a DocType counts."""
	# asked while this app is being installed as well
	if not frappe.db.table_exists(MAPPING):
		return []
	rows = frappe.get_all(MAPPING, fields=["link_doctype", "kind", "enabled"], order_by="idx")
	return [(row.link_doctype, row.kind if row.enabled else None) for row in rows if row.link_doctype]


def usable(doctypes: list[str]) -> set[str]:
	"""Those of the DocTypes whose records a call may be associated with: they are there, have records, and are not ours."""
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
	"""The fields that matter of a DocType of `association_doctypes`."""
	kind = kind_of(doctype)
	known = KNOWN.get(doctype) or by_its_meta(doctype, kind, doctypes_of("Company"))
	return here(doctype, known)


def title_of(doctype: str, name: str) -> str:
	"""What people call the record: its title field, or its name."""
	field = frappe.get_meta(doctype).get_title_field()
	if field == "name":
		return str(name)
	return str(frappe.db.get_value(doctype, name, field) or name)


def is_installed(doctype: str) -> bool:
	return bool(frappe.db.exists("DocType", doctype, cache=True))
