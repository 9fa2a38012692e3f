"""The call that was made of a log of the CRM, for the button in the log's form."""

import frappe
from frappe import _

from call_intelligence.api.arguments import checked
from call_intelligence.ingest.keys import source_key
from call_intelligence.integrations import call_logs
from call_intelligence.integrations.sources.call_logs import KEY
from call_intelligence.permissions import can_see


@frappe.whitelist(methods=["GET"])
@checked()
def review(doctype: str, name: str) -> dict:
	"""-> {"call": name, or None if the log has none that the session's user sees}; PermissionError for logs that they may not read"""
	return {"call": call_of(doctype, readable(doctype, name))}


def readable(doctype: str, name: str) -> str:
	"""The log's exact name, which the database would also find by others"""
	known = call_logs.log_type(doctype) and frappe.db.get_value(doctype, {"name": name}, "name")
	if not known or not frappe.has_permission(doctype, "read", doc=known):
		frappe.throw(_("This log does not exist, or you may not read it."), frappe.PermissionError)
	return known


def call_of(doctype: str, name: str) -> str | None:
	"""Also of a source that has been switched off since"""
	sources = frappe.get_all("Recording Source", filters={"provider": KEY}, pluck="name")
	keys = [source_key(source, call_logs.external_id(doctype, name)) for source in sources]
	calls = frappe.get_all("Call Recording", filters={"source_key": ["in", [*keys, ""]]}, pluck="call")
	return next((call for call in calls if can_see(call)), None)
