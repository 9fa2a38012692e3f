"""Switches on the matching of people and of their companies, the default of new installations, unless a value has been saved."""

import frappe

SETTINGS = "Call Intelligence Settings"


def execute():
	saved = frappe.db.get_singles_dict(SETTINGS)
	for field in ("match_people", "associate_company"):
		if saved.get(field) is None:
			frappe.db.set_single_value(SETTINGS, field, 1)
