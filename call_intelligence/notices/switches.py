"""The user's switches for notices, next to Frappe's in Notification Settings."""

import frappe
from frappe import _
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields
from frappe.desk.doctype.notification_settings.notification_settings import (
	is_email_notifications_enabled,
	is_notifications_enabled,
)

SETTINGS = "Notification Settings"
IN_DESK, BY_MAIL = "call_intelligence_calls", "call_intelligence_calls_by_email"


def fields() -> list[dict]:
	"""With labels in English, as Frappe stores its own; Desk translates them."""
	label = _("When your calls are ready or could not be processed", "en")
	field = {"fieldtype": "Check", "label": label, "default": "1"}
	return [
		{
			**field,
			"fieldname": IN_DESK,
			"depends_on": "enabled",
			"insert_after": "energy_points_system_notifications",
		},
		{
			**field,
			"fieldname": BY_MAIL,
			"depends_on": f"eval: doc.enable_email_notifications && doc.{IN_DESK}",
			"insert_after": "enable_email_share",
		},
	]


def add() -> None:
	"""Both are on by default. Commits, as all changes of tables do."""
	create_custom_fields({SETTINGS: fields()})


def remove() -> None:
	"""Remove the fields and their columns, which Frappe would keep"""
	for field in (IN_DESK, BY_MAIL):
		name = f"{SETTINGS}-{field}"
		frappe.db.delete("Custom Field", {"name": name})
		frappe.db.delete("Version", {"ref_doctype": "Custom Field", "docname": name})
	frappe.db.commit()
	for field in (IN_DESK, BY_MAIL):
		if frappe.db.has_column(SETTINGS, field):
			frappe.db.sql_ddl(f"alter table `tab{SETTINGS}` drop column `{field}`")
	frappe.clear_cache(doctype=SETTINGS)


def wants_notices(user: str) -> bool:
	return bool(is_notifications_enabled(user)) and is_on(user, IN_DESK)


def wants_mails(user: str) -> bool:
	return bool(is_email_notifications_enabled(user)) and is_on(user, BY_MAIL)


def is_on(user: str, field: str) -> bool:
	if not frappe.get_meta(SETTINGS).has_field(field):
		# an administrator has removed it
		return True
	value = frappe.db.get_value(SETTINGS, user, field)
	return value is None or bool(value)
