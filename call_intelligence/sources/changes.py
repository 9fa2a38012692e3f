"""Changes at the provider to a call that we have: renamed, deleted, recovered. Our recording stays in each case."""

import frappe
from frappe import _

from call_intelligence.ingest.details import text
from call_intelligence.integrations.sources.types import RemoteCall
from call_intelligence.sources.accounts import Account

CHANGES = ("deleted", "recovered", "renamed")
LONGEST_TITLE = 140


def apply(account: Account, call: RemoteCall, name: str | None) -> str:
	"""name: the Call, if there is one -> what was done, for people"""
	if not name:
		return _("The call is not known here.")
	if call.state == "renamed":
		return rename(call, name)
	note = (
		_("The recording was deleted at {0}. The copy here stays.")
		if call.state == "deleted"
		else _("The recording was recovered at {0}.")
	).format(_(account.provider.label))
	frappe.get_doc("Call", name).add_comment("Info", note)
	return note


def rename(call: RemoteCall, name: str) -> str:
	"""Give the Call its new title, unless somebody has given it another one: `reason` has the former title."""
	# both as a title is stored
	title, before = text(call.title, LONGEST_TITLE), text(call.reason, LONGEST_TITLE)
	if not title or frappe.db.get_value("Call", name, "title") != before:
		return _("The title was changed here, and stays.")
	doc = frappe.get_doc("Call", name)
	doc.title = title
	doc.save(ignore_permissions=True)
	return _("The call has its new title.")
