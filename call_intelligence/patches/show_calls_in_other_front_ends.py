import frappe

from call_intelligence.integrations import form_scripts


def execute():
	"""Add the button to Frappe CRM and Helpdesk, whose setting is on by default."""
	if frappe.get_cached_value("Call Intelligence Settings", None, "spa_buttons"):
		form_scripts.set_up(True)
