"""Queues all background jobs: the only frappe.enqueue of the app.

They are functions in `jobs.py` of the room of their feature, or in the room `jobs`.
"""

import json
import math
import time
from typing import NoReturn

import frappe
from frappe import _
from frappe.utils import cint, get_fullname, now_datetime
from frappe.utils.background_jobs import get_job, get_queues, get_queues_timeout
from redis.exceptions import RedisError

from call_intelligence.core import writing
from call_intelligence.core.times import utc_now
from call_intelligence.permissions import has_seat
from call_intelligence.queue import progress
from call_intelligence.queue.asking import person_who_asks
from call_intelligence.queue.stages import ACTIVE, NOT_TRANSCRIBED, PREPARING, QUEUED, READY, STAGES

QUEUE = "transcription"
IMPORT_SECONDS = 7200
"""for the calls of a delivery, with their downloads"""


def start_run(recording: str, stages: tuple[str, ...] = STAGES, options: dict | None = None) -> str:
	"""Queue the given stages of a Call Recording; returns the name of the Processing Run.

	The run is stored first, so that the work isn't lost with the queue. A recording has at most one unfinished run: if there
	is one, it is returned.
	"""
	# first without a lock: a worker that has the run waits for ours when it writes
	if active := active_run(recording):
		return active
	# the lock serialises concurrent requests
	call = frappe.db.get_value("Call Recording", recording, "call", for_update=True)
	# a locking read also sees rows committed after this transaction's snapshot
	if frappe.db.exists("Processing Run", {"recording": recording}) and (
		active := active_run(recording, lock=True)
	):
		return active
	run = frappe.get_doc(
		{
			"doctype": "Processing Run",
			"call": call,
			"recording": recording,
			"status": "Queued",
			"notify": person_who_asks(),
			"heartbeat": utc_now(),
			"options": json.dumps(options or {}),
			"stages": [{"stage": stage, "state": "Pending"} for stage in STAGES if stage in stages],
		}
	).insert(ignore_permissions=True)
	progress.show(call, recording, status=QUEUED, fraction=0, error=None)
	enqueue_run(run.name)
	return run.name


def active_run(recording: str, lock: bool = False) -> str | None:
	return frappe.db.get_value(
		"Processing Run", {"recording": recording, "status": ["in", ACTIVE]}, for_update=lock
	)


def retry(recording: str, stage: str | None = None, keep_edits: int | None = None) -> str:
	"""Process again from the stage that failed, or from an earlier `stage`; results of earlier stages stay. Returns the run's name.

	keep_edits: 0 discards corrections; None: as requested for the failed run, except that corrections made since then are
	kept; without a failed run they are kept.
	"""
	last = frappe.get_all(
		"Processing Run", filters={"recording": recording}, order_by="creation desc", limit=1, pluck="name"
	)
	run = frappe.get_doc("Processing Run", last[0]) if last else None
	unfinished = [row.stage for row in run.stages if row.state not in ("Done", "Skipped")] if run else STAGES
	stage = stage or (unfinished[0] if unfinished else PREPARING)
	if stage not in STAGES:
		frappe.throw(_("Unknown stage: {0}. Possible: {1}.").format(stage, ", ".join(STAGES)))
	if unfinished and STAGES.index(stage) > STAGES.index(unfinished[0]):
		# a later stage needs the results of this one
		stage = unfinished[0]
	possible = stages_for(recording)
	prepared = frappe.db.get_value("Call Recording", recording, "stage") == NOT_TRANSCRIBED
	if stage not in possible or (prepared and possible != STAGES):
		refuse_without_seat(recording)
	options = json.loads(run.options or "{}") if run else {}
	if keep_edits is not None or (run and run.status == "Succeeded"):
		options["keep_edits"] = 1 if keep_edits is None else keep_edits
	elif run and options.get("keep_edits") == 0 and edited_since(recording, run.creation):
		# the request to discard corrections didn't include newer ones
		options["keep_edits"] = 1
	return start_run(recording, possible[possible.index(stage) :], options)


def stages_for(recording: str) -> tuple[str, ...]:
	"""Only the preparation if the owner of the call has no seat; all for what was transcribed while they had it"""
	row = frappe.db.get_value("Call Recording", recording, ["call", "model", "stage"], as_dict=True)
	owner = frappe.db.get_value("Call", row.call, "call_owner")
	return STAGES if row.model or row.stage == READY or has_seat(owner) else (PREPARING,)


def refuse_without_seat(recording: str) -> NoReturn:
	owner = frappe.db.get_value(
		"Call", frappe.db.get_value("Call Recording", recording, "call"), "call_owner"
	)
	frappe.throw(
		_("{0} has no Call Intelligence seat. Give them the role Call Intelligence User first.").format(
			get_fullname(owner)
		)
	)


