"""People are found, and their companies associated, unless somebody has said otherwise: new installations begin so as well."""

import frappe

SETTINGS = "Call Intelligence Settings"


def execute():
	saved = frappe.db.get_singles_dict(SETTINGS)
	for field in ("match_people", "associate_company"):
		if saved.get(field) is None:
			frappe.db.set_single_value(SETTINGS, field, 1)
