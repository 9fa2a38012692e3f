"""Which DocTypes of the site are Contacts, Companies, Deals, Tickets, Leads and Meetings.

Other apps are found at run time: nothing here names a DocType that has to exist.
"""

import frappe

# kind -> DocTypes that play this part, the one preferred first
KINDS = {
	"Contact": ["Contact"],
	"Company": ["CRM Organization", "Customer"],
	"Deal": ["CRM Deal", "Opportunity"],
	"Ticket": ["HD Ticket", "Issue"],
	"Lead": ["CRM Lead", "Lead"],
	"Meeting": ["Event"],
}
CACHE_KEY = "call_intelligence_association_doctypes"


def association_doctypes() -> dict[str, str]:
	"""{DocType: kind} of what is installed on this site. Cached until Frappe's next clear-cache (install, migrate)."""
	return frappe.cache.get_value(CACHE_KEY, find_installed)


def forget_installed(app_name: str | None = None) -> None:
	"""Hooks clear_cache, after_app_install and after_app_uninstall: Frappe 15.0.0-dev keeps other apps' keys."""
	frappe.cache.delete_value(CACHE_KEY)


def find_installed() -> dict[str, str]:
	kind_of = {doctype: kind for kind, doctypes in KINDS.items() for doctype in doctypes}
	installed = set(
		frappe.get_all("DocType", filters={"name": ["in", list(kind_of)], "istable": 0}, pluck="name")
	)
	return {doctype: kind for doctype, kind in kind_of.items() if doctype in installed}


def kind_of(doctype: str) -> str | None:
	return association_doctypes().get(doctype)


def title_of(doctype: str, name: str) -> str:
	"""What people call the record: its title field, or its name."""
	field = frappe.get_meta(doctype).get_title_field()
	if field == "name":
		return str(name)
	return str(frappe.db.get_value(doctype, name, field) or name)
