"""Queues the sweep on dormant sites, where Frappe's scheduler runs only once a day after four days without a login."""

import frappe
from redis.exceptions import RedisError

from call_intelligence.queue import enqueue

EVERY_SECONDS = 60
KEY = "call_intelligence_swept"


def sweep_soon() -> None:
	"""Queue a sweep, unless one was queued or begun within the last minute on this site.

	Called when an unfinished call is viewed, a recording is uploaded or a job ends. Costs one Redis command. Never raises: without
	Redis there is no queue either.
	"""
	try:
		if frappe.cache.set(key(), 1, nx=True, ex=EVERY_SECONDS):
			enqueue.sweep()
	except RedisError:
		frappe.logger("call_intelligence").warning("The sweep could not be queued", exc_info=True)


def sweep_begins() -> None:
	"""Start the minute in which `sweep_soon` queues no other sweep."""
	try:
		frappe.cache.set(key(), 1, ex=EVERY_SECONDS)
	except RedisError:
		frappe.logger("call_intelligence").warning("Redis does not answer", exc_info=True)


def job_ended(method: str | None = None, **kwargs) -> None:
	"""Hook after_job: each of our jobs queues a sweep when it ends."""
	if str(method).startswith("call_intelligence."):
		sweep_soon()


def key() -> str:
	return frappe.cache.make_key(KEY)
