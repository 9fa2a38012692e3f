"""The user who sent a call is notified that it is ready or has failed."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils import get_url_to_form, now_datetime

from call_intelligence import permissions
from call_intelligence.api import calls as api
from call_intelligence.core import storage
from call_intelligence.core.times import utc_now
from call_intelligence.ingest.create import create_call
from call_intelligence.ingest.details import read_details
from call_intelligence.jobs import process, sweep
from call_intelligence.notices import switches, when
from call_intelligence.notices.tell import tell
from call_intelligence.queue import enqueue
from call_intelligence.queue.stages import ANALYSING, FAILED, READY
from tests import factories, speech


@pytest.fixture
def rep(people):
	user = people["rep"]
	forget_notices(user)
	yield user
	frappe.db.rollback()
	# for the tests that commit
	forget_notices(user)
	frappe.db.commit()


def forget_notices(user: str) -> None:
	when.forget(user)
	frappe.db.delete("Notification Log", {"for_user": user})
	frappe.db.delete("Processing Run", {"notify": user})
	queued = frappe.get_all("Email Queue", {"reference_doctype": "Call"}, pluck="name")
	frappe.db.delete("Email Queue Recipient", {"parent": ["in", queued or [""]]})
	frappe.db.delete("Email Queue", {"reference_doctype": "Call"})


@pytest.fixture
def ended(rep):
	"""`ended()` creates a call of the rep that has just ended, with its run to be notified; returns the call's name."""

	def make(status=READY, user=rep, owner=rep, run=None, title=None, **values):
		call = factories.call(owner, title=title or factories.unique("Call"))
		frappe.db.set_value("Call", call, {"status": status, "owner": user, **values})
		frappe.get_doc(
			{
				"doctype": "Processing Run",
				"call": call,
				"recording": frappe.db.get_value("Call Recording", {"call": call}),
				"status": run or ("Succeeded" if status == READY else "Failed"),
				"notify": user,
				"finished_at": now_datetime(),
			}
		).insert(ignore_permissions=True)
		return call

	return make


def told(user: str) -> list:
	fields = ["subject", "email_content", "document_type", "document_name", "type", "from_user"]
	if frappe.get_meta("Notification Log").has_field("link"):
		fields.append("link")
	return frappe.get_all(
		"Notification Log",
		filters={"for_user": user, "document_type": "Call"},
		fields=fields,
		order_by="creation",
	)


def subjects(user: str) -> list[str]:
	return sorted(row.subject for row in told(user))


def mails(user: str) -> list:
	names = frappe.get_all("Email Queue Recipient", filters={"recipient": user}, pluck="parent")
	return frappe.get_all(
		"Email Queue",
		filters={"name": ["in", names], "reference_doctype": "Call"},
		fields=["message", "reference_name"],
	)


# --------------------------------------------------------------------------------------------------- content


def test_a_call_is_ready(rep, ended):
	call = ended(title="Prices <img src=x onerror=alert(1)> & \n more")
	assert tell(rep) == 1
	(notice,) = told(rep)
	shown = "Prices &lt;img src=x onerror=alert(1)&gt; &amp; more"
	title = frappe.db.get_value("Call", call, "title")
	if "<img" not in title:
		shown = frappe.utils.escape_html(" ".join(title.split()))
	assert notice.subject == f'<b class="subject-title">{shown}</b> is ready'
	assert (notice.document_type, notice.document_name) == ("Call", call)
	if "link" in notice:
		assert notice.link == urlsplit(get_url_to_form("Call", call)).path
	(mail,) = mails(rep)
	assert mail.reference_name == call and get_url_to_form("Call", call) in readable(mail.message)
	# only once
	assert tell(rep) == 0 and len(told(rep)) == 1


def readable(message: str) -> str:
	import email

	parts = email.message_from_string(message).walk()
	return "\n".join(
		part.get_payload(decode=True).decode() for part in parts if part.get_content_maintype() == "text"
	)


