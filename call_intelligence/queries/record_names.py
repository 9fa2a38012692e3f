"""The columns of calls with names of CRM records (people and firms), which only users who may read these records may see.

They have the permission level `LEVEL`, which no role has, so that Frappe leaves them out of lists, reports and exports. An
administrator may give it to roles that read all these records. Single documents are decided record by record: see
associations/record_names.py.
"""

import frappe

LEVEL = 2
# DocType -> {column with a name: column with the DocType of that record, or None}
COLUMNS: dict[str, dict[str, str | None]] = {
	"Call": {
		"contact": "contact_doctype",
		"company": "company_doctype",
		"deal": "deal_doctype",
		"ticket": "ticket_doctype",
	},
	"Call Association": {"link_name": "link_doctype", "link_title": None},
	"Call Participant": {"party": "party_type"},
}
# column with a name -> column with its DocType
NAMES = {name: doctype for columns in COLUMNS.values() for name, doctype in columns.items()}


def is_filter(doctype: str, name) -> bool:
	"""Whether filters may use this column although the user can't list it: guard/record_names.py has checked the values."""
	columns = COLUMNS.get(doctype, {})
	return isinstance(name, str) and (name in columns or name in filter(None, columns.values()))


def reads_all(user: str | None = None) -> bool:
	"""Whether `user` may list these columns with all values."""
	user = user or frappe.session.user
	return user == "Administrator" or LEVEL in frappe.get_meta("Call").get_permlevel_access("read", user=user)
