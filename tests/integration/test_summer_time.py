"""The site's time jumps by an hour: queued work is neither delayed by it nor done twice.

The jump is simulated by moving the site to another time zone between two steps: `frappe.utils.now()` jumps as at the beginning
or end of summer time. Conversion of times around such a night is tested with a real one.
"""

from datetime import datetime, timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from call_intelligence.api import calls
from call_intelligence.core.times import from_utc, to_utc, utc_now
from call_intelligence.jobs import process, sweep, waiting
from call_intelligence.patches import keep_leases_in_utc
from call_intelligence.people.matching import later
from call_intelligence.queue import enqueue, lease
from call_intelligence.queue.stages import STAGES, TRANSCRIBING
from call_intelligence.speech import messages
from call_intelligence.speech.supervise import EngineError
from call_intelligence.terms import scans
from tests import factories

# named by the offset from their time to UTC: Etc/GMT-2 is two hours ahead
WINTER, SUMMER, WEST = "Etc/GMT-1", "Etc/GMT-2", "Etc/GMT+5"
BOTH_WAYS = pytest.mark.parametrize(("before", "after"), [(SUMMER, WINTER), (WINTER, SUMMER), (SUMMER, WEST)])


@pytest.fixture
def clock(site):
	"""clock(zone) moves the site to that time zone."""
	before = frappe.db.get_single_value("System Settings", "time_zone")

	def set_zone(zone):
		frappe.db.set_single_value("System Settings", "time_zone", zone)
		frappe.cache.delete_value("time_zone")
		if hasattr(frappe.local, "system_settings"):
			del frappe.local.system_settings
		frappe.db.commit()

	yield set_zone
	frappe.db.rollback()
	set_zone(before)


def near(moment, other, seconds=20):
	return abs((moment - other).total_seconds()) < seconds


@pytest.fixture
def run(people, committed):
	"""A run in the database only; nothing is queued."""
	recording = factories.recording(factories.call(people["owner"], transcript=()))
	call = committed("Call", frappe.db.get_value("Call Recording", recording, "call"))
	stages = [{"stage": stage, "state": "Pending"} for stage in STAGES]
	doc = frappe.get_doc(
		{
			"doctype": "Processing Run",
			"call": call,
			"recording": recording,
			"status": "Queued",
			"stages": stages,
		}
	).insert(ignore_permissions=True)
	frappe.db.commit()
	return doc


def values(run):
	frappe.db.rollback()
	fields = ["status", "lease", "heartbeat", "next_attempt_at"]
	return frappe.db.get_value("Processing Run", run.name, fields, as_dict=True)


def age(run, field, seconds):
	moment = values(run)[field] - timedelta(seconds=seconds)
	frappe.db.set_value("Processing Run", run.name, field, moment, update_modified=False)
	frappe.db.commit()


@BOTH_WAYS
def test_a_lease_neither_lasts_longer_nor_lapses_at_once(run, clock, before, after):
	clock(before)
	mine = lease.claim(run.name)
	clock(after)
	assert lease.claim(run.name) is None
	assert run.name not in sweep.sweep()
	mine.renew()
	frappe.db.commit()
	assert near(values(run).heartbeat, utc_now())

	clock(before)
	age(run, "heartbeat", lease.lease_seconds() + 1)
	clock(after)
	assert run.name in sweep.sweep()
	assert lease.claim(run.name)
	with pytest.raises(lease.LeaseLost):
		mine.renew()


def test_a_sign_of_life_in_the_sites_time_does_not_hold_a_lease_for_hours(run):
	"""A worker of an earlier version was still running when the site was migrated, and died."""
	lease.claim(run.name)
	frappe.db.set_value("Processing Run", run.name, "heartbeat", utc_now() + timedelta(hours=5.5))
	frappe.db.commit()
	assert run.name in sweep.sweep()
	assert lease.claim(run.name)


@BOTH_WAYS
def test_a_retry_comes_when_it_is_due(run, clock, before, after):
	clock(before)
	mine = lease.claim(run.name)
	run.reload()
	run.stage, run.stages[STAGES.index(TRANSCRIBING)].attempts = TRANSCRIBING, 1
	process.try_later(run, mine, EngineError("engine_killed", transient=True))
	due = values(run).next_attempt_at
	assert near(due, utc_now() + timedelta(seconds=30))
	# users read the site's time
	told = frappe.utils.get_datetime(calls.status(run.call)["next_attempt_at"])
	assert near(told, now_datetime() + timedelta(seconds=30))
	assert told == from_utc(due)

	clock(after)
	assert 0 < waiting.seconds_left(run.name) <= 30


@BOTH_WAYS
def test_a_retry_whose_job_is_lost_is_found_when_it_is_due(run, clock, before, after):
	clock(before)
	lease.claim(run.name).release(status="Queued", next_attempt_at=utc_now() + timedelta(seconds=30))
	frappe.db.commit()
	clock(after)
	assert run.name not in sweep.sweep()
	age(run, "next_attempt_at", 31)
	assert run.name in sweep.sweep()
	assert run.name not in sweep.sweep(), "its job is on the queue"


