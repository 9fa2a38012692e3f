"""Background job: older calls are searched for terms that are new or have changed. See terms/scans.py for what a scan does."""

import time

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from call_intelligence.core.times import utc_now
from call_intelligence.queue import enqueue, lease
from call_intelligence.terms import mentions, scans

DOCTYPE = "Term Scan"
SLICE_SECONDS = 45  # then others on the same queue have their turn
MOST_ATTEMPTS = 5  # without getting anywhere
MOST_DEADLOCKS = 10
PAUSE_SECONDS = 0.2


def scan(scan: str) -> None:
	"""Goes on for a while, committing as it goes, and queues the rest; a worker that dies loses what it has not committed, which the
	next one does again: the sweep sees to it. One scan at a time."""
	if others_work(scan):
		return
	mine = lease.claim(scan, DOCTYPE)
	if not mine:
		return
	try:
		work(mine)
	except lease.LeaseLost:
		# somebody has deleted it, or taken it over
		frappe.db.rollback()


def others_work(scan: str) -> bool:
	"""Another one will queue this one when it ends."""
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
	"""Some recordings, committed. -> whether there were any"""
	mine.check()
	recordings, terms = scans.ahead(mine.run)
	for attempt in range(MOST_DEADLOCKS):
		# a new transaction, which has not read anything yet
		frappe.db.commit()
		try:
			found = mentions.search_again(recordings, terms) if recordings else 0
			mine.check()
			if recordings:
				scans.advance(mine.run, recordings, found)
			frappe.db.commit()
			return bool(recordings)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			# somebody else wrote to the same calls, and comes first
			frappe.db.rollback()
			time.sleep(PAUSE_SECONDS * (attempt + 1))
	raise frappe.QueryDeadlockError


def finish(mine: lease.Lease) -> None:
	mine.release(status="Succeeded", finished_at=now_datetime(), progress=100, error=None)
	go_on()


def fail(mine: lease.Lease) -> None:
	mine.release(
		status="Failed",
		finished_at=now_datetime(),
		error=_(
			"The search of older calls stopped several times at the same call. See the Error Log, then try again."
		),
	)
	scans.give_back(mine.run)
	go_on()


def go_on() -> None:
	"""With the next one that waits"""
	waiting = frappe.db.get_value(DOCTYPE, {"status": "Queued"})
	if waiting:
		enqueue.scan_terms(waiting)
	frappe.db.commit()