def edited_since(recording: str, when) -> bool:
	# editing takes this lock; an edit that we have waited for is only visible to a locking read
	frappe.db.get_value("Call Recording", recording, "name", for_update=True)
	newer = {"recording": recording, "creation": [">", when]}
	return bool(frappe.db.get_value("Transcript Edit", newer, for_update=True))


def enqueue_run(run: str, at_front: bool = False, due_in: float = 0) -> None:
	"""Put a Processing Run on the queue once the current transaction is committed; due_in: minimum delay in seconds."""
	job_id = f"call_intelligence-{run}-{frappe.generate_hash(length=6)}"
	if due_in > 0:
		# read by jobs/waiting.py
		job_id += f"-due-{math.ceil(time.time() + due_in)}"
	writing.set_value("Processing Run", run, "job_id", job_id, update_modified=False)
	frappe.enqueue(
		"call_intelligence.jobs.process.process",
		queue=queue_name(),
		timeout=job_timeout(),
		job_id=job_id,
		enqueue_after_commit=True,
		at_front=at_front,
		run=run,
		# Frappe's retry of a job loses the user
		user=frappe.session.user,
	)


def sweep() -> None:
	"""Queue the sweep at once, without waiting for the current transaction."""
	frappe.enqueue("call_intelligence.jobs.sweep.sweep_now", queue="short")


def analyse(recording: str) -> None:
	"""Recompute data derived from the transcript, once the current transaction is committed; queued at most once."""
	frappe.enqueue(
		"call_intelligence.jobs.analyse.analyse",
		queue="default",
		job_id=analysis_of(recording),
		deduplicate=True,
		enqueue_after_commit=True,
		recording=recording,
		user=frappe.session.user,
	)


def match_record(matching: str) -> None:
	"""Match a person's record to earlier calls, in time slices, once the current transaction is committed."""
	job_id = f"call_intelligence-match-{matching}-{frappe.generate_hash(length=6)}"
	writing.set_value("Record Matching", matching, "job_id", job_id, update_modified=False)
	frappe.enqueue(
		"call_intelligence.people.matching.jobs.match_record",
		queue="long",
		job_id=job_id,
		enqueue_after_commit=True,
		matching=matching,
	)


def import_delivery(delivery: str) -> None:
	"""Import the calls of a Source Delivery, once the current transaction is committed."""
	job_id = f"call_intelligence-import-{delivery}-{frappe.generate_hash(length=6)}"
	writing.set_value("Source Delivery", delivery, "job_id", job_id, update_modified=False)
	frappe.enqueue(
		"call_intelligence.sources.jobs.import_delivery",
		queue="long",
		timeout=IMPORT_SECONDS,
		job_id=job_id,
		enqueue_after_commit=True,
		delivery=delivery,
	)


def poll_source(source: str) -> None:
	"""Ask a provider for its calls, once the current transaction is committed; queued at most once."""
	frappe.enqueue(
		"call_intelligence.sources.jobs.poll",
		queue="long",
		timeout=job_timeout(),
		job_id=f"call_intelligence-poll-{source}",
		deduplicate=True,
		enqueue_after_commit=True,
		source=source,
	)


def poll_source_quietly(source: str) -> None:
	"""Like `poll_source`, but never raises: without Redis the sweep polls within 15 minutes."""
	quietly_after_commit(
		"call_intelligence.sources.jobs.poll",
		job_id=f"call_intelligence-poll-{source}",
		deduplicate=True,
		source=source,
	)


def announce_call(call: str) -> None:
	"""Announce a call in the activity of its records, once the current transaction is committed."""
	quietly_after_commit("call_intelligence.associations.jobs.announce", call=call)


def remove_announcements() -> None:
	"""Remove announcements that settings no longer allow, once the current transaction is committed."""
	quietly_after_commit("call_intelligence.associations.jobs.remove_announcements")


def follow_conversion(doctype: str, name: str) -> None:
	"""Associate the calls of a converted lead, once the current transaction is committed."""
	quietly_after_commit(
		"call_intelligence.associations.jobs.follow_conversion",
		job_id=f"call_intelligence-convert-{doctype}-{name}",
		deduplicate=True,
		doctype=doctype,
		name=name,
	)


def follow_leads(call: str) -> None:
	"""Associate a Call with what its leads became, once the current transaction is committed."""
	quietly_after_commit("call_intelligence.associations.jobs.follow_leads", call=call)


def quietly_after_commit(method: str, **options) -> None:
	"""Queue a job, once the current transaction is committed, whose loss is not an error."""

	def queue():
		try:
			frappe.enqueue(method, queue="default", **options)
		except RedisError:
			frappe.logger("call_intelligence").warning("%s could not be queued", method, exc_info=True)

	frappe.db.after_commit.add(queue)


