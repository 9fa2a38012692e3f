"""Searches of older calls for new and changed terms: their terms and progress.

A Term Scan searches all recordings in the order of their names, some per transaction, and stores the last one. It takes the terms that
need it when it begins; later changes wait for the next scan, and at most one scan waits.

Rows are locked in this order, also when terms are changed: Call Recording, Tracked Term, Term Scan.
"""

import json

import frappe
from frappe.utils import cint, now_datetime

from call_intelligence.core import writing
from call_intelligence.core.times import utc_now
from call_intelligence.queue import enqueue
from call_intelligence.terms import rules

RECORDINGS_AT_ONCE = 10  # locked for less than a second
KEPT_SCANS = 20


# ------------------------------------------------------------------------------------------------ requesting a scan


def note_change(term) -> None:
	"""Called while a Tracked Term is validated: set whether older calls must be searched for it."""
	before = term.get_doc_before_save()
	changed = not before or rules.matching(before) != rules.matching(term)
	# from the database, since the form may have been opened before a search
	waiting = cint(before.needs_scan) if before else 0
	term.needs_scan = int(bool(cint(term.enabled) and (changed or waiting)))
	term.flags.matching_changed = changed


def request_if_needed(term) -> None:
	"""Called after a Tracked Term was saved."""
	before = term.get_doc_before_save()
	if before and not cint(term.enabled) and cint(before.enabled):
		forget_mentions(term.name)
	elif before and before.title != term.title:
		writing.set_value(
			"Term Mention", {"term": term.name}, "term_title", term.title, update_modified=False
		)
	if term.needs_scan and term.flags.matching_changed:
		request()


def request() -> str:
	"""Queue a scan that starts after the current transaction is committed, unless one waits already. -> its name"""
	waiting = frappe.db.get_value("Term Scan", {"status": "Queued"}, for_update=True)
	if waiting:
		return waiting
	doc = frappe.get_doc({"doctype": "Term Scan", "status": "Queued", "heartbeat": utc_now()})
	scan = doc.insert(ignore_permissions=True).name
	enqueue.scan_terms(scan)
	return scan


def give_back(scan: str) -> None:
	"""Hand the terms of a scan that ends early over to the next one."""
	# terms are locked before their scan
	rules.lock(json.loads(frappe.db.get_value("Term Scan", scan, "terms") or "[]"))
	names = json.loads(frappe.db.get_value("Term Scan", scan, "terms", for_update=True) or "[]")
	if names:
		frappe.db.set_value(
			"Tracked Term", {"name": ["in", names], "enabled": 1}, "needs_scan", 1, update_modified=False
		)


def try_again() -> None:
	"""Request a scan for the terms of failed scans."""
	if frappe.db.exists("Tracked Term", {"needs_scan": 1}):
		request()


def forget_term(name: str) -> None:
	# a search locks this row before it writes mentions, so that none can be written after this
	frappe.db.get_value("Tracked Term", name, "name", for_update=True)
	forget_mentions(name)


def forget_mentions(term: str) -> None:
	frappe.db.delete("Term Mention", {"term": term})


# ------------------------------------------------------------------------------------------------ processing the calls


def begin(scan: str) -> bool:
	"""Take the terms that need a search and count the recordings; a scan that has begun continues. Does not commit.
	-> whether there is anything to search for"""
	if frappe.db.get_value("Term Scan", scan, "started_at"):
		return True
	term = frappe.qb.DocType("Tracked Term")
	names = frappe.qb.from_(term).select(term.name).where(term.needs_scan == 1).for_update().run(pluck=True)
	if not names:
		return False
	frappe.qb.update(term).set(term.needs_scan, 0).where(term.name.isin(names)).run()
	write(
		scan,
		terms=json.dumps(sorted(names)),
		started_at=now_datetime(),
		calls_total=frappe.db.count("Call Recording"),
	)
	return True


def ahead(scan: str) -> tuple[list[str], list[str]]:
	"""-> (the next recordings, the terms to search them for)"""
	last, names = frappe.db.get_value("Term Scan", scan, ["last_recording", "terms"])
	terms = json.loads(names or "[]")
	return (after(last or "") if terms else []), terms


def advance(scan: str, recordings: list[str], found: int) -> None:
	"""Record that these recordings have been searched; found: number of mentions. Does not commit."""
	row = frappe.db.get_value(
		"Term Scan", scan, ["calls_done", "calls_total", "mentions_found"], as_dict=True, for_update=True
	)
	done = cint(row.calls_done) + len(recordings)
	# recordings may have been added since it began
	total = max(cint(row.calls_total), done)
	write(
		scan,
		last_recording=recordings[-1],
		calls_done=done,
		calls_total=total,
		progress=100 * done / total,
		mentions_found=cint(row.mentions_found) + found,
		# there is progress: count attempts from zero
		attempts=0,
		heartbeat=utc_now(),
	)


def after(recording: str) -> list[str]:
	table = frappe.qb.DocType("Call Recording")
	return (
		frappe.qb.from_(table)
		.select(table.name)
		.where(table.name > recording)
		.orderby(table.name)
		.limit(RECORDINGS_AT_ONCE)
	).run(pluck=True)


def write(scan: str, **values) -> None:
	writing.set_value("Term Scan", scan, values, update_modified=False)


def remove_old_scans() -> None:
	"""Daily job: delete all but the newest scans."""
	for name in frappe.get_all(
		"Term Scan",
		filters={"status": ["not in", enqueue.ACTIVE]},
		order_by="creation desc",
		limit_start=KEPT_SCANS,
		limit_page_length=1000,
		pluck="name",
	):
		frappe.db.delete("Term Scan", {"name": name})


# ------------------------------------------------------------------------------------------------ reporting


def latest() -> frappe._dict | None:
	found = frappe.get_all(
		"Term Scan",
		fields=[
			"name",
			"status",
			"calls_done",
			"calls_total",
			"mentions_found",
			"error",
			"creation",
			"finished_at",
		],
		order_by="creation desc",
		limit=2,
	)
	# a running scan matters more to users than one that waits
	return next((row for row in found if row.status == "Running"), found[0] if found else None)


def state() -> dict | None:
	"""{"status", "done", "total", "found", "waiting": whether another one follows, "error"} of the running scan, or of the latest one"""
	row = latest()
	if not row:
		return None
	return {
		"name": row.name,
		"status": row.status,
		"done": cint(row.calls_done),
		"total": cint(row.calls_total),
		"found": cint(row.mentions_found),
		"error": row.error,
		"waiting": bool(row.status != "Queued" and frappe.db.exists("Term Scan", {"status": "Queued"})),
	}
