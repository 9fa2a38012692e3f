"""Jobs of the scheduler: find runs that no worker processes, and clean up. queue/wake.py queues the sweep if the scheduler does not run."""

import shutil
import time
from datetime import datetime, timedelta, timezone

import frappe
from frappe.utils import add_to_date, now_datetime
from frappe.utils.background_jobs import get_job
from pypika import Order

from call_intelligence.associations import conversions
from call_intelligence.clips import cutting, ending, sound
from call_intelligence.core import quota, storage, writing
from call_intelligence.core.times import from_utc, to_utc, utc_now
from call_intelligence.notices.when import people_to_tell
from call_intelligence.permissions import forget_followers
from call_intelligence.playlists.permissions import forget_followers_of_playlists
from call_intelligence.queue import enqueue, progress, wake
from call_intelligence.queue.lease import is_alive, lease_seconds
from call_intelligence.queue.stages import FAILED, QUEUED, READY
from call_intelligence.sources import deliveries, downloads, polling
from call_intelligence.speech import messages, playback
from call_intelligence.terms.scans import remove_old_scans

ANALYSED_AT_ONCE = 300
RUNS_KEPT_DAYS = 90
ON_ITS_WAY = timedelta(seconds=30)
"""between the commit of what waits and its job on the queue"""
IN_QUEUE = ("queued", "deferred", "scheduled")


def sweep() -> list[str]:
	"""Every minute: queue lost and due runs again; returns the names of those Processing Runs.

	- Running, but the lease has lapsed: the worker died
	- Queued, and the time of the next attempt has come
	- Queued, but its job is no longer in the queue: Redis lost it

	The same for Term Scans, Record Matchings and Source Deliveries, which are not returned.
	"""
	wake.sweep_begins()
	found = sweep_once()
	frappe.db.commit()
	return found


def sweep_now() -> None:
	"""Background job of queue/wake.py. Runs as Administrator, since the user whose request queued it did not ask for the work."""
	frappe.set_user("Administrator")
	sweep()


def sweep_once() -> list[str]:
	"""Like `sweep`, without a commit. All queries use indexes: the cost depends on the unfinished work, not on the number of calls."""
	found = queue_again("Processing Run", enqueue.enqueue_run)
	queue_again("Term Scan", enqueue.scan_terms)
	queue_again("Record Matching", enqueue.match_record)
	queue_again(deliveries.DOCTYPE, enqueue.import_delivery, deliveries.due())
	polling.queue_due()
	analyse_what_was_edited()
	cut_what_was_lost()
	tell_of_calls()
	forget_followers()
	forget_followers_of_playlists()
	ending.sweep()
	return found


def queue_again(doctype: str, put_on_queue, names: list[str] | None = None) -> list[str]:
	"""names: only these, where there may be very many"""
	now = utc_now()
	found = []
	for run in frappe.get_all(
		doctype,
		filters={
			"status": ["in", enqueue.ACTIVE],
			**({} if names is None else {"name": ["in", [*names, ""]]}),
		},
		fields=["name", "status", "heartbeat", "next_attempt_at", "job_id", "worker"],
		# the rows are locked in this order, as two sweeps may run at once
		order_by="name",
	):
		if run.status == "Running":
			lost = not is_alive(run.heartbeat)
		elif run.next_attempt_at:
			# usually a job waits for that time already; a second one is harmless
			lost = run.next_attempt_at <= now and not will_be_worked_on(run.job_id)
		else:
			on_its_way = run.heartbeat and abs(now - run.heartbeat) < ON_ITS_WAY
			lost = not on_its_way and not will_be_worked_on(run.job_id)
		if (
			lost
			and not (run.status == "Running" and in_queue_only(run.job_id))
			and is_as_it_was(doctype, run)
		):
			# reset, or the next sweep would queue it again
			values: dict = {"next_attempt_at": None}
			if run.status == "Running":
				worker_lost(doctype, run)
			else:
				values["heartbeat"] = now
			writing.set_value(doctype, run.name, values, update_modified=True)
			put_on_queue(run.name)
			found.append(run.name)
	return found


def is_as_it_was(doctype: str, run) -> bool:
	"""Lock the run -> whether neither another sweep nor a worker has changed it since it was read"""
	now = frappe.db.get_value(
		doctype, run.name, ["status", "heartbeat", "next_attempt_at", "job_id"], as_dict=True, for_update=True
	)
	return bool(now) and all(now[field] == run[field] for field in now)


def worker_lost(doctype: str, run) -> None:
	frappe.log_error(
		title="Call Intelligence: worker_lost",
		message=f"{run.worker} has given no sign of life since {run.heartbeat and from_utc(run.heartbeat)}; the work is queued again.",
		reference_doctype=doctype,
		reference_name=run.name,
	)
	if doctype == "Processing Run":
		work = frappe.db.get_value(doctype, run.name, ["call", "recording"], as_dict=True)
		progress.show(
			work.call,
			work.recording,
			status=QUEUED,
			error=messages.reason_text("worker_lost"),
			next_attempt_at=now_datetime(),
		)


