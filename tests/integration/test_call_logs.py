"""The source "Call logs of the CRM": from a log with the address of a recording to a Call, by the queue's workers.

tests/telephony_server.py plays Twilio, Exotel and others; workers find it by the names of their hosts (demo_crm/names.py).
"""

import json
from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from call_intelligence.api import call_logs as review
from call_intelligence.api import sources as api
from call_intelligence.core.times import utc_now
from call_intelligence.integrations.sources.call_logs import KEY
from call_intelligence.permissions import can_see
from call_intelligence.sources import call_logs, deliveries, jobs, polling
from call_intelligence.sources.accounts import DOCTYPE
from tests import factories, speech
from tests.telephony_server import (
	ACCOUNT,
	CALL,
	EXOTEL_URL,
	FORGED,
	HOSTS,
	LOGINS,
	RECORDING,
	RECORDING_URL,
	SECRETS,
	Recording,
	TelephonyServer,
)

TWILIO_HOST, EXOTEL_HOST = "api.twilio.com", "recordings.exotel.com"
FORGED_HOST = "api.twilio.com.evil.example"
LOG = "CRM Call Log"


@pytest.fixture(scope="module")
def local_names(bench):
	"""In background jobs, the hosts of the telephony server lead to this machine."""
	file = bench.sites / bench.site / "site_config.json"
	before = file.read_text()
	file.write_text(json.dumps({**json.loads(before), "demo_hosts": HOSTS}))
	yield
	file.write_text(before)


@pytest.fixture
def server(local_names):
	call = speech.spoken_call("premium_plan")
	with TelephonyServer(mono=call.mono.read_bytes(), dual=call.stereo.read_bytes()) as server:
		server.recordings[RECORDING] = Recording()
		yield server


@pytest.fixture
def telephony(site):
	"""Twilio and Exotel are set up in the CRM."""
	values = {name.partition("_")[::2]: value for name, value in SECRETS.items() if "_" in name}
	before = {}
	for provider, doctype in (("twilio", "CRM Twilio Settings"), ("exotel", "CRM Exotel Settings")):
		doc = frappe.get_single(doctype)
		before[doctype] = doc.enabled
		doc.update({name: value for (kind, name), value in values.items() if kind == provider and value})
		if provider == "exotel":
			doc.subdomain = SECRETS["exotel_host"]
		doc.enabled = 1
		doc.save(ignore_permissions=True)
	frappe.db.commit()
	yield
	for doctype, enabled in before.items():
		frappe.db.set_single_value(doctype, "enabled", enabled)
	frappe.db.commit()


@pytest.fixture
def source(site, server, telephony):
	"""The source as it is made on installation. It stays, as the site has one."""
	forget_sources()
	frappe.defaults.clear_default(key=call_logs.MADE)
	call_logs.ensure()
	frappe.db.commit()
	source = frappe.get_value(DOCTYPE, {"provider": KEY})
	yield source
	frappe.db.rollback()
	if frappe.db.exists(DOCTYPE, source):
		forget_calls(source)
		frappe.db.set_value(DOCTYPE, source, {"enabled": 1, "base_url": None, "private_host": 0})
	frappe.db.commit()


def forget_sources() -> None:
	for source in frappe.get_all(DOCTYPE, {"provider": KEY}, pluck="name"):
		forget_calls(source)
		frappe.delete_doc(DOCTYPE, source, force=True, delete_permanently=True)


def forget_calls(source: str) -> None:
	for call in frappe.get_all("Call Recording", {"source": source}, pluck="call"):
		frappe.delete_doc("Call", call, force=True, ignore_permissions=True, delete_permanently=True)


@pytest.fixture
def change(source, server):
	"""change(host=..., **values): change the source; `host` may be on this machine"""

	def save(host: str | None = None, **values) -> None:
		# also what the test has made; the worker may have written to the source
		frappe.db.commit()
		doc = frappe.get_doc(DOCTYPE, source)
		if host:
			values |= {"base_url": f"http://{host}:{server.port}", "private_host": 1}
		doc.update(values).save()
		frappe.db.commit()

	return save


