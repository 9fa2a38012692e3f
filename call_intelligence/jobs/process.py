"""Processes a recording stage by stage.

Each stage runs alone, replaces its own output and is committed with its state, so that a worker may be lost at any
moment and the next one continues after the last completed stage.
"""

import time
from datetime import timedelta

import frappe
from frappe.translate import get_user_lang
from frappe.utils import cint, now_datetime

from call_intelligence.associations import announcements
from call_intelligence.core import storage, writing
from call_intelligence.core.times import from_utc, utc_now
from call_intelligence.jobs import results, waiting
from call_intelligence.queue import enqueue, lease, progress
from call_intelligence.queue.stages import (
	ENGINE_STAGE,
	FAILED,
	IDENTIFYING,
	NOT_TRANSCRIBED,
	PREPARING,
	QUEUED,
	READY,
	TRANSCRIBING,
)
from call_intelligence.speech import messages, warnings, workfiles
from call_intelligence.speech.engine_stage import run_engine_stage
from call_intelligence.speech.supervise import EngineError, StageResult

BACKOFF_SECONDS = (30, 120, 600)


def process(run: str, user: str | None = None) -> None:
	"""Background job: carry out the remaining stages of a Processing Run, for the user who requested it."""
	if user:
		frappe.set_user(user)
	if not waiting.its_time_comes(run):
		return
	mine = lease.claim(run)
	if not mine:
		return
	work = frappe.get_doc("Processing Run", run)
	# errors are stored as text on the record, in the language of the call's owner
	frappe.local.lang = get_user_lang(frappe.db.get_value("Call", work.call, "call_owner"))
	try:
		if not work.started_at:
			work.db_set("started_at", now_datetime(), update_modified=False)
		for stage in stages_to_run(work):
			check_attempts(work, mine, stage)
			run_stage(work, mine, stage)
		finish(work, mine)
	except lease.LeaseLost:
		# deleted, cancelled or taken over: this worker must not write any more
		frappe.db.rollback()
		if not frappe.db.exists("Call Recording", work.recording):
			workfiles.remove(work.recording)
	except EngineError as error:
		frappe.db.rollback()
		if error.transient and attempts_at(work, work.stage) < max_attempts():
			try_later(work, mine, error)
		else:
			fail(work, mine, error)


def max_attempts() -> int:
	return max(cint(frappe.db.get_single_value("Call Intelligence Settings", "max_attempts")), 1)


def attempts_at(work, stage: str) -> int:
	"""How often the stage was begun. Counted for each stage: a long call may lose more workers in total than one stage may."""
	return next((cint(row.attempts) for row in work.stages if row.stage == stage), 0)


def check_attempts(work, mine: lease.Lease, stage: str) -> None:
	"""Raise EngineError if the stage has lost too many workers already."""
	if attempts_at(work, stage) < max_attempts():
		return
	error = EngineError("worker_lost")
	row = next(row for row in work.stages if row.stage == stage)
	mine.renew()
	row.db_set({"state": "Failed", "error": messages.error_text(error.code)}, update_modified=False)
	work.db_set("stage", stage, update_modified=False)
	frappe.db.commit()
	raise error


def stages_to_run(work) -> list[str]:
	"""The stages that are not done, and Preparing again if its files have been removed since."""
	left = [row.stage for row in work.stages if row.state != "Done"]
	needs_speech = TRANSCRIBING in left or IDENTIFYING in left
	if needs_speech and PREPARING not in left and not workfiles.has_speech(work.recording):
		left.insert(0, PREPARING)
	return left