@BOTH_WAYS
def test_a_job_that_redis_has_lost_is_missed_after_half_a_minute(people, committed, clock, before, after):
	recording = factories.recording(factories.call(people["owner"], transcript=()))
	committed("Call", frappe.db.get_value("Call Recording", recording, "call"))
	clock(before)
	run = frappe.get_doc("Processing Run", enqueue.start_run(recording))
	# as after a loss of the queue
	frappe.db.set_value("Processing Run", run.name, "job_id", "gone")
	frappe.db.after_commit.reset()
	frappe.db.commit()
	clock(after)
	assert run.name not in sweep.sweep(), "its job may be on its way"
	age(run, "heartbeat", 31)
	assert run.name in sweep.sweep()


@BOTH_WAYS
def test_scans_and_matchings_keep_time_as_well(clock, people, before, after):
	for request, doctype, on_queue in (
		(scans.request, "Term Scan", enqueue.scan_terms),
		(lambda: later.request("Contact", "nobody"), "Record Matching", enqueue.match_record),
	):
		clock(before)
		name = request()
		frappe.db.after_commit.reset()
		try:
			frappe.db.set_value(doctype, name, "job_id", "gone")
			frappe.db.commit()
			clock(after)
			assert name not in sweep.queue_again(doctype, on_queue)
			mine = lease.claim(name, doctype)
			clock(before)
			assert name not in sweep.queue_again(doctype, on_queue)
			if doctype == "Record Matching":
				later.had_its_turn(name, "nothing")
			mine.release(heartbeat=frappe.db.get_value(doctype, name, "heartbeat"))
			assert near(frappe.db.get_value(doctype, name, "heartbeat"), utc_now())
		finally:
			frappe.db.rollback()
			frappe.db.delete(doctype, {"name": name})
			frappe.db.commit()


def test_what_is_written_about_a_lost_worker_is_the_time_of_the_site(run, clock):
	clock(SUMMER)
	lease.claim(run.name)
	age(run, "heartbeat", 3600)
	beat = from_utc(values(run).heartbeat)
	assert run.name in sweep.sweep()
	told = frappe.get_last_doc("Error Log", {"reference_name": run.name})
	assert str(beat) in told.error
	assert near(beat, now_datetime() - timedelta(hours=1))
	assert calls.status(run.call)["error"] == messages.reason_text("worker_lost")
	frappe.db.rollback()


def test_readings_around_the_nights_when_the_clock_is_changed(clock):
	clock("Europe/Warsaw")
	for site_time, utc in (
		("2026-10-24 23:30", "2026-10-24 21:30"),
		("2026-10-25 01:59", "2026-10-24 23:59"),
		("2026-10-25 02:30", "2026-10-25 00:30"),  # and again an hour later
		("2026-10-25 03:00", "2026-10-25 02:00"),
		("2026-10-26 12:00", "2026-10-26 11:00"),
		("2026-03-28 12:00", "2026-03-28 11:00"),
		("2026-03-29 01:59", "2026-03-29 00:59"),
		("2026-03-29 03:00", "2026-03-29 01:00"),
		("2026-03-29 12:00", "2026-03-29 10:00"),
	):
		moment, expected = datetime.fromisoformat(site_time), datetime.fromisoformat(utc)
		assert to_utc(moment) == expected, site_time
		assert from_utc(expected) == moment, site_time
	assert from_utc(datetime(2026, 10, 25, 1, 30)) == datetime(2026, 10, 25, 2, 30)
	# this time does not exist
	assert to_utc(datetime(2026, 3, 29, 2, 30)) in (
		datetime(2026, 3, 29, 0, 30),
		datetime(2026, 3, 29, 1, 30),
	)


@pytest.mark.parametrize("zone", [SUMMER, WEST])
def test_work_that_is_under_way_while_the_site_is_updated(run, clock, zone):
	"""East and west of Greenwich."""
	clock(zone)
	dead, due = now_datetime() - timedelta(minutes=5), now_datetime() + timedelta(minutes=5)
	set_value = frappe.db.set_value
	set_value("Processing Run", run.name, {"status": "Running", "lease": "x", "heartbeat": dead})
	frappe.db.commit()
	keep_leases_in_utc.execute()
	assert run.name in sweep.sweep()

	set_value("Processing Run", run.name, {"status": "Running", "lease": "x", "heartbeat": now_datetime()})
	frappe.db.commit()
	keep_leases_in_utc.execute()
	assert run.name not in sweep.sweep()

	set_value("Processing Run", run.name, {"status": "Queued", "heartbeat": None, "next_attempt_at": due})
	keep_leases_in_utc.execute()
	frappe.db.commit()
	assert near(values(run).next_attempt_at, utc_now() + timedelta(minutes=5))
