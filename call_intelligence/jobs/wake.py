"""Wakes the sweep without the scheduler, which Frappe lets run once a day where nobody has logged in for four days."""

import frappe
from redis.exceptions import RedisError

from call_intelligence.jobs import enqueue

EVERY_SECONDS = 60
KEY = "call_intelligence_swept"


def sweep_soon() -> None:
	"""Queue a sweep, unless one was queued or begun within the last minute on this site.

	For whoever looks at a waiting call, sends one, or ends a job. Costs one command of Redis, and never fails: without Redis
	there is no queue to put anything on.
	"""
	try:
		if cache().set(key(), 1, nx=True, ex=EVERY_SECONDS):
			enqueue.sweep()
	except RedisError:
		frappe.logger("call_intelligence").warning("The sweep could not be queued", exc_info=True)


def sweep_begins() -> None:
	"""Nobody needs to queue another one for a minute."""
	try:
		cache().set(key(), 1, ex=EVERY_SECONDS)
	except RedisError:
		frappe.logger("call_intelligence").warning("Redis does not answer", exc_info=True)


def job_ended(method: str | None = None, **kwargs) -> None:
	"""Hook after_job: the end of a job of ours also takes up what was lost or is due."""
	if str(method).startswith("call_intelligence."):
		sweep_soon()


def cache():
	return frappe.cache()


def key() -> str:
	return frappe.cache().make_key(KEY)
