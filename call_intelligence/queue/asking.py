"""Which requests come from a person, who is notified when the processing ends."""

import frappe


def person_who_asks() -> str | None:
	"""The user, where this is a request of somebody logged in at a browser.

	None for jobs, commands and requests with an API key or token: programs follow a call by its status, and an account that a
	telephone system uses has no use for a notice about each call.
	"""
	user = frappe.session.user
	if not getattr(frappe.local, "request", None) or user == "Guest":
		return None
	# Frappe's set_user, by which keys and tokens log in, makes no session and takes the user's name for its id
	return None if frappe.session.sid in (None, user) else user
