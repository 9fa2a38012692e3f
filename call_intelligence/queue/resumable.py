"""Long jobs in steps, which another worker can continue.

A row (Term Scan, Record Matching) stores the progress and the lease (lease.py). The job commits after each step and queues itself
again after its time slice; if the worker dies, the sweep does.
"""

import time
from collections.abc import Callable
from typing import TypeVar

import frappe
from frappe.utils import cint

from call_intelligence.core.times import utc_now
from call_intelligence.core.writing import CONCURRENT_WRITES
from call_intelligence.queue import lease

SLICE_SECONDS = 45  # then other jobs of the queue get their turn
MOST_ATTEMPTS = 5  # without progress: a step that succeeds sets the row's `attempts` to 0
MOST_DEADLOCKS = 10
PAUSE_SECONDS = 0.2

Result = TypeVar("Result")


def run(name: str, doctype: str, work: Callable[[lease.Lease], None]) -> None:
	"""Do the work of a row with its lease; nothing if the row is done, deleted or held by a live worker."""
	mine = lease.claim(name, doctype)
	if not mine:
		return
	try:
		work(mine)
	except lease.LeaseLost:
		# the row was deleted, or another worker has taken it over
		frappe.db.rollback()


def attempts(mine: lease.Lease) -> int:
	"""How often the work was taken up without progress, this time included"""
	return cint(frappe.db.get_value(mine.doctype, mine.run, "attempts"))


def repeat(
	step: Callable[[], bool],
	mine: lease.Lease,
	queue_again: Callable[[str], None],
	seconds: float | None = None,
) -> bool:
	"""Repeat `step` until it finds nothing more to do (-> True), or until the time slice is over and the rest is queued (-> False).

	step: commits, and returns whether there was anything to do.
	"""
	until = time.monotonic() + (SLICE_SECONDS if seconds is None else seconds)
	while step():
		if time.monotonic() > until:
			mine.release(heartbeat=utc_now())
			queue_again(mine.run)
			frappe.db.commit()
			return False
	return True


def committed(change: Callable[[], Result]) -> Result:
	"""Make a change in a transaction of its own and commit it; again, after a pause, if others wrote to the same rows.

	change: checks the lease. Raises the last of CONCURRENT_WRITES if others write to them all the time.
	"""
	for attempt in range(1, MOST_DEADLOCKS + 1):
		# start a new transaction with a fresh snapshot
		frappe.db.commit()
		try:
			result = change()
			frappe.db.commit()
			return result
		except CONCURRENT_WRITES:
			frappe.db.rollback()
			if attempt == MOST_DEADLOCKS:
				raise
			time.sleep(PAUSE_SECONDS * attempt)
	raise AssertionError("not reached")