def analyse_what_was_edited() -> None:
	"""Queue transcripts whose figures are older than their words, unless a run will update them. After a change of settings
	these are all transcripts, hence the limit for each sweep.
	"""
	recording = frappe.qb.DocType("Call Recording")
	behind = (
		frappe.qb.from_(recording)
		.select(recording.name)
		.where(recording.analysis_due == 1)
		.where(recording.stage.isin([READY, FAILED]))
		.orderby(recording.modified, order=Order.desc)
		.limit(ANALYSED_AT_ONCE)
	).run(pluck=True)
	for name in behind:
		enqueue.analyse(name)


def cut_what_was_lost() -> list[str]:
	"""Queue clips that wait for their sound without a worker or a job; returns their names."""
	found = []
	for clip, made in frappe.get_all(
		cutting.DOCTYPE,
		filters={
			"media_state": cutting.PREPARING,
			"ended": 0,
		},
		fields=["name", "creation"],
		as_list=True,
	):
		if to_utc(made) > utc_now() - ON_ITS_WAY:
			continue
		lost = len(cutting.lost_attempts(clip))
		at_work = len(cutting.attempts(clip)) > lost
		if not at_work and not will_be_worked_on(enqueue.cut_of(clip, lost)):
			enqueue.cut_clip(clip, lost)
			found.append(clip)
	return found


def tell_of_calls() -> None:
	"""Queue notices of calls that were delayed because of other calls, or whose job was lost."""
	for user in people_to_tell():
		enqueue.tell_of_calls(user)


def job_status(job_id: str | None) -> str | None:
	job = job_id and get_job(job_id)
	status = job.get_status() if job else None
	return str(getattr(status, "value", status)) if status else None


def will_be_worked_on(job_id: str | None) -> bool:
	"""Whether the job waits, or a worker has just started it; one that started it long ago and has no lease has died."""
	status = job_status(job_id)
	if status != "started":
		return status in IN_QUEUE
	started = get_job(job_id).started_at
	if not started:
		return True
	now = datetime.now(timezone.utc)
	# RQ before 2 stores UTC without a time zone
	return started.replace(tzinfo=timezone.utc) > now - timedelta(seconds=lease_seconds())


def in_queue_only(job_id: str | None) -> bool:
	"""Whether the job waits for a worker: an earlier sweep has queued it again."""
	return job_status(job_id) == "queued"


def remove_leftovers() -> None:
	"""Every day: working folders without a recording, sound of clips that have ended, old runs."""
	remove_uploads()
	for folder in entries("work"):
		recording = folder.name.removeprefix(playback.COPYING)
		is_copy = folder.name != recording
		# a folder without a recording, or of a copy whose job is gone
		if not frappe.db.exists("Call Recording", recording) or (is_copy and is_abandoned(folder)):
			shutil.rmtree(folder, ignore_errors=True)
	for folder in entries(sound.FOLDER):
		if not frappe.db.exists(cutting.DOCTYPE, {"name": folder.name, "ended": 0}):
			shutil.rmtree(folder, ignore_errors=True)
	remove_old_runs()
	remove_old_scans()
	deliveries.remove_old()
	downloads.remove_old()


def is_abandoned(folder) -> bool:
	"""Whether no job can be working in the folder any more"""
	try:
		return time.time() - folder.stat().st_mtime > enqueue.job_timeout()
	except FileNotFoundError:
		# its job has just ended
		return False


def remove_uploads() -> None:
	"""Every hour: remove uploads that are not continued any more."""
	quota.remove_old(storage.private_folder("uploads"))


def follow_conversions() -> None:
	"""Every hour: give the records that leads were converted to the calls that a lost job did not."""
	conversions.follow_recent()


def entries(name: str):
	folder = storage.private_folder(name)
	return list(folder.iterdir()) if folder.exists() else []


def remove_old_runs() -> None:
	"""Remove old runs, except the newest of each recording."""
	runs = frappe.get_all(
		"Processing Run",
		filters={
			"status": ["not in", enqueue.ACTIVE],
			"creation": ["<", add_to_date(None, days=-RUNS_KEPT_DAYS)],
		},
		fields=["name", "recording"],
		order_by="creation desc",
	)
	for run in runs:
		newer = frappe.db.exists(
			"Processing Run",
			{
				"recording": run.recording,
				"creation": [">", frappe.db.get_value("Processing Run", run.name, "creation")],
			},
		)
		if newer:
			frappe.db.delete("Processing Run Stage", {"parent": run.name})
			frappe.db.delete("Processing Run", {"name": run.name})