@pytest.fixture
def write(people, committed, server):
	"""write(**values) -> name of a committed log of a call that has just ended, with its recording at Twilio"""

	def log(**values) -> str:
		given = {
			"id": CALL,
			"receiver": people["crm user"],
			"start_time": now_datetime().replace(microsecond=0) + timedelta(seconds=1),
			"recording_url": RECORDING_URL,
			**values,
		}
		given["recording_url"] = given["recording_url"] and server.here(given["recording_url"])
		name = committed(LOG, factories.call_log(**given))
		frappe.db.commit()
		return name

	return log


def arrivals(source: str) -> list:
	frappe.db.rollback()
	fields = ["name", "status", "call", "error", "external_id"]
	return frappe.get_all("Source Delivery", {"source": source}, fields, order_by="creation")


@pytest.fixture
def taken(source, eventually):
	"""taken() -> the one arrival of the source, once it was tried"""

	def tried():
		found = [row for row in arrivals(source) if row.error or row.status not in ("Queued", "Running")]
		return found and found[0]

	return lambda: eventually(tried, 60, "the log is taken")


# ---- from a log to a Call


def test_a_log_becomes_the_call_of_who_answered(
	source, server, people, committed, change, write, taken, as_user
):
	lead = committed("CRM Lead", frappe.get_doc({"doctype": "CRM Lead", "first_name": "Ada"}).insert().name)
	deal = committed("CRM Deal", frappe.get_doc({"doctype": "CRM Deal", "lead": lead}).insert().name)
	contact = committed("Contact", factories.contact())
	change(TWILIO_HOST)
	server.recordings[RECORDING] = Recording(channels=2)
	server.calls[CALL] = {"direction": "inbound", "from": "+48601555010", "to": "+48225550100"}

	log = write(
		reference_doctype="CRM Deal",
		reference_docname=deal,
		links=[{"link_doctype": "Contact", "link_name": contact}],
	)
	arrival = taken()

	assert (arrival.status, arrival.error) == ("Succeeded", None)
	call = frappe.get_doc("Call", arrival.call)
	assert (call.direction, call.call_owner) == ("Inbound", people["crm user"])
	records = {(row.link_doctype, row.link_name) for row in call.associations}
	assert {("CRM Deal", deal), ("Contact", contact)} <= records
	recording = frappe.get_doc("Call Recording", {"call": call.name})
	assert (recording.source, recording.external_id) == (source, f"{LOG}:{log}")
	assert frappe.db.get_value("File", recording.file, "file_size") == len(server.dual)
	assert server.logins_seen_by(TWILIO_HOST) == {f"{ACCOUNT}:the token"}

	with as_user(people["crm user"]):
		assert review.review(LOG, log) == {"call": call.name}
	assert not can_see(call.name, people["stranger"])
	assert not frappe.has_permission("Call", doc=call.name, user=people["stranger"])
	with as_user(people["stranger"]):
		assert call.name not in frappe.get_list("Call", pluck="name")


def test_a_recording_at_exotel_is_fetched_with_its_account(source, server, change, write, taken):
	change(EXOTEL_HOST)
	server.exotel["/exotelrecordings/northwind/e1.mp3"] = server.mono
	write(id="exotel-1", recording_url=EXOTEL_URL, telephony_medium="Exotel", start_time=None)
	assert taken().status == "Succeeded"
	assert server.logins_seen_by(EXOTEL_HOST) == LOGINS["exotel.com"]


def test_an_address_written_past_the_hooks_is_found_by_the_sweep(source, server, change, write, taken):
	"""As Twilio's callback does in all apps"""
	change(TWILIO_HOST)
	log = write(recording_url="")
	frappe.db.set_value(LOG, log, "recording_url", server.here(RECORDING_URL))
	frappe.db.commit()
	assert arrivals(source) == []

	frappe.db.set_value(DOCTYPE, source, "next_poll_at", utc_now() - timedelta(seconds=1))
	assert source in polling.queue_due()
	frappe.db.commit()
	assert taken().status == "Succeeded"


