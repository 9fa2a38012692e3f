"""Without a login for days Frappe runs scheduled jobs once a day. Urgent work on calls is done in time nevertheless.

The test site's scheduler is off, and no test here calls the sweep: workers do all work.
"""

import os
import signal
from datetime import timedelta

import frappe
import psutil
import pytest
from frappe.utils import add_to_date
from frappe.utils.background_jobs import get_job, get_queue
from frappe.utils.scheduler import is_dormant, schedule_jobs_based_on_activity

from call_intelligence import doctor
from call_intelligence.api import calls, review
from call_intelligence.core import storage
from call_intelligence.core.times import utc_now
from call_intelligence.desk.boot import extend_bootinfo
from call_intelligence.desk.timeline import get_timeline_cards
from call_intelligence.ingest.create import create_call
from call_intelligence.ingest.details import read_details
from call_intelligence.jobs import sweep
from call_intelligence.queue import enqueue, wake
from call_intelligence.queue.stages import ANALYSING
from devbench.demo import calls as demo
from tests import factories, speech

KILLED_ONCE = """#!/bin/sh
if mkdir "$0.was_here" 2>/dev/null; then kill -9 $$; fi
exec {python} "$@"
"""


@pytest.fixture
def dormant(site):
	"""Logins are five days old, and scheduled jobs ran an hour ago."""
	logins = frappe.get_all("Activity Log", fields=["name", "creation", "modified"])
	for login in logins:
		happened("Activity Log", login.name, add_to_date(None, days=-5))
	job = frappe.get_doc({"doctype": "Scheduled Job Log", "status": "Complete"}).insert(ignore_mandatory=True)
	happened("Scheduled Job Log", job.name, add_to_date(None, hours=-1))
	frappe.db.set_single_value("System Settings", "dormant_days", 4)
	frappe.db.commit()
	forget_activity()
	assert is_dormant() and not schedule_jobs_based_on_activity()
	yield
	frappe.db.rollback()
	for login in logins:
		frappe.db.set_value("Activity Log", login.pop("name"), login, update_modified=False)
	frappe.delete_doc("Scheduled Job Log", job.name, force=True)
	frappe.db.commit()
	forget_activity()


def happened(doctype: str, name: str, when) -> None:
	frappe.db.set_value(doctype, name, {"creation": when, "modified": when}, update_modified=False)


def forget_activity() -> None:
	# Frappe caches the answer for an hour, from 15 on
	getattr(schedule_jobs_based_on_activity, "clear_cache", lambda: None)()


def forget_sweeps() -> None:
	"""Simulates that a minute has passed."""
	frappe.cache.delete(wake.key())


@pytest.fixture
def upload(committed, dormant):
	def make(path, **details):
		created = create_call(storage.stage_path(path), read_details(details))
		committed("Call", created.call)
		frappe.db.commit()
		return created

	return make


@pytest.fixture(scope="module")
def spoken():
	return speech.spoken_call("premium_plan")


def run_of(recording: str):
	frappe.db.rollback()
	return frappe.get_last_doc("Processing Run", {"recording": recording})


def status_of(call: str) -> str:
	"""Without the API, which would trigger the sweep"""
	frappe.db.rollback()
	return frappe.db.get_value("Call", call, "status")


@pytest.fixture
def finished(eventually):
	def wait(call: str, seconds: float = 90, status: str = "Ready") -> None:
		eventually(lambda: status_of(call) == status, seconds, f"{call} is {status}")

	return wait