def tell_followers(playlist: str, items: list[str], by: str) -> None:
	"""Notify followers of items added to a playlist, once the current transaction is committed."""
	frappe.enqueue(
		"call_intelligence.playlists.jobs.tell_followers",
		queue="default",
		enqueue_after_commit=True,
		# as Frappe does with the notifications themselves
		now=frappe.flags.in_test,
		playlist=playlist,
		items=items,
		by=by,
	)


def tell_of_calls(user: str | None) -> None:
	"""Notify a user of their calls that have ended, once the current transaction is committed. None: does nothing.

	Without Redis the sweep queues the notice later.
	"""
	if user:
		quietly_after_commit(
			"call_intelligence.notices.jobs.tell_person",
			job_id=f"call_intelligence-tell-{user}",
			deduplicate=True,
			user=user,
		)


def tell_recipients(clip: str) -> None:
	"""Notify the recipients of a shared clip, once the current transaction is committed."""
	frappe.enqueue(
		"call_intelligence.clips.jobs.tell_recipients",
		queue="default",
		enqueue_after_commit=True,
		# as Frappe does with the notifications themselves
		now=frappe.flags.in_test,
		clip=clip,
	)


def analysis_of(recording: str) -> str:
	return f"call_intelligence-analyse-{recording}"


def scan_terms(scan: str) -> None:
	"""Search older calls for changed terms, in time slices, once the current transaction is committed."""
	job_id = f"call_intelligence-scan-{scan}-{frappe.generate_hash(length=6)}"
	writing.set_value("Term Scan", scan, "job_id", job_id, update_modified=False)
	frappe.enqueue(
		"call_intelligence.terms.jobs.scan",
		queue="long",
		job_id=job_id,
		enqueue_after_commit=True,
		scan=scan,
	)


def cut_clip(clip: str, lost: int = 0) -> None:
	"""Cut the audio of a clip that is only a part of its call, once the current transaction is committed; lost: number of lost attempts."""
	frappe.enqueue(
		"call_intelligence.clips.jobs.cut",
		queue="long",
		timeout=job_timeout(),
		job_id=cut_of(clip, lost),
		enqueue_after_commit=True,
		clip=clip,
	)


def cut_clip_again(clip: str) -> None:
	"""Queue at once, since read requests do not commit; queued at most once."""
	make_again("call_intelligence.clips.jobs.cut_again", clip)


def make_playback_again(recording: str, anyway: bool = False) -> None:
	"""Queue at once, since read requests do not commit; queued at most once. anyway: even if the original seems to suffice."""
	make_again(
		"call_intelligence.speech.jobs.make_playback_copy_anyway"
		if anyway
		else "call_intelligence.speech.jobs.make_playback_copy",
		recording,
	)


def make_again(job: str, name: str) -> None:
	frappe.enqueue(
		job,
		queue="long",
		timeout=job_timeout(),
		job_id=f"call_intelligence-again-{name}",
		deduplicate=True,
		name=name,
	)


def cut_of(clip: str, lost: int) -> str:
	return f"call_intelligence-cut-{clip}-{lost}"


def queue_name() -> str:
	return QUEUE if QUEUE in get_queues_timeout() else "long"


def job_timeout() -> int:
	"""Seconds. A safety net: the engine's own limits depend on the length of the audio."""
	hours = frappe.db.get_single_value("Call Intelligence Settings", "max_duration_hours") or 8
	return cint(1800 + hours * 3600 * 4)


def cancel_runs(recording: str) -> None:
	for run in frappe.get_all("Processing Run", filters={"recording": recording}, pluck="name"):
		cancel_run(run)


def cancel_run(run: str) -> None:
	"""Cancel a run: remove its lease, so that a worker that holds it stops, and take its job off the queue."""
	status, job_id = frappe.db.get_value("Processing Run", run, ["status", "job_id"])
	if status not in ACTIVE:
		return
	frappe.db.set_value(
		"Processing Run",
		run,
		{"status": "Cancelled", "lease": None, "finished_at": now_datetime()},
		update_modified=False,
	)

	leave_queue(job_id)


def forget_analysis(recording: str) -> None:
	leave_queue(analysis_of(recording))


def leave_queue(job_id: str | None) -> None:
	"""Take a waiting job off the queue once the current transaction is committed; a running job continues."""

	def leave():
		job = job_id and get_job(job_id)
		if job and job.get_status(refresh=True) == "queued":
			job.delete()

	frappe.db.after_commit.add(leave)


def leave_all_queues() -> None:
	"""Delete all waiting jobs of this app on this site; for an uninstall."""
	for queue in get_queues():
		for job in queue.jobs:
			waiting = job.kwargs or {}
			ours = str(waiting.get("method")).startswith("call_intelligence.")
			if ours and waiting.get("site") == frappe.local.site:
				job.delete()
