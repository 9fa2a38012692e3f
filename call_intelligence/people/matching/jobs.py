"""Background job: matches a person's record to earlier calls after it was created or changed. See people/matching/later.py."""

from collections.abc import Iterator

import frappe

from call_intelligence.core.writing import CONCURRENT_WRITES
from call_intelligence.people.matching import later
from call_intelligence.queue import enqueue, lease, resumable


def match_record(matching: str) -> None:
	"""Works for a time slice, committing after each call, and queues the rest: see queue/resumable.py."""
	# otherwise the calls would show the user who saved the record as the one who changed them
	frappe.set_user("Administrator")
	resumable.run(matching, later.DOCTYPE, work)


def work(mine: lease.Lease) -> None:
	attempts = resumable.attempts(mine)
	if attempts > resumable.MOST_ATTEMPTS + 1:
		# even listing its calls fails
		row = frappe.db.get_value(later.DOCTYPE, mine.run, ["record_doctype", "record"], as_dict=True)
		frappe.log_error(
			"Call Intelligence: a record could not be matched to earlier calls",
			f"{row.record_doctype} {row.record}",
		)
		return finish(mine)
	calls = later.calls_ahead(mine.run)
	if calls and attempts > resumable.MOST_ATTEMPTS:
		pass_over(mine, calls.pop(0), "the worker died several times")
	ahead = iter(calls)
	if resumable.repeat(lambda: step(mine, ahead), mine, enqueue.match_record):
		finish(mine)


def finish(mine: lease.Lease) -> None:
	mine.check()
	frappe.db.delete(later.DOCTYPE, {"name": mine.run})
	frappe.db.commit()


def step(mine: lease.Lease, ahead: Iterator[str]) -> bool:
	"""Match the next call and commit; one that fails is logged and passed over. -> whether there was one"""
	call = next(ahead, None)
	if call is None:
		return False
	try:
		resumable.committed(lambda: match(mine, call))
	except lease.LeaseLost:
		raise
	except CONCURRENT_WRITES:
		pass_over(mine, call, "others were writing to it all the time")
	except Exception:
		frappe.db.rollback()
		pass_over(mine, call, frappe.get_traceback())
	return True


def match(mine: lease.Lease, call: str) -> None:
	mine.check()
	later.match_again(call)
	later.had_its_turn(mine.run, call)


def pass_over(mine: lease.Lease, call: str, why: str) -> None:
	mine.check()
	frappe.log_error(
		"Call Intelligence: people could not be found", why, reference_doctype="Call", reference_name=call
	)
	later.had_its_turn(mine.run, call)
	frappe.db.commit()
