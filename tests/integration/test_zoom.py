"""Zoom: from a webhook or a list to a Call, with a simulated Zoom and the queue's workers."""

import hashlib
import hmac
import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest
import requests

from call_intelligence.sources import accounts, jobs, receiving
from tests import factories, speech
from tests.integration.arrivals import arrivals
from tests.zoom_server import ZoomServer

START = "2026-11-28T10:00:00Z"


@pytest.fixture(scope="module")
def sound() -> bytes:
	"""Real speech, as short as is enough for the first steps of processing"""
	call = speech.spoken_call("premium_plan").mono
	return speech.converted(call, "zoom.m4a", "-t", "5", "-c:a", "aac").read_bytes()


@pytest.fixture
def zoom():
	# an account of its own: workers keep tokens by account
	with ZoomServer(account_id=f"acc-{uuid.uuid4().hex[:10]}", one_port=True) as server:
		yield server


@pytest.fixture
def anna(zoom, people) -> dict:
	"""The host in Zoom. As a User she has no seat: her calls come in, and are not transcribed."""
	return zoom.add_user(people["crm user"], "Anna Nowak")


@pytest.fixture
def make_source(new_source, zoom):
	"""make_source(**values) -> name of a source with the simulated account, without a default owner"""

	def make(**values) -> str:
		return new_source(
			**{
				"title": factories.unique("Zoom"),
				"provider": "zoom",
				"private_host": 1,
				"calls_from": "2026-11-20 00:00:00",
				**zoom.secrets,
				**values,
			}
		)

	return make


@pytest.fixture
def source(make_source) -> str:
	return make_source()


@pytest.fixture
def meeting(zoom, anna, sound) -> dict:
	guest = zoom.participant("Eva Brandt")
	return zoom.add_meeting(
		anna, "Offer", START, sound=sound, participants=[zoom.participant(user=anna), guest]
	)


@pytest.fixture
def sent(bench):
	"""sent(key of a source, headers, body) -> the answer to a webhook"""
	address = f"{bench.url}/api/method/call_intelligence.api.webhooks.receive"

	def send(key: str, headers: dict, body: bytes) -> requests.Response:
		return requests.post(
			address, params={"source": key}, data=body, headers=bench.headers | headers, timeout=60
		)

	return send


@pytest.fixture
def post(sent, zoom):
	"""post(source, event, about, old=None) -> the answer to Zoom's signed webhook"""

	def send(source: str, event: str, about: dict | None = None, old: dict | None = None):
		return sent(key_of(source), *zoom.delivery(event, about, old=old))

	return send


@pytest.fixture
def arrived(source, meeting, post, worked) -> frappe._dict:
	"""The delivery of a recording that has come in"""
	assert post(source, "recording.completed", meeting).status_code == 204
	(arrival,) = worked(source)
	assert (arrival.status, arrival.error) == ("Succeeded", None)
	return arrival


def key_of(source: str) -> str:
	return frappe.db.get_value("Recording Source", source, "webhook_key")


def calls_of(source: str) -> list[str]:
	return frappe.get_all("Call Recording", {"source": source}, pluck="call")


# ---- a call of the right people


def test_a_recording_becomes_a_call_of_its_host(source, zoom, anna, people, sound, post, worked, committed):
	address = f"{uuid.uuid4().hex[:8]}@customer.example"
	contact = committed("Contact", factories.contact(email_ids=[{"email_id": address, "is_primary": 1}]))
	frappe.db.commit()
	came = [
		zoom.participant(user=anna),
		# a colleague by his address, although he came from another account
		zoom.participant("Paul", people["participant"]),
		zoom.participant("Sarah at home", address),
		zoom.participant("Sarah at home", address),
		zoom.participant("Nobody’s phone"),
	]
	meeting = zoom.add_meeting(
		anna, 'R&D: "Offer" <2>', START, uuid="/a//b==", sound=sound, participants=came
	)
	post(source, "recording.completed", meeting)
	(arrival,) = worked(source)

	assert (arrival.status, arrival.error) == ("Succeeded", None)
	call = frappe.get_doc("Call", arrival.call)
	assert (call.title, call.direction) == ("R&D: “Offer” ‹2›", "Meeting")
	assert (call.call_owner, str(call.start_time)) == (people["crm user"], "2026-11-28 10:00:00")
	assert [(row.link_doctype, row.link_name) for row in call.associations] == [("Contact", contact)]
	assert [(row.side, row.party_type, row.party) for row in call.participants] == [
		("Owner", "User", people["crm user"]),
		("Owner", "User", people["participant"]),
		("Customer", "Contact", contact),
		("Customer", None, None),
	]
	assert call.participants[3].display_name == "Nobody’s phone"
	recording = frappe.get_doc("Call Recording", {"call": call.name})
	assert (recording.source, recording.external_id) == (source, "/a//b==")
	assert frappe.get_doc("File", recording.file).get_content() == sound
	assert accounts.load(source).doc.status == "Connected"