def run_stage(work, mine: lease.Lease, stage: str) -> None:
	row = next((row for row in work.stages if row.stage == stage), None)
	if not row:
		row = work.append("stages", {"stage": stage, "idx": 0})
		row.db_insert()
	mine.renew()
	row.db_set({"state": "Running", "attempts": cint(row.attempts) + 1, "error": None}, update_modified=False)
	work.db_set("stage", stage, update_modified=False)
	progress.show(work.call, work.recording, status=stage, error=None)
	frappe.db.commit()

	started = time.monotonic()
	try:
		if stage in ENGINE_STAGE:
			outcome = run_engine_stage(work, mine, stage)
		else:
			outcome = StageResult()
		# in one transaction with the stage's state, and only with a valid lease
		mine.renew()
		results.store(work, stage, outcome)
	except (EngineError, OSError, storage.NoRoomError) as failure:
		error = as_engine_error(failure)
		frappe.db.rollback()
		mine.renew()
		row.db_set(
			{"state": "Failed", "error": messages.error_text(error.code, error.params)}, update_modified=False
		)
		frappe.db.commit()
		raise error from failure
	row.db_set(
		{
			"state": "Done",
			"seconds": round(time.monotonic() - started, 1),
			"peak_memory_mb": outcome.peak_memory_mb,
		},
		update_modified=False,
	)
	frappe.db.commit()


def as_engine_error(failure: Exception) -> EngineError:
	"""The EngineError for a failure in this process. OSErrors other than a full disk are raised."""
	if isinstance(failure, EngineError):
		return failure
	if isinstance(failure, OSError) and failure.errno not in storage.NO_ROOM:
		raise failure
	frappe.clear_last_message()
	return EngineError("disk_full", {}, str(failure), transient=True)


def finish(work, mine: lease.Lease) -> None:
	mine.release(status="Succeeded", finished_at=now_datetime(), error=None, error_code=None)
	only_prepared = {row.stage for row in work.stages} == {PREPARING}
	# None until the recording has been transcribed once
	model = frappe.db.get_value("Call Recording", work.recording, "model")
	status = NOT_TRANSCRIBED if only_prepared and not model else READY
	progress.show(
		work.call, work.recording, status=status, error=None, warning=warnings.text_of(work.recording)
	)
	enqueue.tell_of_calls(work.notify)
	announcements.queue_announcement(work.call)
	frappe.db.commit()
	workfiles.remove(work.recording)


def fail(work, mine: lease.Lease, error: EngineError) -> None:
	"""Store the error on the record; results of earlier stages stay."""
	text = messages.error_text(error.code, error.params)
	mine.release(status="Failed", finished_at=now_datetime(), error=text, error_code=error.code)
	writing.set_value("Call Recording", work.recording, "error_code", error.code, update_modified=False)
	# a retry makes them again; removed before the commit, as none can begin until then
	workfiles.remove(work.recording)
	progress.show(work.call, work.recording, status=FAILED, error=text)
	log(work, error)
	enqueue.tell_of_calls(work.notify)
	frappe.db.commit()


def log(work, error: EngineError) -> None:
	frappe.log_error(
		title=f"Call Intelligence: {error.code}",
		message=f"{work.stage}, {work.worker}\n{error}",
		reference_doctype="Call Recording",
		reference_name=work.recording,
	)


def try_later(work, mine: lease.Lease, error: EngineError) -> None:
	"""Queue another attempt after a transient error, with a delay that grows each time: see jobs/waiting.py."""
	wait = BACKOFF_SECONDS[min(attempts_at(work, work.stage), len(BACKOFF_SECONDS)) - 1]
	due = utc_now() + timedelta(seconds=wait)
	mine.release(
		status="Queued",
		next_attempt_at=due,
		error=messages.error_text(error.code, error.params),
		error_code=error.code,
	)
	enqueue.enqueue_run(work.name, due_in=wait)
	if error.code == "disk_full":
		# they can be made again, and others need the disk space now
		workfiles.remove(work.recording)
	progress.show(
		work.call,
		work.recording,
		status=QUEUED,
		error=messages.reason_text(error.code),
		next_attempt_at=from_utc(due),
	)
	log(work, error)
	frappe.db.commit()