def test_a_call_has_failed(rep, ended):
	ended(FAILED, title="Prices", error="The file is <damaged>.")
	assert tell(rep) == 1
	(notice,) = told(rep)
	assert notice.subject == '<b class="subject-title">Prices</b> could not be processed'
	assert notice.email_content == "The file is &lt;damaged&gt;."


def test_many_calls_make_one_notice(rep, ended):
	names = [ended() for _call in range(12)]
	for _call in range(3):
		ended(FAILED)
	assert tell(rep) == 2
	assert subjects(rep) == ["12 calls are ready", "3 calls could not be processed"]
	assert {row.document_name for row in told(rep)} & set(names)
	assert len(mails(rep)) == 2
	if frappe.get_meta("Notification Log").has_field("link"):
		link = next(row.link for row in told(rep) if "12" in row.subject)
		assert parse_qs(urlsplit(link).query) == {"status": ["Ready"], "owner": [rep]}
		assert urlsplit(link).path.endswith("/call")


def test_in_the_language_of_the_person(rep, ended):
	frappe.db.set_value("User", rep, "language", "pl")
	frappe.clear_cache(user=rep)
	for _call in range(2):
		ended()
	before = frappe.local.lang
	assert tell(rep) == 1
	assert subjects(rep) == ["Gotowe rozmowy: 2"]
	assert frappe.local.lang == before
	frappe.clear_cache(user=rep)


# --------------------------------------------------------------------------------------------------- time


def test_calls_that_end_while_others_are_processed_are_told_together(rep, ended):
	ended()
	other = ended(ANALYSING, run="Running")
	assert tell(rep) == 0
	ended()
	assert tell(rep) == 0
	# the last one
	frappe.db.set_value("Call", other, "status", READY)
	frappe.db.set_value("Processing Run", {"call": other}, "status", "Succeeded")
	assert tell(rep) == 1
	assert subjects(rep) == ["3 calls are ready"]


def test_nobody_waits_for_long_because_of_one_long_call(rep, ended):
	ended(title="Short")
	ended(ANALYSING, run="Running")
	assert tell(rep) == 0
	minutes_later(rep)
	assert tell(rep) == 1
	assert "Short" in subjects(rep)[0]
	# and during a long import at intervals
	for _call in range(5):
		ended()
		assert tell(rep) == 0
	minutes_later(rep)
	assert tell(rep) == 1
	assert len(told(rep)) == 2


def minutes_later(user: str) -> None:
	"""The user's wait is over."""
	assert when.waits_until(user)
	when.wait(user, -1)


def test_a_call_that_is_tried_again_meanwhile_is_told_of_by_its_next_run(rep, ended):
	call = ended(FAILED)
	frappe.db.set_value("Call", call, "status", ANALYSING)
	assert tell(rep) == 0
	assert not told(rep) and not when.ended_runs(rep)


def test_the_sweep_finds_what_was_not_told(rep, ended, committed, eventually):
	committed("Call", ended())
	frappe.db.commit()
	assert rep in when.people_to_tell()
	sweep.sweep()

	def has_been_told():
		frappe.db.rollback()
		return told(rep)

	eventually(has_been_told, 30, "the worker has told")


# --------------------------------------------------------------------------------------------------- recipients


def test_never_about_a_call_that_the_person_does_not_see_any_more(rep, ended, people):
	hidden = ended(owner=people["owner"])
	assert not permissions.can_see(hidden, rep)
	assert tell(rep) == 0
	assert not told(rep) and not mails(rep)
	# nor is it counted
	ended(title="Mine"), ended(owner=people["owner"])
	assert tell(rep) == 1
	assert "Mine" in subjects(rep)[0]


@pytest.mark.parametrize(
	("off", "in_desk", "by_mail"),
	[
		(None, 1, 1),
		(switches.IN_DESK, 0, 0),
		(switches.BY_MAIL, 1, 0),
		("enabled", 0, 0),
		("enable_email_notifications", 1, 0),
	],
)
def test_the_settings_of_the_person_decide(rep, ended, off, in_desk, by_mail):
	settings = frappe.get_doc("Notification Settings", rep)
	assert settings.get(switches.IN_DESK) == settings.get(switches.BY_MAIL) == 1
	if off:
		settings.set(off, 0)
		settings.save(ignore_permissions=True)
	ended()
	tell(rep)
	assert (len(told(rep)), len(mails(rep))) == (in_desk, by_mail)
	# notices switched off are not sent later
	assert not when.ended_runs(rep)


