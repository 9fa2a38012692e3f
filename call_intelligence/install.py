"""What installing adds beyond DocTypes: the two roles. `uninstall.py` is its mirror."""

import frappe

from call_intelligence.permissions import MANAGER_ROLE, USER_ROLE


def before_install() -> None:
	# DocType permissions name the roles, so they come first
	for role in (USER_ROLE, MANAGER_ROLE):
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(
				ignore_permissions=True
			)


def after_install() -> None:
	from call_intelligence.integrations.registry import CACHE_KEY

	settings = frappe.get_single("Call Intelligence Settings")
	settings.flags.ignore_permissions = True
	settings.save()
	frappe.cache.delete_value(CACHE_KEY)
