"""Background job: a person's record has come or changed, and is matched to earlier calls. See people/matching/later.py for what that does."""

import time

import frappe
from frappe.utils import cint

from call_intelligence.core.times import utc_now
from call_intelligence.people.matching import later
from call_intelligence.queue import enqueue, lease

SLICE_SECONDS = 45  # then others on the same queue have their turn
MOST_ATTEMPTS = 5  # without getting anywhere
MOST_DEADLOCKS = 10
PAUSE_SECONDS = 0.2


def match_record(matching: str) -> None:
	"""Goes on for a while, committing each call, and queues the rest; what a worker that dies leaves undone, the next one does: the
	sweep sees to it."""
	# whoever saved the record has not changed the calls
	frappe.set_user("Administrator")
	mine = lease.claim(matching, later.DOCTYPE)
	if not mine:
		return
	try:
		work(mine)
	except lease.LeaseLost:
		# somebody has taken it over
		frappe.db.rollback()


def work(mine: lease.Lease) -> None:
	until = time.monotonic() + SLICE_SECONDS
	attempts = cint(frappe.db.get_value(later.DOCTYPE, mine.run, "attempts"))
	if attempts > MOST_ATTEMPTS + 1:
		# not even the list of its calls can be had
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
	"""One call, committed; what goes wrong with it is written down, and stops nothing."""
	for attempt in range(MOST_DEADLOCKS):
		# a new transaction, which has not read anything yet
		frappe.db.commit()
		try:
			mine.check()
			later.match_again(call)
			later.had_its_turn(mine.run, call)
			return frappe.db.commit()
		except lease.LeaseLost:
			raise
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			# somebody else wrote to the same call, and comes first
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
