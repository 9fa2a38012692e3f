"""Decides when to notify a person: calls that end close together are combined into one notice."""

import time

import frappe
from redis.exceptions import RedisError

from call_intelligence.queries import sql
from call_intelligence.queue.stages import ACTIVE

RUN = "Processing Run"
ENDED = ("Succeeded", "Failed")
# seconds from the end of the first call while others are still being processed, and between further notices meanwhile
FIRST_WAIT, NEXT_WAIT = 5 * 60, 30 * 60
FORGOTTEN_AFTER = 3600  # seconds after the end of the wait


def ended_runs(user: str) -> list[str]:
	"""Ended runs that the user has not been notified of"""
	return frappe.get_all(
		RUN, filters={"notify": user, "status": ["in", ENDED]}, pluck="name", order_by="name"
	)


def people_to_tell() -> list[str]:
	"""Uses the index of the field, which is empty in nearly all runs; a filter "is set" reads all runs in some versions of Frappe."""
	return sql.run(
		"select distinct `notify` from `tabProcessing Run` where `notify` > '' and `status` in %(ended)s order by `notify`",
		{"ended": ENDED},
		pluck=True,
	)


def is_time(user: str) -> bool:
	"""Whether to notify now: no other call of theirs is being processed, or they have waited long enough."""
	if not frappe.db.exists(RUN, {"notify": user, "status": ["in", ACTIVE]}):
		forget(user)
		return True
	until = waits_until(user)
	if until is None:
		wait(user, FIRST_WAIT)
		return False
	if time.time() < until:
		return False
	wait(user, NEXT_WAIT)
	return True


def waits_until(user: str) -> float | None:
	"""Seconds since the epoch"""
	try:
		kept = frappe.cache.get(key(user))
	except RedisError:
		return None
	return float(kept) if kept else None


def wait(user: str, seconds: float) -> None:
	try:
		frappe.cache.set(key(user), time.time() + seconds, ex=int(seconds) + FORGOTTEN_AFTER)
	except RedisError:
		# one notice of all calls follows in the end
		pass


def forget(user: str) -> None:
	try:
		frappe.cache.delete(key(user))
	except RedisError:
		pass


def key(user: str):
	return frappe.cache.make_key(f"call_intelligence_notices|{user}")
