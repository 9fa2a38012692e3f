"""Row locks that serialise changes to a call's participants and associations.

To avoid deadlocks rows are locked in this order: Processing Run, Call Recording, Call, and then rows that belong to the call.

In MariaDB plain reads show the transaction's snapshot even after it holds a lock. So decisions are based on locking reads:
participants always, associations and suggestions only if they were changed meanwhile. Not always, since a locking read that finds no row
takes a gap lock, which blocks inserts for other calls.
"""

import frappe
from frappe.utils import cint

from call_intelligence.transcript import recording_of


def hold(call: str) -> None:
	"""Lock the call until the transaction ends; call this before writing to the Call. The recording is locked first, as in edits."""
	seen = frappe.db.get_value("Call", call, "associations_version")
	if recording := recording_of(call):
		frappe.db.get_value("Call Recording", recording, "name", for_update=True)
	now = frappe.db.get_value("Call", call, "associations_version", for_update=True)
	if cint(seen) != cint(now):
		outdated().add(call)


def is_outdated(call: str) -> bool:
	"""Whether plain reads of associations and suggestions of a locked Call may be outdated"""
	return call in outdated()


def outdated() -> set[str]:
	"""Kept for the request or job. A false positive only costs one more locking read."""
	return frappe.flags.setdefault("call_intelligence_outdated", set())