def test_internal_meetings_are_left_where_the_source_says_so(make_source, zoom, anna, sound, post, worked):
	source = make_source(switches='{"internal": false}')
	jan = zoom.add_user("jan@our.example", "Jan Kos")
	came = [zoom.participant(user=anna), zoom.participant(user=jan)]
	post(
		source, "recording.completed", zoom.add_meeting(anna, "Weekly", START, sound=sound, participants=came)
	)
	(arrival,) = worked(source)
	assert arrival.status == "Ignored" and "internal meetings" in arrival.error
	assert zoom.paths("/rec/download/") == []


def test_recordings_of_zoom_phone(make_source, zoom, anna, people, sound, post, worked, committed):
	number = f"+4860177{int(uuid.uuid4().hex[:4], 16) % 10**4:04}"
	contact = committed(
		"Contact", factories.contact(phone_nos=[{"phone": number, "is_primary_mobile_no": 1}])
	)
	frappe.db.commit()
	off, on = make_source(), make_source(switches='{"phone": true}')
	recording = zoom.add_phone_recording(anna, number, START, sound=sound)
	post(off, "phone.recording_completed", recording)
	post(on, "phone.recording_completed", recording)

	(arrival,) = worked(off)
	assert arrival.status == "Ignored" and "Zoom Phone is switched off" in arrival.error
	(arrival,) = worked(on)
	assert (arrival.status, arrival.error) == ("Succeeded", None)
	call = frappe.get_doc("Call", arrival.call)
	assert (call.direction, call.call_owner) == ("Inbound", people["crm user"])
	assert [(row.link_doctype, row.link_name) for row in call.associations] == [("Contact", contact)]


def test_a_delivery_with_two_phone_calls(make_source, zoom, anna, sound, sent, worked, try_again):
	"""Each has its own file, and the first stays if the second is not ready."""
	source = make_source(switches='{"phone": true}')
	other = speech.converted(speech.spoken_call("late_delivery").mono, "z.mp3", "-t", "4").read_bytes()
	first = zoom.add_phone_recording(anna, "+48601222333", START, sound=sound)
	second = zoom.add_phone_recording(anna, "+48601222444", START, sound=other)
	zoom.fail(503, f"/download/{second['id']}")
	message = {"event": "phone.recording_completed", "payload": {"object": {"recordings": [first, second]}}}
	sent(key_of(source), *zoom.signed(json.dumps(message).encode()))
	(arrival,) = worked(source)
	assert arrival.status == "Queued" and len(calls_of(source)) == 1

	assert try_again(arrival).status == "Succeeded"
	files = frappe.get_all("Call Recording", {"source": source}, ["external_id", "file"])
	contents = {row.external_id: frappe.get_doc("File", row.file).get_content() for row in files}
	assert contents == {f"phone:{first['id']}": sound, f"phone:{second['id']}": other}


def test_several_parts_are_refused_in_words(source, zoom, anna, sound, post, worked):
	"""Until the recordings of a call can be several"""
	meeting = zoom.add_meeting(anna, "Offer", START, sound=sound, segments=[(0, 300), (360, 900)])
	post(source, "recording.completed", meeting)
	(arrival,) = worked(source)
	assert arrival.status == "Failed" and "2 parts" in arrival.error
	assert calls_of(source) == []


# ---- the webhook


