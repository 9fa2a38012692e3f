"""What workers do for clips: cut their sound, and notify their recipients."""

import frappe

from call_intelligence.clips import access, cutting, tell


def cut(clip: str) -> None:
	"""Background job; see clips/cutting.py"""
	cutting.cut(clip)


def cut_again(name: str) -> None:
	"""Background job"""
	cutting.cut_again(name)


def tell_recipients(clip: str) -> None:
	"""Background job. Does nothing for a clip that has ended meanwhile. Locks the clip, so that ending it waits and removes the
	notifications written here."""
	if not frappe.db.get_value("Call Clip", clip, "name", for_update=True):
		return
	document = frappe.get_doc("Call Clip", clip)
	if access.is_live(document):
		tell.recipients(document)
