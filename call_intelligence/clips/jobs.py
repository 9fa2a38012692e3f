"""The recipients of a clip are told, once it is committed."""

import frappe

from call_intelligence.clips import access, tell


def tell_recipients(clip: str) -> None:
	"""Background job. Of a clip that has ended meanwhile nobody hears; who ends it now waits, and takes back what is written here."""
	if not frappe.db.get_value("Call Clip", clip, "name", for_update=True):
		return
	document = frappe.get_doc("Call Clip", clip)
	if access.is_live(document):
		tell.recipients(document)
