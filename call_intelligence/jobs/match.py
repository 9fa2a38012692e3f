"""A person's record has come or changed: it is matched to earlier calls."""

import frappe

from call_intelligence.matching import later


def match_record(doctype: str, name: str, user: str | None = None) -> None:
	"""Background job"""
	if user:
		frappe.set_user(user)
	# a record may be gone by the time that its turn has come
	if frappe.db.exists("DocType", doctype) and frappe.db.exists(doctype, name):
		later.match_record(doctype, name)
		frappe.db.commit()
