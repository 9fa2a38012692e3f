"""Boot information for Desk, which saves forms a request."""

import frappe
from frappe.utils import cint, flt

from call_intelligence.core import storage
from call_intelligence.integrations.registry import association_doctypes
from call_intelligence.permissions import has_seat, is_desk_user, is_manager
from call_intelligence.queue import wake
from call_intelligence.speech.told import told


def extend_bootinfo(bootinfo) -> None:
	# Frappe's scheduler only counts logins, and people stay logged in for days
	wake.sweep_soon()
	settings = frappe.get_cached_doc("Call Intelligence Settings")
	bootinfo.call_intelligence = {
		"seat": has_seat(),
		"manager": is_manager(),
		"association_doctypes": association_doctypes(),
		"chunk_bytes": storage.CHUNK_BYTES,
		"max_file_bytes": cint(settings.max_file_size_mb) * 1024 * 1024,
		"max_hours": flt(settings.max_duration_hours),
		"languages": frappe.get_all(
			"Language",
			filters={"name": ["not like", "%-%"]},
			fields=["name", "language_name"],
			order_by="language_name",
			as_list=True,
		),
		"speech_models": told(settings),
	}


def has_app_permission() -> bool:
	"""Hook add_to_apps_screen: whether the session's user sees the app there."""
	return is_desk_user(frappe.session.user)