@pytest.fixture
def lost(people, committed, dormant):
	"""A call of the rep whose worker died in the last stage, an hour ago; it is associated with a contact."""
	contact = committed("Contact", factories.contact())
	call = committed("Call", factories.call(people["rep"], associations=[("Contact", contact)]))
	recording = frappe.db.get_value("Call Recording", {"call": call})
	run = frappe.get_doc(
		{
			"doctype": "Processing Run",
			"call": call,
			"recording": recording,
			"status": "Running",
			"stage": ANALYSING,
			"lease": "of the dead",
			"heartbeat": utc_now() - timedelta(hours=1),
			"job_id": "gone",
			"stages": [{"stage": ANALYSING, "state": "Running", "attempts": 1}],
		}
	).insert(ignore_permissions=True)
	frappe.db.set_value("Call", call, {"status": ANALYSING, "preview": None})
	frappe.db.commit()
	# the end of an earlier test's job may have triggered the sweep since
	forget_sweeps()
	return frappe._dict(call=call, recording=recording, run=run.name, contact=contact)


LOOKS = {
	"its status": lambda lost: calls.status(lost.call),
	"its review": lambda lost: review.get(lost.call),
	"the timeline of its contact": lambda lost: get_timeline_cards("Contact", lost.contact),
	"Desk": lambda lost: extend_bootinfo(frappe._dict()),
	"the demo": lambda lost: demo.wait(),
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_has_a_lost_run_taken_up(lost, finished, look, as_user, people):
	frappe.db.set_value("Call Recording", lost.recording, "source", demo.SOURCE)
	frappe.db.commit()
	with as_user(people["rep"]):
		LOOKS[look](lost)
	finished(lost.call, 30)
	# not as the user who viewed it
	assert get_job(run_of(lost.recording).job_id).kwargs["user"] == "Administrator"


def test_another_call_has_a_lost_run_taken_up(lost, upload, finished, spoken):
	upload(spoken.stereo)
	finished(lost.call, 90)


def test_the_end_of_a_job_has_a_lost_run_taken_up(lost, finished, committed, people):
	other = committed("Call", factories.call(people["rep"]))
	enqueue.start_run(frappe.db.get_value("Call Recording", {"call": other}), (ANALYSING,))
	frappe.db.commit()
	finished(lost.call, 30)


def test_the_demo_waits_for_a_lost_run_and_not_for_the_scheduler(lost):
	frappe.db.set_value("Call Recording", lost.recording, "source", demo.SOURCE)
	frappe.db.commit()
	assert demo.wait() == 0
	assert status_of(lost.call) == "Ready"


def test_looks_wake_the_sweep_once_a_minute(lost, finished, eventually):
	calls.status(lost.call)
	finished(lost.call, 30)
	assert 0 < frappe.cache.ttl(wake.key()) <= 60
	# lost again, within the minute
	frappe.db.set_value(
		"Processing Run", lost.run, {"status": "Running", "heartbeat": utc_now() - timedelta(hours=1)}
	)
	frappe.db.set_value("Call", lost.call, "status", ANALYSING)
	frappe.db.commit()
	for _look in range(20):
		calls.status(lost.call)
	eventually(is_idle, 60, "nothing is left to do")
	assert status_of(lost.call) == ANALYSING and run_of(lost.recording).status == "Running"
	forget_sweeps()
	calls.status(lost.call)
	finished(lost.call, 30)


def test_who_looks_at_a_finished_call_wakes_nobody(people, committed, dormant, eventually):
	call = committed("Call", factories.call(people["rep"]))
	frappe.db.commit()
	eventually(is_idle, 60, "earlier jobs have ended, which wake the sweep as well")
	forget_sweeps()
	calls.status(call)
	review.get(call)
	get_timeline_cards("Contact", "nobody")
	assert frappe.cache.ttl(wake.key()) < 0


def is_idle() -> bool:
	queues = [get_queue(name) for name in ("short", "default", "long", enqueue.queue_name())]
	return not any(queue.get_job_ids() or queue.started_job_registry.get_job_ids() for queue in queues)


# --------------------------------------------------------------------------------------------- the next attempt


def due(run: str, seconds: float):
	"""Makes the next attempt due in this number of seconds."""
	moment = utc_now() + timedelta(seconds=seconds)
	frappe.db.set_value("Processing Run", run, "next_attempt_at", moment, update_modified=False)
	frappe.db.commit()
	return moment


def test_the_next_attempt_needs_no_scheduler_and_comes_not_before_its_time(
	upload, finished, eventually, spoken, engine_started_by
):
	engine_started_by(KILLED_ONCE)
	created = upload(spoken.stereo)

	def failed():
		run = run_of(created.recording)
		return run.status == "Queued" and run.next_attempt_at and run

	run = eventually(failed, 60, "the attempt fails", every=0.02)
	assert 20 < (run.next_attempt_at - utc_now()).total_seconds() <= 30
	moment = due(run.name, 5)
	began = eventually(
		lambda: run_of(created.recording).status == "Running" and utc_now(), 30, "the next attempt"
	)
	assert began >= moment
	finished(created.call)
	assert [row.attempts for row in run_of(created.recording).stages] == [2, 1, 1, 1]


@pytest.fixture
def waiting(people, committed, dormant):
	"""A call whose attempt has failed, and whose next one is queued for an hour from now."""

	def make():
		call = committed("Call", factories.call(people["rep"]))
		recording = frappe.db.get_value("Call Recording", {"call": call})
		run = frappe.get_doc(
			{
				"doctype": "Processing Run",
				"call": call,
				"recording": recording,
				"status": "Queued",
				"stages": [{"stage": ANALYSING, "state": "Failed", "attempts": 1}],
			}
		).insert(ignore_permissions=True)
		frappe.db.set_value("Call", call, "status", "Queued")
		enqueue.enqueue_run(run.name, due_in=3600)
		moment = due(run.name, 3600)
		return frappe._dict(call=call, recording=recording, run=run.name, due=moment)

	return make


def job_of(waiting) -> str:
	return run_of(waiting.recording).job_id


def in_hands(waiting, eventually) -> psutil.Process:
	"""The worker that holds the job until its time"""

	def kept():
		job = get_job(job_of(waiting))
		return job and sweep.job_status(job_of(waiting)) == "started" and job.worker_name

	# uuid.host.pid.queue
	name = eventually(kept, 15, "a worker keeps the job")
	return psutil.Process(int(name.split(f"{os.uname().nodename}.", 1)[1].split(".")[0]))


def test_a_call_that_waits_for_its_next_attempt_holds_up_no_other(
	waiting, finished, eventually, committed, people
):
	first = waiting()
	in_hands(first, eventually)
	kept = job_of(first)
	other = committed("Call", factories.call(people["rep"]))
	enqueue.start_run(frappe.db.get_value("Call Recording", {"call": other}), (ANALYSING,))
	frappe.db.commit()
	finished(other, 20)
	run = run_of(first.recording)
	assert (run.status, run.next_attempt_at) == ("Queued", first.due)
	# it was moved behind the other one
	assert run.job_id != kept and sweep.will_be_worked_on(run.job_id)
	due(first.run, 0)
	finished(first.call, 20)


def test_calls_that_wait_for_their_next_attempt_leave_each_other_alone(waiting, finished, eventually):
	first, second = waiting(), waiting()
	in_hands(first, eventually)
	jobs = job_of(first), job_of(second)
	# for several polls neither is moved behind the other
	polls = iter(range(40))
	eventually(lambda: next(polls) == 39 or (job_of(first), job_of(second)) != jobs, 60)
	assert (job_of(first), job_of(second)) == jobs
	assert get_queue(enqueue.queue_name()).get_job_ids() == [get_job(jobs[1]).id]
	# the one that is due goes first
	frappe.db.set_value("Processing Run", first.run, "status", "Cancelled")
	due(second.run, 0)
	finished(second.call, 20)


def test_a_worker_killed_while_it_waits_loses_nothing(waiting, eventually):
	lost = waiting()
	worker = in_hands(lost, eventually)
	for process in [*worker.children(recursive=True), worker]:
		os.kill(process.pid, signal.SIGKILL)
	due(lost.run, 0)

	def looked():
		# each view counts as one in another minute
		forget_sweeps()
		calls.status(lost.call)
		return status_of(lost.call) == "Ready"

	eventually(looked, 120, "the call is ready", every=1)


def test_a_worker_that_is_told_to_stop_waits_for_no_attempt(waiting, finished, eventually):
	kept = waiting()
	worker = in_hands(kept, eventually)
	before = job_of(kept)
	os.kill(worker.pid, signal.SIGTERM)
	eventually(lambda: not worker.is_running() or worker.status() == "zombie", 10, "the worker ends")
	assert job_of(kept) != before and sweep.will_be_worked_on(job_of(kept))
	due(kept.run, 0)
	finished(kept.call, 30)


def test_an_attempt_that_is_cancelled_is_waited_for_no_more(waiting, eventually):
	kept = waiting()
	worker = in_hands(kept, eventually)
	frappe.delete_doc("Call", kept.call, ignore_permissions=True)
	frappe.db.commit()
	eventually(lambda: not worker.children(), 10, "the worker is free")


# --------------------------------------------------------------------------------------------- cost


def test_the_sweep_reads_no_more_where_there_are_more_calls(site, people):
	"""The sweep reads the same number of rows after these were added."""
	call = factories.call(people["rep"])
	sweep.sweep_once()
	before = rows_read(sweep.sweep_once)
	more = 3000
	row = frappe.db.get_value("Call Recording", {"call": call}, "*", as_dict=True)
	row |= {"transcript_version": 3, "analysed_version": 3, "peaks": None}
	fields = [field for field in row if field not in ("source_key",)]
	frappe.db.bulk_insert(
		"Call Recording",
		[*fields, "source_key"],
		[[*({**row, "name": f"many-{n}"}[field] for field in fields), f"many-{n}"] for n in range(more)],
		chunk_size=1000,
	)
	run = {"call": call, "recording": row.name, "status": "Succeeded", "owner": "Administrator"}
	frappe.db.bulk_insert(
		"Processing Run",
		["name", *run],
		[[f"many-{n}", *run.values()] for n in range(more)],
		chunk_size=1000,
	)
	assert rows_read(sweep.sweep_once) < before + more / 10


def rows_read(function) -> int:
	"""Rows read by MariaDB's storage engine for `function`, with or without an index"""

	def total() -> int:
		rows = frappe.db.sql("show session status like 'Handler_read_%%'")
		return sum(int(number) for name, number in rows if not name.endswith(("_retry", "_deleted")))

	start = total()
	function()
	return total() - start


# --------------------------------------------------------------------------------------------- the doctor


@pytest.fixture
def scheduler_on(site):
	before = frappe.db.get_single_value("System Settings", "enable_scheduler")
	frappe.db.set_single_value("System Settings", "enable_scheduler", 1)
	yield
	frappe.db.set_single_value("System Settings", "enable_scheduler", before)


def test_the_doctor_tells_of_a_dormant_site(dormant, scheduler_on):
	found = doctor.scheduler()
	assert found.ok
	assert "once a day" in found.found and "4 days" in found.found
	assert "Log in" in found.fix


def test_the_doctor_tells_of_a_scheduler_that_is_off(site, monkeypatch, scheduler_on):
	monkeypatch.setitem(frappe.local.conf, "pause_scheduler", 1)
	found = doctor.scheduler()
	assert not found.ok and "paused" in found.found and "looks at" in found.found
	assert "pause_scheduler" in found.fix

	monkeypatch.setitem(frappe.local.conf, "pause_scheduler", 0)
	monkeypatch.setitem(frappe.local.conf, "maintenance_mode", 1)
	found = doctor.scheduler()
	assert not found.ok and "maintenance" in found.found and "set-maintenance-mode off" in found.fix

	monkeypatch.setitem(frappe.local.conf, "maintenance_mode", 0)
	frappe.db.set_single_value("System Settings", "enable_scheduler", 0)
	found = doctor.scheduler()
	assert not found.ok and "looks at" in found.found and "enable-scheduler" in found.fix
