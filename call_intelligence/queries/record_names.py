"""The columns of calls that hold names of CRM records: names of people and firms, which are for those who may read these records.

They have the permission level `LEVEL`, which no role has, so that Frappe leaves them out of lists, reports and exports. An
administrator may give it to roles that read all these records. Documents are decided record by record: see record_names/.
"""

import frappe

LEVEL = 2
# DocType -> {column with a name: column with the DocType of that record, or None}
COLUMNS = {
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
	"""Whether filters may name this column although their sender cannot list it: guard/record_names.py has looked at the values."""
	columns = COLUMNS.get(doctype, {})
	return isinstance(name, str) and (name in columns or name in filter(None, columns.values()))


def reads_all(user: str | None = None) -> bool:
	"""Whether `user` may list these columns, whatever they hold."""
	user = user or frappe.session.user
	return user == "Administrator" or LEVEL in frappe.get_meta("Call").get_permlevel_access("read", user=user)
