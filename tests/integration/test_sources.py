"""Calls that come in by themselves: from a provider's webhook or list to a Call. The queue's workers do the work."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import frappe
import pytest
import requests

from call_intelligence.api import sources
from call_intelligence.core.rows import MOST_ROWS_OF_A_CALL
from call_intelligence.core.times import utc_now
from call_intelligence.desk import timeline
from call_intelligence.ingest.details import read_details
from call_intelligence.integrations.sources.types import Party, RemoteCall
from call_intelligence.jobs import sweep
from call_intelligence.queue import enqueue
from call_intelligence.sources import (
	accounts,
	deliveries,
	importing,
	jobs,
	newcomers,
	owners,
	polling,
	receiving,
	settings,
)
from tests import factories, speech
from tests.integration.arrivals import arrivals
from tests.telephone import API_KEY, SIGNING_SECRET, signed, telephone


@pytest.fixture(scope="session")
def wav():
	return speech.spoken_call("premium_plan").stereo


@pytest.fixture
def system():
	with telephone() as found:
		yield found


@pytest.fixture
def make_source(new_source, people, system):
	"""make_source(**values) -> name of a source of the demo telephone. Its owner has no seat: nothing is transcribed."""

	def make(**values) -> str:
		return new_source(
			**{
				"title": factories.unique("Telephone"),
				"provider": "demo_telephone",
				"base_url": system.url,
				"private_host": 1,
				"client_secret": API_KEY,
				"secret_token": SIGNING_SECRET,
				"calls_from": "2026-01-01 00:00:00",
				"default_owner": people["crm user"],
				**values,
			}
		)

	return make


@pytest.fixture
def source(make_source):
	return make_source()


@pytest.fixture
def post(bench):
	"""post(source, call) -> the answer to the signed webhook of this call"""

	def send(source: str, call: dict, secret: str = SIGNING_SECRET, key: str | None = None, **more):
		body, headers = signed(call, secret)
		key = key or frappe.db.get_value("Recording Source", source, "webhook_key")
		return requests.post(
			f"{bench.url}/api/method/call_intelligence.api.webhooks.receive",
			params={"source": key},
			data=body,
			headers=bench.headers | headers | more,
			timeout=60,
		)

	return send


def new_number() -> str:
	"""A Polish mobile number that nobody has"""
	return f"+4860{uuid.uuid4().int % 10**7:07}"


# ---- the way in


def test_a_signed_request_becomes_a_call_of_the_right_people(
	make_source, system, people, wav, post, worked, committed
):
	number = new_number()
	contact = committed(
		"Contact", factories.contact(phone_nos=[{"phone": number, "is_primary_mobile_no": 1}])
	)
	frappe.db.commit()
	source = make_source(default_owner=None)
	call = system.add("c1", wav, agent=people["crm user"], title="Order 7", **{"from": number})

	assert post(source, call).status_code == 204
	(arrival,) = worked(source)

	assert (arrival.status, arrival.error) == ("Succeeded", None)
	made = frappe.get_doc("Call", arrival.call)
	assert (made.title, made.direction, made.call_owner) == ("Order 7", "Inbound", people["crm user"])
	assert [(row.link_doctype, row.link_name) for row in made.associations] == [("Contact", contact)]
	recording = frappe.get_doc("Call Recording", {"call": made.name})
	assert (recording.source, recording.external_id) == (source, "c1")
	assert accounts.load(source).doc.status == "Connected"


@pytest.mark.parametrize("kind", ["wrong secret", "no signature", "no key", "other key", "switched off"])
def test_what_is_not_the_providers_is_refused_and_not_kept(make_source, system, post, kind, bench):
	source = make_source(enabled=0 if kind == "switched off" else 1)
	call = system.add("c1", None)
	before = receiving.refused(source)
	if kind in ("no key", "other key"):
		answer = requests.post(
			f"{bench.url}/api/method/call_intelligence.api.webhooks.receive",
			params={"source": "x" * 40} if kind == "other key" else {},
			data=signed(call)[0],
			headers=bench.headers | signed(call)[1],
			timeout=60,
		)
	else:
		answer = post(
			source,
			call,
			secret="wrong" if kind == "wrong secret" else SIGNING_SECRET,
			**({"X-Demo-Signature": ""} if kind == "no signature" else {}),
		)

	refused = kind in ("wrong secret", "no signature")
	assert answer.status_code == (401 if refused else 404)
	assert arrivals(source) == []
	assert receiving.refused(source) == before + refused


def test_a_body_above_1_mb_is_refused(source, post):
	assert post(source, {"id": "c1", "title": "x" * receiving.MOST_BYTES}).status_code == 413
	assert arrivals(source) == []


def test_fields_of_the_body_are_no_arguments(make_source, system, post):
	"""Frappe makes the fields of a JSON body the arguments of the method."""
	source, other = make_source(), make_source()
	key = frappe.db.get_value("Recording Source", other, "webhook_key")
	assert post(source, system.add("c1", None, source=key, doctype="User")).status_code == 204
	assert len(arrivals(source)) == 1
	assert arrivals(other) == []


def test_a_hundred_copies_at_once_make_one_call(source, system, wav, post, worked):
	call = system.add("c1", wav)
	key = frappe.db.get_value("Recording Source", source, "webhook_key")
	with ThreadPoolExecutor(10) as threads:
		answers = list(threads.map(lambda _number: post(source, call, key=key).status_code, range(100)))
	assert set(answers) == {204}

	(arrival,) = worked(source)
	assert (arrival.status, arrival.copies) == ("Succeeded", 100)
	assert frappe.db.count("Call Recording", {"source": source}) == 1


def test_webhook_and_list_at_once_make_one_call(source, system, wav, post, worked):
	call = system.add("c1", wav)
	key = frappe.db.get_value("Recording Source", source, "webhook_key")
	other = threading.Thread(target=post, args=(source, call), kwargs={"key": key})
	other.start()
	jobs.poll(source)
	other.join()

	found = worked(source, 2)
	assert {row.status for row in found} == {"Succeeded"}
	assert len({row.call for row in found}) == 1
	assert frappe.db.count("Call Recording", {"source": source}) == 1


def test_a_call_of_somebody_with_the_seat_is_ready_on_the_contacts_timeline(
	make_source, system, people, wav, post, worked, committed, eventually, as_user
):
	number = "+1 206 555 0143"
	contact = committed(
		"Contact", factories.contact(phone_nos=[{"phone": number, "is_primary_mobile_no": 1}])
	)
	frappe.db.commit()
	source = make_source(default_owner=people["rep"])
	post(source, system.add("c1", wav, **{"from": number}))
	(arrival,) = worked(source)

	def ready():
		frappe.db.rollback()
		return frappe.db.get_value("Call", arrival.call, "status") == "Ready"

	eventually(ready, 300, "the call is ready")
	with as_user(people["rep"]):
		(card,) = timeline.get_timeline_cards("Contact", contact)
	assert card["template_data"]["name"] == arrival.call


def test_what_waits_is_left_when_the_source_is_switched_off(source, system, wav, post, worked, try_again):
	post(source, system.add("c1", None))
	(arrival,) = worked(source)
	frappe.get_doc("Recording Source", source).update({"enabled": 0}).save()
	system.add("c1", wav)
	left = try_again(arrival)
	assert (left.status, left.error) == ("Ignored", "The source is switched off.")

	frappe.get_doc("Recording Source", source).update({"enabled": 1}).save()
	frappe.db.commit()
	jobs.poll(source)
	assert [row.status for row in worked(source, 2)] == ["Ignored", "Succeeded"]


# ---- the recording


def test_a_recording_that_is_not_ready_is_asked_for_later(source, system, wav, post, worked, try_again):
	post(source, system.add("c1", None))
	(arrival,) = worked(source)
	assert arrival.status == "Queued" and "not ready" in arrival.error
	assert timedelta(0) < arrival.next_attempt_at - utc_now() <= timedelta(seconds=jobs.BACKOFF_SECONDS[0])

	system.add("c1", wav)
	assert try_again(arrival).status == "Succeeded"


@pytest.mark.parametrize(
	("fault", "reason"), [(401, "401"), (404, "404"), (503, "503"), ("html", "text/html"), ("cut", "of")]
)
def test_a_failed_download_is_repeated(source, system, wav, post, worked, try_again, fault, reason):
	call = system.add("c1", wav)
	system.faults.append(fault)
	post(source, call)
	(arrival,) = worked(source)
	assert arrival.status == "Queued" and reason in arrival.error

	again = try_again(arrival)
	assert (again.status, again.attempts) == ("Succeeded", 2)
	if fault == "cut":
		assert any("Range" in headers for _path, headers in system.requests)
	file = frappe.db.get_value("Call Recording", {"source": source}, "file")
	assert frappe.db.get_value("File", file, "file_size") == wav.stat().st_size


def test_calls_of_one_request_are_kept_apart(source, system, wav, post, worked, try_again):
	mono = speech.spoken_call("late_delivery").mono
	call, other, late = system.add("c1", wav), system.add("c2", mono), system.add("c3", None)
	post(source, {"calls": [call, other, late]})
	(arrival,) = worked(source)

	# the third one waits, the others are there
	assert arrival.status == "Queued"
	files = {
		row.external_id: frappe.db.get_value("File", row.file, "file_size")
		for row in frappe.get_all("Call Recording", {"source": source}, ["external_id", "file"])
	}
	assert files == {"c1": wav.stat().st_size, "c2": mono.stat().st_size}
	system.add("c3", wav)
	assert try_again(arrival).status == "Succeeded"
	assert frappe.db.count("Call Recording", {"source": source}) == 3


def test_after_the_last_attempt_it_says_so_and_can_be_tried_again(
	source, system, wav, post, worked, try_again, as_user, people
):
	post(source, system.add("c1", None))
	(arrival,) = worked(source)
	for _attempt in jobs.BACKOFF_SECONDS:
		arrival = try_again(arrival)
	assert arrival.status == "Failed" and "Given up" in arrival.error

	system.add("c1", wav)
	with as_user(people["manager"]):
		sources.replay(arrival.name)
	frappe.db.commit()
	assert worked(source)[0].status == "Succeeded"


def test_what_is_no_recording_is_refused_with_the_reason(source, system, tmp_path, post, worked):
	(tmp_path / "x.wav").write_bytes(b"This is not sound. " * 100)
	post(source, system.add("c1", tmp_path / "x.wav"))
	(arrival,) = worked(source)
	assert arrival.status == "Failed" and "not an audio or video file" in arrival.error
	# it is about this call only
	assert accounts.load(source).doc.status == "Not tested"
	assert settings.describe(frappe.get_doc("Recording Source", source))["failed"] == 1


def test_a_private_address_needs_permission(make_source, system, wav, post, worked):
	source = make_source(private_host=0)
	post(source, system.add("c1", wav))
	(arrival,) = worked(source)
	assert arrival.status == "Failed" and "private address" in arrival.error
	assert system.requests == []


# ---- whose call, and which


@pytest.mark.parametrize("by", ["e-mail", "number", "default", "nobody", "disabled"])
def test_the_owner(make_source, system, people, wav, post, worked, by):
	values = {"default_owner": None} if by in ("nobody", "disabled") else {}
	if by == "number":
		values["users"] = [{"number": "00101", "user": people["participant"]}]
	source = make_source(**values)
	agent = {"e-mail": people["participant"], "disabled": "nobody@example.com"}.get(by, "")
	post(source, system.add("c1", wav, agent=agent))
	(arrival,) = worked(source)

	if by in ("nobody", "disabled"):
		assert arrival.status == "Failed" and "default owner" in arrival.error
		return
	expected = people["crm user"] if by == "default" else people["participant"]
	assert frappe.db.get_value("Call", arrival.call, "call_owner") == expected


@pytest.mark.parametrize(
	("values", "call", "reason"),
	[
		({"calls_from": "2026-11-29 00:00:00"}, {}, "before"),
		({"shortest_seconds": 60}, {}, "shorter than 60"),
	],
)
def test_what_a_source_leaves_is_not_even_downloaded(
	make_source, system, wav, post, worked, values, call, reason
):
	source = make_source(**values)
	post(source, system.add("c1", wav, **call))
	(arrival,) = worked(source)
	assert arrival.status == "Ignored" and reason in arrival.error
	assert system.requests == []


def test_a_switch_leaves_calls_until_it_is_turned_on(make_source, system, wav, worked):
	source = make_source(switches='{"outgoing": false}', shortest_seconds=60)
	system.add("in", wav)
	system.add("out", wav, direction="out")
	jobs.poll(source)
	assert [row.status for row in worked(source)] == ["Ignored"]

	doc = frappe.get_doc("Recording Source", source)
	doc.update({"switches": '{"outgoing": true}', "shortest_seconds": 0}).save()
	frappe.db.commit()
	jobs.poll(source)
	assert [row.status for row in worked(source, 2)] == ["Succeeded", "Succeeded"]


@pytest.mark.parametrize("wanted", ["", "Contact", "Lead"])
def test_unknown_callers_are_created_only_where_the_source_says_so(
	make_source, system, people, wav, post, worked, committed, wanted
):
	source = make_source(create_people=wanted, people_owner=people["crm user"])
	number = new_number()
	post(source, system.add("c1", wav, name="Nora New", **{"from": number}))
	(arrival,) = worked(source)

	made = frappe.get_doc("Call", arrival.call).associations
	if not wanted:
		assert made == []
		return
	(row,) = made
	committed(row.link_doctype, row.link_name)
	assert row.link_doctype == {"Contact": "Contact", "Lead": "CRM Lead"}[wanted]
	assert frappe.db.get_value(row.link_doctype, row.link_name, "owner") == people["crm user"]


def test_calls_of_one_unknown_number_at_once_create_one_contact(make_source, system, people, wav, committed):
	source = make_source(create_people="Contact")
	number = new_number()
	for id in ("c1", "c2", "c3"):
		system.add(id, wav, name="Nora New", **{"from": number})
	account, site = accounts.load(source), frappe.local.site
	listed = account.provider.poll(polling.since(account), account.secrets, account.options, account.client())
	calls = [call for call in listed if isinstance(call, RemoteCall)]

	def create(call) -> None:
		frappe.init(site=site, sites_path=".")
		frappe.connect()
		frappe.set_user("Administrator")
		newcomers.create_unknown(accounts.load(source), call)
		frappe.db.commit()
		frappe.destroy()

	workers = [threading.Thread(target=create, args=(call,)) for call in calls]
	for worker in workers:
		worker.start()
	for worker in workers:
		worker.join()

	frappe.db.rollback()
	made = frappe.get_all("Contact Phone", {"phone": number}, pluck="parent")
	for name in set(made):
		committed("Contact", name)
	assert len(made) == 1


def test_a_caller_whom_the_crm_refuses_does_not_keep_the_call_out(make_source, system, wav, post, worked):
	source = make_source(create_people="Contact")
	post(source, system.add("c1", wav, **{"from": "Anonymous"}))
	assert worked(source)[0].status == "Succeeded"


def test_a_meeting_of_many_is_taken_with_the_first_of_them(site, people):
	ours = Party("agent", user=people["owner"])
	call = RemoteCall("c1", parties=(*(Party("customer", name=f"Guest {n}") for n in range(150)), ours))
	rows = importing.participants(call)
	assert len(rows) == MOST_ROWS_OF_A_CALL
	assert rows[0]["email"] == people["owner"]


def test_an_upload_cannot_stand_for_a_call_that_is_still_to_come(source, people, as_user):
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="Recording Source"):
		read_details({"source": source, "external_id": "c1"})


def test_an_address_that_somebody_has_entered_is_not_theirs(make_source, system, people):
	source = make_source(default_owner=None)
	frappe.db.set_value("User", people["stranger"], "email", "boss@example.com")
	call = RemoteCall(
		"c1", parties=(Party("agent", email="boss@example.com"),), host_email="boss@example.com"
	)
	assert owners.owner_of(accounts.load(source), call) is None


# ---- what is asked for regularly


def test_a_source_is_asked_by_the_sweep_and_goes_on_where_it_ended(source, system, wav, worked):
	system.add("c1", wav)
	assert source in polling.queue_due()
	assert source not in polling.queue_due()
	frappe.db.commit()
	(arrival,) = worked(source)
	assert (arrival.status, arrival.arrival) == ("Succeeded", "Listed")

	until = frappe.db.get_value("Recording Source", source, "polled_until")
	assert timedelta(0) <= utc_now() - until < timedelta(minutes=5)
	assert polling.since(accounts.load(source)).replace(tzinfo=None) == until


def test_a_long_list_is_queued_bit_by_bit(source, system, wav, eventually, monkeypatch):
	monkeypatch.setattr(deliveries, "AT_ONCE", 2)
	for number in range(5):
		system.add(f"c{number}", wav)
	jobs.poll(source)
	left = {"source": source, "job_id": ["is", "not set"]}
	waiting = frappe.get_all("Source Delivery", left, pluck="name")
	assert len(waiting) == 3

	def all_are_taken():
		sweep.queue_again(deliveries.DOCTYPE, enqueue.import_delivery, deliveries.due())
		frappe.db.commit()
		return {row.status for row in arrivals(source)} == {"Succeeded"}

	eventually(all_are_taken, 90, "all are taken", every=1)


def test_a_wrong_key_is_said_in_the_source(make_source, system, as_user, people):
	source = make_source(client_secret="wrong")
	with as_user(people["manager"]):
		(finding,) = sources.test_connection(source)["findings"]
	assert not finding["ok"] and "API key" in finding["text"]
	assert accounts.load(source).doc.status == "Failing"


def test_a_lost_delivery_is_queued_again(source, system, wav, post, worked):
	post(source, system.add("c1", None))
	(arrival,) = worked(source)
	late = {"next_attempt_at": utc_now() - timedelta(minutes=1), "job_id": None}
	frappe.db.set_value("Source Delivery", arrival.name, late)
	assert arrival.name in sweep.queue_again(deliveries.DOCTYPE, lambda name: None)


def test_a_failed_call_that_was_corrected_is_tried_again(source, system, wav, tmp_path, worked):
	(tmp_path / "x.wav").write_bytes(b"This is not sound. " * 100)
	system.add("c1", tmp_path / "x.wav")
	jobs.poll(source)
	assert worked(source)[0].status == "Failed"
	jobs.poll(source)
	assert worked(source)[0].attempts == 1

	corrected = system.add("c1", wav)
	system.files["c1b"] = system.files["c1"]
	corrected["recording"] += "b"
	jobs.poll(source)
	assert worked(source)[0].status == "Succeeded"


def test_failed_calls_are_tried_again_once_the_source_is_right(
	make_source, system, wav, post, worked, as_user, people
):
	source = make_source(default_owner=None)
	post(source, system.add("c1", wav))
	assert worked(source)[0].status == "Failed"
	frappe.get_doc("Recording Source", source).update({"default_owner": people["crm user"]}).save()
	with as_user(people["manager"]):
		assert sources.replay_failed(source) == {"started": 1}
	frappe.db.commit()
	assert worked(source)[0].status == "Succeeded"


def test_a_source_whose_app_is_gone_says_so_and_can_be_switched_off(source):
	frappe.db.set_value("Recording Source", source, "provider", "gone")
	frappe.db.commit()
	jobs.poll(source)
	frappe.db.commit()
	row = frappe.db.get_value("Recording Source", source, ["status", "last_error"], as_dict=True)
	assert row.status == "Failing" and "not installed" in row.last_error
	doc = frappe.get_doc("Recording Source", source)
	with pytest.raises(frappe.ValidationError, match="not installed"):
		doc.save()
	frappe.db.rollback()
	frappe.get_doc("Recording Source", source).update({"enabled": 0}).save()
	frappe.db.commit()


# ---- what is kept


def test_a_deleted_call_does_not_come_in_again(source, system, wav, post, worked):
	call = system.add("c1", wav)
	jobs.poll(source)
	(arrival,) = worked(source)
	frappe.delete_doc("Call", arrival.call, force=True, ignore_permissions=True, delete_permanently=True)
	frappe.db.commit()

	deliveries.replay(arrival.name)
	frappe.db.commit()
	post(source, call)
	found = worked(source, 3)
	assert {row.status for row in found} == {"Ignored"}
	assert sorted(row.error or "" for row in found) == ["", *["The call was deleted here."] * 2]
	(kept,) = [row.name for row in found if row.arrival == "Deleted"]
	frappe.db.set_value("Source Delivery", kept, "creation", "2020-01-01 00:00:00", update_modified=False)
	deliveries.remove_old()
	assert deliveries.was_deleted(source, "c1")


def test_secrets_and_old_bodies_are_not_kept(source, system, post, worked):
	post(source, system.add("c1", None), Authorization="Bearer secret-of-the-provider")
	(arrival,) = worked(source)
	row = frappe.get_doc("Source Delivery", arrival.name)
	assert "secret-of-the-provider" not in row.headers
	assert '"c1"' in row.body

	def age(days: int) -> None:
		values = {"status": "Failed", "creation": frappe.utils.add_days(None, -days)}
		frappe.db.set_value("Source Delivery", row.name, values, update_modified=False)
		deliveries.remove_old()

	age(deliveries.BODY_DAYS - 1)
	assert frappe.db.get_value("Source Delivery", row.name, "body")
	age(deliveries.BODY_DAYS + 2)
	assert frappe.db.get_value("Source Delivery", row.name, ["body", "headers"]) == (None, None)
	age(deliveries.ROW_DAYS + 2)
	assert not frappe.db.exists("Source Delivery", row.name)


def test_another_address_needs_the_secrets_again(source):
	doc = frappe.get_doc("Recording Source", source)
	doc.base_url = "https://elsewhere.example.com"
	with pytest.raises(frappe.ValidationError, match="type the secrets again"):
		doc.save()


@pytest.mark.parametrize(
	"address", ["telephone.example.com", "ftp://telephone.example.com", "http://[", "http://a:b"]
)
def test_an_address_that_nothing_can_call_is_refused(make_source, address):
	with pytest.raises(frappe.ValidationError, match="must begin with https"):
		make_source(base_url=address)


def test_a_source_without_its_settings_can_only_be_saved_switched_off(make_source):
	with pytest.raises(frappe.ValidationError, match="API key"):
		make_source(client_secret="")
	assert make_source(client_secret="", enabled=0)


def test_what_the_form_shows(source):
	about = settings.describe(frappe.get_doc("Recording Source", source))
	(provider,) = [one for one in about["providers"] if one["key"] == "demo_telephone"]
	assert [box["name"] for box in provider["switches"]] == ["outgoing"]
	assert frappe.db.get_value("Recording Source", source, "webhook_key") in about["webhook_url"]
