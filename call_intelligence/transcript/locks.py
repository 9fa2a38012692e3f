"""Locks of a call: changes of its participants and associations happen one after the other.

Rows are locked in one order, or two transactions would wait for each other (a deadlock): Processing Run, Call Recording, Call, and
then what belongs to the call.

MariaDB goes on showing a transaction what was there when it began to read, also once it holds a lock. So whatever is decided by is
read with locking reads: participants always, associations and suggestions where somebody has changed them meanwhile. Not always, since
a locking read that finds nothing holds the place where calls nearby would write.
"""

import frappe
from frappe.utils import cint

from call_intelligence.transcript import recording_of


def hold(call: str) -> None:
	"""Until the transaction ends; to be asked before it writes to the Call. The recording first, as edits of the transcript do."""
	seen = frappe.db.get_value("Call", call, "associations_version")
	if recording := recording_of(call):
		frappe.db.get_value("Call Recording", recording, "name", for_update=True)
	now = frappe.db.get_value("Call", call, "associations_version", for_update=True)
	if cint(seen) != cint(now):
		outdated().add(call)


def is_outdated(call: str) -> bool:
	"""Whether plain reads may show associations and suggestions of a held Call as they were before somebody changed them."""
	return call in outdated()


def outdated() -> set[str]:
	"""Kept for the request or job. A false positive only costs one more locking read."""
	return frappe.flags.setdefault("call_intelligence_outdated", set())
