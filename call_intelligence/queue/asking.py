"""Recognises requests of people, who are notified when the processing ends."""

import frappe


def person_who_asks() -> str | None:
	"""The user, if this is a request of a user logged in with a browser

	None for jobs, commands and requests with an API key or token: programs poll a call's status, and the account of a telephone
	system has no use for notices.
	"""
	user = frappe.session.user
	if not getattr(frappe.local, "request", None) or user == "Guest":
		return None
	# keys and tokens log in with Frappe's set_user, which creates no session and uses the user's name as its id
	return None if frappe.session.sid in (None, user) else user
