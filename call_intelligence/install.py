"""Installs what isn't a DocType: the two roles, the columns of the list of calls, the switches of notices, and the source for the CRM's
call logs. `uninstall.py` removes it."""

import json

import frappe
from frappe import _

from call_intelligence.notices import switches
from call_intelligence.permissions import MANAGER_ROLE, USER_ROLE


def before_install() -> None:
	# before the DocTypes, whose permissions name the roles
	for role in (USER_ROLE, MANAGER_ROLE):
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(
				ignore_permissions=True
			)


LIST_COLUMNS = ("start_time", "duration", "call_owner", "contact", "company", "deal", "ticket", "direction")


def after_install() -> None:
	from call_intelligence.integrations.conversions import index_leads
	from call_intelligence.integrations.registry import forget_installed
	from call_intelligence.sources import call_logs

	settings = frappe.get_single("Call Intelligence Settings")
	settings.flags.ignore_permissions = True
	settings.save()
	forget_installed()
	choose_list_columns()
	index_addresses_of_files()
	index_leads()
	switches.add()
	call_logs.ensure()


def index_addresses_of_files() -> None:
	"""`guard.files` looks up Files by their address. From 16 on Frappe creates this index itself; it stays after an uninstall."""
	frappe.db.add_index("File", ["file_url(100)"])


def choose_list_columns() -> None:
	"""Without this Desk shows four columns. An administrator's choice is kept."""
	if frappe.db.exists("List View Settings", "Call"):
		return
	meta = frappe.get_meta("Call")
	columns = [
		{"fieldname": "title", "label": _(meta.get_label("title"))},
		{"type": "Status", "label": _("Status"), "fieldname": "status_field"},
		*({"fieldname": name, "label": _(meta.get_label(name))} for name in LIST_COLUMNS),
	]
	settings = frappe.get_doc(
		{
			"doctype": "List View Settings",
			"name": "Call",
			# Desk offers 10 at most, and counts the hidden column of tags
			"total_fields": str(len(columns) + 1),
			"fields": json.dumps(columns),
		}
	)
	settings.db_insert()
