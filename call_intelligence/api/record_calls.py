"""The calls of a CRM record, for the front ends of other apps."""

import frappe

from call_intelligence.api.arguments import checked
from call_intelligence.api.panels import recordings_dialog
from call_intelligence.associations import linking
from call_intelligence.queue import wake
from call_intelligence.queue.stages import is_finished


# the `call` of these front ends sends POST, also for what it reads
@frappe.whitelist(methods=["POST"])
@checked()
def get(doctype: str, name: str) -> dict:
	"""The newest calls of a record that the session's user may read. -> see panels/recordings_dialog.py; PermissionError for other records"""
	linking.check_association(doctype, name)
	shown = recordings_dialog.describe(doctype, name)
	if not all(is_finished(call["status"]) for call in shown["calls"]):
		wake.sweep_soon()
	return shown
