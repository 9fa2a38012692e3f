"""What installing adds beyond DocTypes: the two roles, the columns of the list of calls, and the switches of notices. `uninstall.py` is
its mirror."""

import json

import frappe
from frappe import _

from call_intelligence.notices import switches
from call_intelligence.permissions import MANAGER_ROLE, USER_ROLE


def before_install() -> None:
	# DocType permissions name the roles, so they come first
	for role in (USER_ROLE, MANAGER_ROLE):
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(
				ignore_permissions=True
			)


LIST_COLUMNS = ("start_time", "duration", "call_owner", "contact", "company", "deal", "ticket", "direction")


def after_install() -> None:
	from call_intelligence.integrations.registry import forget_installed

	settings = frappe.get_single("Call Intelligence Settings")
	settings.flags.ignore_permissions = True
	settings.save()
	forget_installed()
	choose_list_columns()
	index_addresses_of_files()
	switches.add()


def index_addresses_of_files() -> None:
	"""The index that Frappe makes from 16 on: `guard.files` looks Files up by their address. It stays when the app goes."""
	frappe.db.add_index("File", ["file_url(100)"])


def choose_list_columns() -> None:
	"""Without this Desk shows four columns; what an administrator has chosen since stays."""
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