def test_people_change_their_own_switch(rep, as_user):
	with as_user(rep):
		settings = frappe.get_doc("Notification Settings", rep)
		settings.set(switches.IN_DESK, 0)
		settings.save()
	assert not switches.wants_notices(rep)


def test_who_has_no_settings_is_told(rep, ended):
	frappe.db.delete("Notification Settings", {"name": rep})
	ended()
	assert tell(rep) == 1 and len(mails(rep)) == 1


def test_people_who_left_are_not_told(rep, ended):
	ended()
	frappe.db.set_value("User", rep, "enabled", 0)
	assert tell(rep) == 0 and not told(rep)


def test_the_switches_are_added_once(site):
	before = frappe.get_all("Custom Field", {"dt": switches.SETTINGS}, pluck="name")
	assert len(before) >= 2
	switches.add()
	assert frappe.get_all("Custom Field", {"dt": switches.SETTINGS}, pluck="name") == before


# --------------------------------------------------------------------------------------------------- failures


def test_a_site_without_outgoing_mail_tells_in_desk(rep, ended, monkeypatch):
	monkeypatch.setitem(frappe.local.conf, "mail_server", None)
	monkeypatch.setitem(frappe.local.conf, "mute_emails", 0)
	frappe.db.delete("Email Account")
	getattr(frappe.local, "outgoing_email_account", {}).clear()
	ended()
	before = frappe.db.count("Error Log")
	assert tell(rep) == 1, frappe.get_last_doc("Error Log").error
	assert len(told(rep)) == 1 and not mails(rep)
	assert frappe.db.count("Error Log") == before


def test_an_email_that_fails_leaves_the_notice_in_desk(rep, ended, monkeypatch):
	# such an account has no address
	monkeypatch.setitem(frappe.local.conf, "mail_server", None)
	frappe.db.delete("Email Account")
	getattr(frappe.local, "outgoing_email_account", {}).clear()
	call = ended()
	assert tell(rep) == 1
	assert len(told(rep)) == 1 and not mails(rep)
	assert frappe.db.exists("Error Log", {"reference_doctype": "Call", "reference_name": call})


def test_a_notice_that_fails_is_written_down_and_not_tried_for_ever(rep, ended):
	make_property_setter(
		"Notification Log", "attached_file", "reqd", 1, "Check", validate_fields_for_doctype=False
	)
	frappe.clear_cache(doctype="Notification Log")
	try:
		call = ended()
		assert tell(rep) == 0
	finally:
		frappe.db.delete("Property Setter", {"doc_type": "Notification Log"})
		frappe.clear_cache(doctype="Notification Log")
	assert frappe.db.exists("Error Log", {"reference_doctype": "Call", "reference_name": call})
	assert not when.ended_runs(rep) and api.status(call)["status"] == READY