def test_zooms_question_is_answered(source, zoom, post):
	answer = post(source, "endpoint.url_validation", {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"})
	mark = hmac.new(zoom.secret_token.encode(), b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
	assert answer.status_code == 200
	assert answer.headers["Content-Type"].partition(";")[0] == "application/json"
	assert answer.json() == {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": mark}
	assert arrivals(source) == []


@pytest.mark.parametrize("event", ["recording.completed", "endpoint.url_validation"])
def test_another_signature_is_refused(source, zoom, meeting, post, event):
	zoom.secret_token = "of another app"
	about = {"plainToken": "x"} if event == "endpoint.url_validation" else meeting
	answer = post(source, event, about)
	assert answer.status_code == 401 and "encryptedToken" not in answer.text
	assert arrivals(source) == []
	assert receiving.refused(source) == 1


def test_webhook_list_and_copies_at_once_make_one_call(source, zoom, meeting, sent, worked):
	key = key_of(source)
	deliveries = [zoom.delivery("recording.completed", meeting)] * 10
	deliveries.append(zoom.delivery("recording.transcript_completed", meeting))
	with ThreadPoolExecutor(4) as threads:
		answers = threads.map(lambda delivery: sent(key, *delivery).status_code, deliveries)
		jobs.poll(source)
		assert set(answers) == {204}

	found = worked(source, 3)
	assert {row.status for row in found} == {"Succeeded"}
	assert sorted(row.copies for row in found) == [1, 1, 10]
	assert len(calls_of(source)) == len({row.call for row in found}) == 1


# ---- what is not there yet


@pytest.mark.parametrize(("fault", "reason"), [(401, "401"), ("html", "text/html")])
def test_a_failed_download_is_repeated(source, zoom, meeting, sound, post, worked, try_again, fault, reason):
	zoom.fail(fault, "/rec/download/")
	post(source, "recording.completed", meeting)
	(arrival,) = worked(source)
	assert arrival.status == "Queued" and reason in arrival.error

	assert try_again(arrival).status == "Succeeded"
	(file,) = frappe.get_all("Call Recording", {"source": source}, pluck="file")
	assert frappe.get_doc("File", file).get_content() == sound


def test_a_recording_in_work_is_waited_for(source, zoom, meeting, post, worked, try_again):
	zoom.processing(meeting)
	post(source, "recording.transcript_completed", meeting)
	(arrival,) = worked(source)
	assert arrival.status == "Queued" and "still working" in arrival.error

	zoom.processing(meeting, done=True)
	assert try_again(arrival).status == "Succeeded"


def test_what_was_trashed_before_it_came_is_no_call(source, zoom, meeting, post, worked):
	zoom.trash(meeting["uuid"])
	post(source, "recording.completed", meeting)
	(arrival,) = worked(source)
	assert arrival.status == "Ignored" and "no longer" in arrival.error


# ---- what happens in Zoom afterwards


def test_what_is_deleted_in_zoom_stays_here_with_a_note(source, meeting, arrived, post, worked):
	for event in ("recording.trashed", "recording.deleted", "recording.recovered"):
		post(source, event, meeting)
	assert {row.status for row in worked(source, 4)} == {"Succeeded"}
	notes = frappe.get_all(
		"Comment", {"reference_name": arrived.call, "comment_type": "Info"}, pluck="content"
	)
	assert len([note for note in notes if "deleted at Zoom" in note]) == 2
	assert len([note for note in notes if "recovered at Zoom" in note]) == 1
	assert frappe.db.get_value("Call Recording", {"call": arrived.call}, "file")


def test_a_new_title_in_zoom_is_taken_unless_there_is_another_one_here(
	source, meeting, arrived, post, worked
):
	uuid, first = meeting["uuid"], meeting["topic"]
	second, third = 'Offer "2"', "Offer 3"
	post(source, "recording.renamed", {"uuid": uuid, "topic": second}, old={"topic": first})
	worked(source, 2)
	assert frappe.db.get_value("Call", arrived.call, "title") == "Offer “2”"

	frappe.db.set_value("Call", arrived.call, "title", "Mine")
	frappe.db.commit()
	post(source, "recording.renamed", {"uuid": uuid, "topic": third}, old={"topic": second})
	worked(source, 3)
	assert frappe.db.get_value("Call", arrived.call, "title") == "Mine"


def test_events_about_calls_that_are_not_here(source, meeting, post, worked):
	post(source, "recording.trashed", meeting)
	(arrival,) = worked(source)
	assert arrival.status == "Ignored" and "not known here" in arrival.error


# ---- the connection


def test_a_missing_scope_is_named(source, zoom, anna, as_user, people):
	from call_intelligence.api import sources

	zoom.scopes.discard("cloud_recording:read:list_recording_files:admin")
	with as_user(people["manager"]):
		findings = sources.test_connection(source)["findings"]
	assert [finding["text"] for finding in findings if not finding["ok"]] == [
		"Add this scope to your Zoom app and activate it again: cloud_recording:read:list_recording_files:admin"
	]
	assert accounts.load(source).doc.status == "Failing"