def test_what_changed_without_a_new_time_of_change_is_found_in_a_week(source, server, change, write, taken):
	change(TWILIO_HOST)
	log = write(recording_url="")
	frappe.db.set_value(DOCTYPE, source, "polled_until", utc_now() + timedelta(hours=1))
	frappe.db.set_value(LOG, log, "recording_url", server.here(RECORDING_URL), update_modified=False)
	frappe.db.commit()
	jobs.poll(source)
	assert arrivals(source) == []

	call_logs.look_again()
	frappe.db.commit()
	jobs.poll(source)
	assert [row.external_id for row in arrivals(source)] == [f"{LOG}:{log}"]


def test_the_same_log_twice_makes_one_call(source, change, write, taken):
	change(TWILIO_HOST)
	log = frappe.get_doc(LOG, write())
	arrival = taken()
	log.duration = 99
	log.save()
	frappe.db.commit()
	jobs.poll(source)
	deliveries.replay(arrival.name)
	jobs.import_delivery(arrival.name)
	(arrival,) = arrivals(source)
	assert arrival.status == "Succeeded"
	assert frappe.db.count("Call Recording", {"source": source}) == 1


def test_a_forged_address_gets_no_credentials(source, server, change, write, taken):
	write(recording_url=f"{FORGED}/{ACCOUNT}/Recordings/{RECORDING}.mp3")
	arrival = taken()
	assert arrival.status == "Failed" and "not the telephony provider" in arrival.error
	assert server.requests == []

	# as if it were a public one, and such addresses were allowed
	change(FORGED_HOST, switches='{"manual": true}')
	deliveries.replay(arrival.name)
	frappe.db.commit()
	assert taken().status == "Succeeded"
	assert server.logins_seen_by(FORGED_HOST) == {None}


# ---- which logs


def test_logs_entered_by_hand_only_when_switched_on(source, server, change, write, taken):
	change(FORGED_HOST)
	write(telephony_medium="Manual", recording_url=f"{FORGED}/talk.mp3")
	jobs.poll(source)
	assert arrivals(source) == []

	change(switches='{"manual": true}')
	jobs.poll(source)
	assert taken().status == "Succeeded"
	assert server.logins_seen_by(FORGED_HOST) == {None}


def test_earlier_calls_come_in_when_they_are_asked_for(
	source, server, people, change, write, taken, eventually, as_user
):
	change(TWILIO_HOST)
	with as_user(people["manager"]):
		before = api.count_earlier(source, 7)["count"]
	write(start_time=now_datetime().replace(microsecond=0) - timedelta(days=5))
	jobs.poll(source)
	arrival = taken()
	assert arrival.status == "Ignored" and "from when on" in arrival.error
	assert server.requests == []

	with as_user(people["manager"]):
		assert api.count_earlier(source, 3)["count"] == before
		assert api.count_earlier(source, 7)["count"] == before + 1
		api.take_earlier(source, 7)
	frappe.db.commit()
	assert source in polling.queue_due()
	frappe.db.commit()
	assert eventually(lambda: [row.status for row in arrivals(source)] == ["Succeeded"])


# ---- the source itself


def test_it_is_made_once(source):
	doc = frappe.get_doc(DOCTYPE, source)
	assert (doc.enabled, doc.provider) == (1, KEY)
	assert timedelta() <= now_datetime() - frappe.utils.get_datetime(doc.calls_from) < timedelta(minutes=5)
	call_logs.ensure()
	assert frappe.db.count(DOCTYPE, {"provider": KEY}) == 1

	frappe.delete_doc(DOCTYPE, source)
	call_logs.ensure()
	assert not frappe.db.exists(DOCTYPE, {"provider": KEY})


def test_switched_off_it_takes_nothing(source, server, change, write):
	change(TWILIO_HOST, enabled=0)
	write()
	jobs.poll(source)
	assert call_logs.enabled() == []
	assert arrivals(source) == []
	assert server.requests == []


def test_the_connection_is_tested_with_the_settings_of_each_app(source, people, telephony, as_user):
	for doctype in ("CRM Twilio Settings", "CRM Exotel Settings"):
		frappe.db.set_single_value(doctype, "enabled", 0)
	with as_user(people["manager"]):
		(finding,) = api.test_connection(source)["findings"]
	assert not finding["ok"] and "CRM Twilio Settings" in finding["text"]
