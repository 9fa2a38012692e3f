"""Rows of a call are locked in one order: Processing Run, Call Recording, Call, then what belongs to the call. Those of tracked terms:
Call Recording, Tracked Term, Term Scan.

Each test locks one of them in its own transaction, starts other work, and checks which locks that holds while waiting.
"""

from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from call_intelligence.queue import enqueue, progress
from call_intelligence.terms import jobs as scan_jobs
from call_intelligence.terms import scans
from call_intelligence.transcript import recording_of
from tests import factories, frappes


@pytest.fixture
def call(people, committed):
	call = committed("Call", factories.call(people["owner"]))
	frappe.db.commit()
	return call


@pytest.fixture
def elsewhere(site):
	"""`elsewhere(function, *args)` runs it in another connection and rolls back -> Future"""

	def run(function, *args):
		frappe.init(site=site)
		frappe.connect()
		try:
			return function(*args)
		finally:
			frappe.db.rollback()
			frappe.destroy()

	with ThreadPoolExecutor(1) as pool:
		yield lambda *args: pool.submit(run, *args)
		frappe.db.rollback()


def waits_for(doctype: str) -> bool:
	"""Whether a query of another connection that names the table has been waiting."""
	return bool(
		frappe.db.sql(
			"""select 1 from `information_schema`.`processlist` where `id` != connection_id()
			and `db` = database() and `command` = 'Query' and `time_ms` > 500 and `info` like %s""",
			f"%`tab{doctype}`%",
		)
	)


def hold(doctype: str, name: str) -> None:
	assert frappe.db.get_value(doctype, name, "name", for_update=True)


def assert_free(doctype: str, name: str) -> None:
	"""Raises if it is locked."""
	frappe.db.sql(f"select `name` from `tab{doctype}` where `name` = %s for update nowait", name)


def test_progress_holds_the_recording_before_the_call(call, elsewhere, eventually):
	recording = recording_of(call)
	hold("Call Recording", recording)
	work = elsewhere(progress.show, call, recording, "Transcribing")
	eventually(lambda: work.done() or waits_for("Call Recording"))
	assert_free("Call", call)
	frappe.db.rollback()
	work.result(30)


@pytest.mark.parametrize("held", ["Processing Run", "Call Recording"])
def test_a_deletion_goes_the_way_of_a_worker(call, people, web, eventually, held):
	manager = people["manager"]
	recording = recording_of(call)
	run = enqueue.start_run(recording)
	# no worker shall start it
	frappe.db.set_value("Processing Run", run, "job_id", None)
	frappe.db.after_commit.reset()
	frappe.db.commit()
	client = web(manager)
	rows = {"Processing Run": run, "Call Recording": recording, "Call": call}
	hold(held, rows[held])
	with ThreadPoolExecutor(1) as pool:
		answer = pool.submit(client.delete, f"/api/resource/Call/{call}")
		eventually(lambda: answer.done() or waits_for(held))
		for later in list(rows)[list(rows).index(held) + 1 :]:
			if not (later == "Call" and frappes.DELETION_LOCKS_FIRST):
				assert_free(later, rows[later])
		frappe.db.rollback()
		assert answer.result(30).status_code == 202, answer.result().text


def test_a_record_that_goes_holds_its_calls_before_their_rows(call, committed, elsewhere, eventually):
	contact = committed("Contact", factories.contact())
	doc = frappe.get_doc("Call", call)
	doc.append("associations", {"link_doctype": "Contact", "link_name": contact})
	doc.save()
	frappe.db.commit()
	hold("Call", call)
	gone = elsewhere(lambda: frappe.delete_doc("Contact", contact, force=True, ignore_permissions=True))
	eventually(lambda: gone.done() or waits_for("Call"))
	assert_free("Call Association", doc.associations[0].name)
	frappe.db.rollback()
	gone.result(30)


@pytest.fixture
def waiting_scan(call, committed):
	"""(name of a Term Scan that no worker runs, name of its Tracked Term)"""
	term = committed("Tracked Term", factories.term("price"))
	frappe.db.delete("Term Scan")
	frappe.db.after_commit.reset()
	name = scans.request()
	frappe.db.after_commit.reset()
	frappe.db.commit()
	yield name, term
	frappe.db.rollback()
	frappe.db.delete("Term Scan")
	frappe.db.commit()


@pytest.mark.parametrize("begun", [False, True])
def test_a_scan_holds_its_terms_before_itself(waiting_scan, elsewhere, eventually, begun):
	name, term = waiting_scan
	if begun:
		assert scans.begin(name)
		frappe.db.commit()
	hold("Tracked Term", term)
	work = elsewhere(scan_jobs.scan, name)
	eventually(lambda: work.done() or waits_for("Tracked Term"))
	assert_free("Term Scan", name)
	frappe.db.rollback()
	work.result(60)


def test_a_scan_that_is_deleted_holds_its_terms_before_itself(waiting_scan, elsewhere, eventually):
	name, term = waiting_scan
	assert scans.begin(name)
	frappe.db.commit()
	hold("Tracked Term", term)
	work = elsewhere(lambda: frappe.delete_doc("Term Scan", name, ignore_permissions=True))
	eventually(lambda: work.done() or waits_for("Tracked Term"))
	if not frappes.DELETION_LOCKS_FIRST:
		assert_free("Term Scan", name)
	frappe.db.rollback()
	work.result(60)


def test_a_second_request_does_not_wait_for_the_run(call, elsewhere):
	"""The worker that has it waits for the recording, which the request would hold."""
	recording = recording_of(call)
	run = enqueue.start_run(recording)
	frappe.db.after_commit.reset()
	frappe.db.commit()
	hold("Processing Run", run)
	assert elsewhere(enqueue.start_run, recording).result(20) == run
