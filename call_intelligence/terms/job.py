"""Background job: searches older calls for new and changed terms. See terms/scans.py."""

import time

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from call_intelligence.core.times import utc_now
from call_intelligence.queue import enqueue, lease
from call_intelligence.terms import mentions, scans

DOCTYPE = "Term Scan"
SLICE_SECONDS = 45  # then other jobs of the queue get their turn
MOST_ATTEMPTS = 5  # without progress
MOST_DEADLOCKS = 10
PAUSE_SECONDS = 0.2


def scan(scan: str) -> None:
	"""Works for a time slice, with several commits, and queues the rest. If the worker dies, the sweep queues the job again, and
	uncommitted work is repeated. One scan runs at a time."""
	if others_work(scan):
		return
	mine = lease.claim(scan, DOCTYPE)
	if not mine:
		return
	try:
		work(mine)
	except lease.LeaseLost:
		# the scan was deleted, or another worker has taken it over
		frappe.db.rollback()


def others_work(scan: str) -> bool:
	"""Whether another scan is running; it queues this one when it ends."""
	frappe.db.rollback()
	return bool(frappe.db.exists(DOCTYPE, {"status": "Running", "name": ["!=", scan]}))


def work(mine: lease.Lease) -> None:
	if cint(frappe.db.get_value(DOCTYPE, mine.run, "attempts")) > MOST_ATTEMPTS:
		return fail(mine)
	something = scans.begin(mine.run)
	mine.check()
	if not something:
		frappe.db.delete(DOCTYPE, {"name": mine.run})
		return go_on()
	frappe.db.commit()
	until = time.monotonic() + slice_seconds()
	while time.monotonic() < until:
		if not step(mine):
			return finish(mine)
	mine.release(heartbeat=utc_now())
	enqueue.scan_terms(mine.run)
	frappe.db.commit()


def slice_seconds() -> float:
	return cint(frappe.conf.get("call_intelligence_scan_seconds")) or SLICE_SECONDS


def step(mine: lease.Lease) -> bool:
	"""Search the next recordings and commit. -> whether there were any"""
	mine.check()
	recordings, terms = scans.ahead(mine.run)
	for attempt in range(MOST_DEADLOCKS):
		# start a new transaction with a fresh snapshot
		frappe.db.commit()
		try:
			found = mentions.search_again(recordings, terms) if recordings else 0
			mine.check()
			if recordings:
				scans.advance(mine.run, recordings, found)
			frappe.db.commit()
			return bool(recordings)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			# another transaction wrote to the same calls
			frappe.db.rollback()
			time.sleep(PAUSE_SECONDS * (attempt + 1))
	raise frappe.QueryDeadlockError


def finish(mine: lease.Lease) -> None:
	mine.release(status="Succeeded", finished_at=now_datetime(), progress=100, error=None)
	go_on()


def fail(mine: lease.Lease) -> None:
	scans.give_back(mine.run)
	mine.release(
		status="Failed",
		finished_at=now_datetime(),
		error=_(
			"The search of older calls stopped several times at the same call. See the Error Log, then try again."
		),
	)
	go_on()


def go_on() -> None:
	"""Queue the next scan."""
	waiting = frappe.db.get_value(DOCTYPE, {"status": "Queued"})
	if waiting:
		enqueue.scan_terms(waiting)
	frappe.db.commit()
