"""A person's record has come or changed: it is matched to earlier calls."""

import frappe

from call_intelligence.matching import later


def match_record(doctype: str, name: str) -> None:
	"""Background job"""
	# whoever saved the record has not changed the calls
	frappe.set_user("Administrator")
	# a record may be gone by the time that its turn has come
	if frappe.db.exists("DocType", doctype) and frappe.db.exists(doctype, name):
		later.match_record(doctype, name)
		frappe.db.commit()
