"""Checks permissions of users other than the session's user."""

from collections import defaultdict
from contextlib import contextmanager

import frappe


@contextmanager
def asked_as(user: str):
	"""Context in which the session's user is `user`, since permission hooks of other apps may read the session instead of their argument.

	Replaces only the session and Frappe's caches of it; `frappe.set_user` would also reset the request. For reading only: nothing
	may be written as `user`.
	"""
	session = frappe.local.session
	if session.user == user:
		yield
		return
	before = {name: session.get(name) for name in ("user", "data")}
	permissions = getattr(frappe.local, "user_perms", None)
	answers = getattr(frappe.local, "request_cache", defaultdict(dict))
	try:
		session.update({"user": user, "data": frappe._dict()})
		frappe.local.user_perms, frappe.local.request_cache = None, defaultdict(dict)
		yield
	finally:
		session.update(before)
		frappe.local.user_perms, frappe.local.request_cache = permissions, answers


def may(user: str, ptype: str, doctype: str, doc) -> bool:
	"""`frappe.has_permission` for a user, as in a request of theirs."""
	with asked_as(user):
		return bool(frappe.has_permission(doctype, ptype, doc=doc, user=user))
