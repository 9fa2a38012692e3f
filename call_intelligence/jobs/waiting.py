"""Delays the next attempt of a run without a scheduler: its job waits on the queue until it is due.

Frappe runs no RQ scheduler. The job is queued at once. A worker keeps it until it is due, as long as its queues hold no other job
that could run; otherwise it puts the job at the end of the queue. The job's id contains the time when it is due, so that two
waiting jobs don't displace each other. If a worker dies while it waits, the sweep queues the run again after that time.
"""

import re
import time

import frappe
from frappe.utils.background_jobs import get_redis_conn
from rq import Worker, get_current_job

from call_intelligence.core.times import utc_now
from call_intelligence.queue import enqueue

POLL_SECONDS = 1
# after this the job is queued again, so that no job waits for long in a worker
MOST_SECONDS = 300
LOOKED_AT = 100  # jobs at the head of each queue
DUE = re.compile(r"-due-(\d+)$")


def its_time_comes(run: str) -> bool:
	"""Wait until the run may be tried again. -> False if the run was queued again instead, and this job has to end."""
	if not seconds_left(run):
		return True
	worker = my_worker()
	if not worker:
		# called directly, not by a worker
		return True
	until = time.monotonic() + MOST_SECONDS
	while left := seconds_left(run):
		if others_wait(worker) or worker.shutdown_requested_date or time.monotonic() > until:
			enqueue.enqueue_run(run, due_in=left)
			frappe.db.commit()
			return False
		time.sleep(min(left, POLL_SECONDS))
	return True


def seconds_left(run: str) -> float:
	"""Until the run may be tried again; 0 if it does not wait"""
	# a new transaction: it may have been cancelled, deleted or taken up meanwhile
	frappe.db.rollback()
	row = frappe.db.get_value("Processing Run", run, ["status", "next_attempt_at"], as_dict=True)
	if not row or row.status != "Queued" or not row.next_attempt_at:
		return 0
	return max((row.next_attempt_at - utc_now()).total_seconds(), 0)


def my_worker() -> Worker | None:
	connection = get_redis_conn()
	job = get_current_job(connection=connection)
	if not job or not job.worker_name:
		return None
	return Worker.find_by_key(
		f"{Worker.redis_worker_namespace_prefix}{job.worker_name}", connection=connection
	)


def others_wait(worker: Worker) -> bool:
	"""Whether a queue of this worker holds a job that could be done now."""
	now = time.time()
	return any(due_at(job) <= now for queue in worker.queues for job in queue.get_job_ids(0, LOOKED_AT))


def due_at(job_id: str) -> float:
	"""Seconds since the epoch; 0 for a job that waits for no time"""
	found = DUE.search(job_id)
	return float(found[1]) if found else 0
