"""Background job: searches older calls for new and changed terms. See terms/scans.py."""

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from call_intelligence.queue import enqueue, lease, resumable
from call_intelligence.terms import mentions, scans

DOCTYPE = "Term Scan"


def scan(scan: str) -> None:
	"""Works for a time slice, with several commits, and queues the rest: see queue/resumable.py. One scan runs at a time."""
	if others_work(scan):
		return
	resumable.run(scan, DOCTYPE, work)


def others_work(scan: str) -> bool:
	"""Whether another scan is running; it queues this one when it ends."""
	frappe.db.rollback()
	return bool(frappe.db.exists(DOCTYPE, {"status": "Running", "name": ["!=", scan]}))


def work(mine: lease.Lease) -> None:
	if resumable.attempts(mine) > resumable.MOST_ATTEMPTS:
		return fail(mine)
	something = scans.begin(mine.run)
	mine.check()
	if not something:
		frappe.db.delete(DOCTYPE, {"name": mine.run})
		return go_on()
	frappe.db.commit()
	if resumable.repeat(lambda: step(mine), mine, enqueue.scan_terms, slice_seconds()):
		finish(mine)


def slice_seconds() -> float:
	return cint(frappe.conf.get("call_intelligence_scan_seconds")) or resumable.SLICE_SECONDS


def step(mine: lease.Lease) -> bool:
	"""Search the next recordings and commit. -> whether there were any"""
	mine.check()
	recordings, terms = scans.ahead(mine.run)
	return resumable.committed(lambda: search(mine, recordings, terms))


def search(mine: lease.Lease, recordings: list[str], terms: list[str]) -> bool:
	found = mentions.search_again(recordings, terms) if recordings else 0
	# after the search: recordings and terms are locked before their scan
	mine.check()
	if recordings:
		scans.advance(mine.run, recordings, found)
	return bool(recordings)


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