def test_two_jobs_at_once_make_one_notice(rep, ended, bench, committed):
	"""The second one waits for the first, and finds nothing."""
	import threading

	committed("Call", ended())
	frappe.db.commit()
	results = []

	def job():
		frappe.init(site=bench.site, sites_path=".")
		frappe.connect()
		frappe.flags.in_test = True
		try:
			results.append(tell(rep))
			frappe.db.commit()
		finally:
			frappe.destroy()

	threads = [threading.Thread(target=job) for _job in range(4)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	frappe.db.rollback()
	# a worker that runs the sweep may have been first
	assert len(results) == 4 and sum(results) <= 1
	assert len(told(rep)) == 1


# --------------------------------------------------------------------------------------------------- source of requests


def run_of(call: str):
	frappe.db.rollback()
	return frappe.get_last_doc("Processing Run", {"call": call})


@pytest.fixture
def own_files():
	file = speech.spoken_call("premium_plan").stereo
	return lambda: {"file": ("call.wav", open(file, "rb"), "audio/wav")}


@pytest.fixture
def by_hand(web, people, committed, own_files):
	"""A call uploaded by the rep in a session"""
	frappe.db.commit()
	answer = web(people["rep"]).post("/api/method/call_intelligence.api.calls.create", files=own_files())
	assert answer.status_code == 200, answer.text
	return committed("Call", answer.json()["message"]["call"])


@pytest.fixture
def finished(eventually):
	def wait(call: str, seconds: float = 90) -> str:
		def status():
			frappe.db.rollback()
			value = frappe.db.get_value("Call", call, "status")
			return value if value in (READY, FAILED) else None

		return eventually(status, seconds, f"{call} has ended")

	return wait


def test_the_uploader_is_told_by_the_worker(rep, by_hand, finished, eventually):
	assert run_of(by_hand).notify == rep or finished(by_hand)
	assert finished(by_hand) == READY

	def has_been_told():
		frappe.db.rollback()
		return told(rep)

	(notice,) = eventually(has_been_told, 30, "the worker has told")
	assert notice.document_name == by_hand and "is ready" in notice.subject
	assert not run_of(by_hand).notify


def test_who_has_it_processed_again_is_told(rep, by_hand, finished, eventually, web, people):
	finished(by_hand)
	manager = people["manager"]
	frappe.db.commit()
	answer = web(manager).post(
		"/api/method/call_intelligence.api.calls.retry", data={"call": by_hand, "stage": ANALYSING}
	)
	assert answer.status_code == 200, answer.text

	def has_been_told():
		frappe.db.rollback()
		return [row for row in told(manager) if row.document_name == by_hand]

	eventually(has_been_told, 30, "the manager is told")
	assert len(told(rep)) <= 1


def test_an_integration_is_not_told(rep, web, people, committed, own_files):
	key, secret = factories.unique("key").replace(" ", ""), "secret-of-the-pbx"
	user = frappe.get_doc("User", people["rep"])
	user.api_key, user.api_secret = key, secret
	user.save(ignore_permissions=True)
	frappe.db.commit()
	session = web()
	session.headers["Authorization"] = f"token {key}:{secret}"
	answer = session.post("/api/method/call_intelligence.api.calls.create", files=own_files())
	assert answer.status_code == 200, answer.text
	call = committed("Call", answer.json()["message"]["call"])
	assert frappe.db.get_value("Call", call, "owner") == rep
	assert run_of(call).notify is None


def test_nobody_is_told_of_what_a_job_or_a_command_makes(site, committed):
	created = create_call(storage.stage_path(speech.spoken_call().stereo), read_details({}))
	assert frappe.get_last_doc("Processing Run", {"call": created.call}).notify is None


def test_a_call_that_fails_tells_its_uploader(rep, ended, committed, eventually):
	"""The worker was lost three times: the fourth does not try."""
	call = committed("Call", ended(ANALYSING, run="Running"))
	run = frappe.get_doc("Processing Run", {"call": call})
	run.append("stages", {"stage": ANALYSING, "state": "Running", "attempts": 3})
	run.save(ignore_permissions=True)
	run.db_set({"lease": "gone", "heartbeat": utc_now() - timedelta(hours=1)})
	frappe.db.commit()
	process.process(run.name)
	assert api.status(call)["status"] == FAILED

	def has_been_told():
		frappe.db.rollback()
		return told(rep)

	(notice,) = eventually(has_been_told, 30, "the worker has told")
	assert "could not be processed" in notice.subject and notice.email_content


def test_a_user_who_waits_for_a_notice_can_be_deleted(ended, committed):
	user = factories.user(factories.SEAT)
	ended(user=user, owner="Administrator")
	frappe.delete_doc("User", user)
	assert not frappe.db.exists("User", user)
	assert tell(user) == 0


def test_enqueue_of_nobody(site):
	enqueue.tell_of_calls(None)
