"""Notifies the recipients of a clip, once it is committed."""

import frappe

from call_intelligence.clips import access, tell


def tell_recipients(clip: str) -> None:
	"""Background job. Does nothing for a clip that has ended meanwhile. Locks the clip, so that ending it waits and removes the
	notifications written here."""
	if not frappe.db.get_value("Call Clip", clip, "name", for_update=True):
		return
	document = frappe.get_doc("Call Clip", clip)
	if access.is_live(document):
		tell.recipients(document)
