"""Background job: matches a person's record to earlier calls after it was created or changed. See people/matching/later.py."""

import time

import frappe
from frappe.utils import cint

from call_intelligence.core.times import utc_now
from call_intelligence.people.matching import later
from call_intelligence.queue import enqueue, lease

SLICE_SECONDS = 45  # then other jobs of the queue get their turn
MOST_ATTEMPTS = 5  # without progress
MOST_DEADLOCKS = 10
PAUSE_SECONDS = 0.2


def match_record(matching: str) -> None:
	"""Works for a time slice, committing after each call, and queues the rest; if the worker dies, the sweep queues the job again."""
	# otherwise the calls would show the user who saved the record as the one who changed them
	frappe.set_user("Administrator")
	mine = lease.claim(matching, later.DOCTYPE)
	if not mine:
		return
	try:
		work(mine)
	except lease.LeaseLost:
		# another worker has taken it over
		frappe.db.rollback()


def work(mine: lease.Lease) -> None:
	until = time.monotonic() + SLICE_SECONDS
	attempts = cint(frappe.db.get_value(later.DOCTYPE, mine.run, "attempts"))
	if attempts > MOST_ATTEMPTS + 1:
		# even listing its calls fails
		row = frappe.db.get_value(later.DOCTYPE, mine.run, ["record_doctype", "record"], as_dict=True)
		frappe.log_error(
			"Call Intelligence: a record could not be matched to earlier calls",
			f"{row.record_doctype} {row.record}",
		)
		return finish(mine)
	stuck = attempts > MOST_ATTEMPTS
	for call in later.calls_ahead(mine.run):
		if stuck:
			pass_over(mine, call, "the worker died several times")
			stuck = False
		else:
			step(mine, call)
		if time.monotonic() > until:
			mine.release(heartbeat=utc_now())
			enqueue.match_record(mine.run)
			return frappe.db.commit()
	finish(mine)


def finish(mine: lease.Lease) -> None:
	mine.check()
	frappe.db.delete(later.DOCTYPE, {"name": mine.run})
	frappe.db.commit()


def step(mine: lease.Lease, call: str) -> None:
	"""Match one call and commit. Errors are logged, and the next call is tried."""
	for attempt in range(MOST_DEADLOCKS):
		# start a new transaction with a fresh snapshot
		frappe.db.commit()
		try:
			mine.check()
			later.match_again(call)
			later.had_its_turn(mine.run, call)
			return frappe.db.commit()
		except lease.LeaseLost:
			raise
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			# another transaction wrote to the same call
			frappe.db.rollback()
			time.sleep(PAUSE_SECONDS * (attempt + 1))
		except Exception:
			frappe.db.rollback()
			return pass_over(mine, call, frappe.get_traceback())
	pass_over(mine, call, "others were writing to it all the time")


def pass_over(mine: lease.Lease, call: str, why: str) -> None:
	mine.check()
	frappe.log_error(
		"Call Intelligence: people could not be found", why, reference_doctype="Call", reference_name=call
	)
	later.had_its_turn(mine.run, call)
	frappe.db.commit()
