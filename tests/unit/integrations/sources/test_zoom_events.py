"""Webhooks of Zoom: the signature, the question at saving, and which calls an event is about"""

import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone

import pytest

from call_intelligence.integrations.sources.types import Delivery, RemoteCall
from call_intelligence.integrations.sources.zoom import Zoom
from tests.zoom_server import ZoomServer

NOW = datetime(2026, 3, 20, 12, tzinfo=timezone.utc)


def delivery(headers: dict[str, str], body: bytes, at: datetime = NOW) -> Delivery:
	return Delivery("POST", "https://crm.example/hook?source=k", headers, body, at)


def event(zoom: ZoomServer, name: str, about: dict | None = None) -> Delivery:
	return delivery(*zoom.delivery(name, about, NOW.timestamp()))


def calls(zoom: ZoomServer, name: str, about: dict | None = None, **options: bool) -> list[RemoteCall]:
	return list(Zoom().parse(event(zoom, name, about), options))


def verdict(zoom: ZoomServer, sent: Delivery):
	return Zoom().verify(sent, zoom.secrets)


# ------------------------------------------------------------------------------------------------ signature


def test_a_signed_request_is_accepted(zoom):
	found = verdict(zoom, event(zoom, "recording.started"))
	assert found.accepted and found.answer is None


def test_the_signature_is_zooms_own_formula():
	"""From the documentation, with a secret of ours"""
	body = b'{"event":"recording.completed"}'
	mark = hmac.new(b"s", b"v0:1773964800:" + body, hashlib.sha256).hexdigest()
	headers = {"x-zm-request-timestamp": "1773964800", "x-zm-signature": f"v0={mark}"}
	sent = delivery(headers, body, datetime.fromtimestamp(1773964800, timezone.utc))
	assert Zoom().verify(sent, {"secret_token": "s"}).accepted
	assert not Zoom().verify(sent, {"secret_token": "other"}).accepted


def test_the_raw_bytes_count(zoom):
	"""Escapes and spaces as Zoom sends them; the same JSON written again has another signature."""
	raw = b'{ "event":"recording.renamed",  "payload":{"object":{"uuid":"a\\/b==","topic":"Za\\u017c\\u00f3\\u0142\\u0107"}}}'
	headers, body = zoom.signed(raw, NOW.timestamp())
	assert verdict(zoom, delivery(headers, body)).accepted
	assert not verdict(zoom, delivery(headers, json.dumps(json.loads(body)).encode())).accepted
	(call,) = Zoom().parse(delivery(headers, body), {})
	assert (call.external_id, call.title) == ("a/b==", "Zażółć")


@pytest.mark.parametrize(
	"change",
	[
		{"x-zm-signature": ""}, {"x-zm-signature": "v0=" + "0" * 64}, {"x-zm-signature": "v0=zażółć"}, {"x-zm-signature": "\udcff"},
		{"x-zm-request-timestamp": ""}, {"x-zm-request-timestamp": "1773964801"}, {"x-zm-request-timestamp": "²"},
	],
)  # fmt: skip
def test_another_signature_is_refused(zoom, change):
	headers, body = zoom.delivery("recording.completed", {"uuid": "x"}, NOW.timestamp())
	found = verdict(zoom, delivery({**headers, **change}, body))
	assert not found.accepted and "signature" in found.reason


def test_a_changed_body_is_refused(zoom):
	headers, body = zoom.delivery("recording.completed", {"uuid": "x"}, NOW.timestamp())
	assert not verdict(zoom, delivery(headers, body.replace(b'"x"', b'"y"'))).accepted


@pytest.mark.parametrize(("minutes", "accepted"), [(-10, False), (-4, True), (4, True), (10, False)])
def test_old_requests_are_refused(zoom, minutes, accepted):
	headers, body = zoom.delivery("recording.completed", {"uuid": "x"}, NOW.timestamp())
	found = verdict(zoom, delivery(headers, body, NOW + timedelta(minutes=minutes)))
	assert found.accepted is accepted
	assert accepted or "five minutes" in found.reason


@pytest.mark.parametrize("stamp", ["", "soon", "9" * 30, "-5", "1e9"])
def test_a_signed_time_that_is_none(zoom, stamp):
	body = b"{}"
	mark = hmac.new(zoom.secret_token.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
	headers = {"x-zm-request-timestamp": stamp, "x-zm-signature": f"v0={mark}"}
	assert not verdict(zoom, delivery(headers, body)).accepted


def test_without_a_secret_token_nothing_is_accepted(zoom):
	body = b"{}"
	mark = hmac.new(b"", f"v0:{int(NOW.timestamp())}:".encode() + body, hashlib.sha256).hexdigest()
	headers = {"x-zm-request-timestamp": str(int(NOW.timestamp())), "x-zm-signature": f"v0={mark}"}
	found = Zoom().verify(delivery(headers, body), {"secret_token": ""})
	assert not found.accepted and "secret token" in found.reason


# ------------------------------------------------------------------------------------------- url_validation


def test_zooms_question_is_answered(zoom):
	found = verdict(zoom, event(zoom, "endpoint.url_validation", {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}))
	mark = hmac.new(zoom.secret_token.encode(), b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
	assert found.accepted and found.answer.status == 200
	assert found.answer.content_type == "application/json"
	assert json.loads(found.answer.body) == {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": mark}
	assert calls(zoom, "endpoint.url_validation") == []


def test_nobody_else_gets_an_answer(zoom):
	"""It would be a signature of a text of their choice."""
	question = event(zoom, "endpoint.url_validation", {"plainToken": "v0:1:{}"})
	found = Zoom().verify(question, {"secret_token": "another"})
	assert not found.accepted and found.answer is None
	assert not verdict(zoom, event(zoom, "endpoint.url_validation", {"plainToken": ""})).accepted


# --------------------------------------------------------------------------------------------------- events


def test_a_recording_is_announced(zoom):
	anna = zoom.add_user("anna@our.example")
	topic = "Oferta 🚀 " + "długa " * 90
	meeting = zoom.add_meeting(anna, topic, "2026-03-19T23:30:00Z", minutes=45, uuid="/abc==")
	(call,) = calls(zoom, "recording.completed", meeting)
	assert call == RemoteCall(
		"/abc==", topic.strip(), "Meeting", datetime(2026, 3, 19, 23, 30, tzinfo=timezone.utc), 2700.0,
		host_email="anna@our.example", host_id=anna["id"],
	)  # fmt: skip


def test_the_transcript_may_come_before_the_recording(zoom):
	meeting = zoom.add_meeting(zoom.add_user("a@our.example"), "Offer", "2026-03-19T10:00:00Z")
	assert calls(zoom, "recording.transcript_completed", meeting) == calls(
		zoom, "recording.completed", meeting
	)


def test_daylight_saving_changes_nothing(zoom):
	anna = zoom.add_user("a@our.example")
	hours = []
	for day in ("2026-03-28", "2026-03-29", "2026-10-25"):
		(call,) = calls(zoom, "recording.completed", zoom.add_meeting(anna, "Offer", f"{day}T01:30:00Z"))
		hours.append((call.started_at.hour, call.started_at.utcoffset()))
	assert set(hours) == {(1, timedelta(0))}


@pytest.mark.parametrize(("kind", "switch"), [(2, "meetings"), (5, "webinars"), (9, "webinars")])
def test_what_is_switched_off_says_so(zoom, kind, switch):
	meeting = zoom.add_meeting(zoom.add_user("a@our.example"), "Offer", "2026-03-19T10:00:00Z", kind=kind)
	(call,) = calls(zoom, "recording.completed", meeting, **{switch: False})
	assert call.state == "no_recording" and switch in call.reason.lower()
	assert calls(zoom, "recording.completed", meeting)[0].state == "ready"


@pytest.mark.parametrize(
	("name", "state"),
	[
		("recording.trashed", "deleted"),
		("recording.deleted", "deleted"),
		("recording.recovered", "recovered"),
	],
)
def test_what_happens_to_a_recording_in_zoom(zoom, name, state):
	meeting = zoom.add_meeting(zoom.add_user("a@our.example"), "Offer", "2026-03-19T10:00:00Z", uuid="a//b==")
	(call,) = calls(zoom, name, meeting)
	assert (call.external_id, call.state) == ("a//b==", state)
	chat = {**meeting, "recording_files": meeting["recording_files"][-1:]}
	assert calls(zoom, name, chat) == []  # the chat alone
	assert calls(zoom, name, {"uuid": "a//b=="})[0].state == state


def test_a_new_title(zoom):
	headers, body = zoom.delivery(
		"recording.renamed",
		{"uuid": "x==", "topic": "Offer, second round "},
		NOW.timestamp(),
		old={"topic": " Offer,  first round"},
	)
	(call,) = Zoom().parse(delivery(headers, body), {})
	assert (call.external_id, call.title, call.state) == ("x==", "Offer, second round", "renamed")
	assert call.reason == "Offer, first round"
	# never seen without the former one, but then nothing is known of it
	assert calls(zoom, "recording.renamed", {"uuid": "x==", "topic": "Offer"})[0].reason == ""


@pytest.mark.parametrize(
	("name", "about", "state"),
	[
		("recording.batch_trashed", {"meeting_uuids": ["a==", "b=="]}, "deleted"),
		("recording.batch_deleted", {"meetings": [{"meeting_uuid": "a=="}, {"meeting_uuid": "b=="}, {}]}, "deleted"),
		("recording.batch_recovered", {"meetings": [{"meeting_uuid": "a=="}, {"meeting_uuid": "b=="}]}, "recovered"),
	],
)  # fmt: skip
def test_many_at_once(zoom, name, about, state):
	assert [(call.external_id, call.state) for call in calls(zoom, name, about)] == [
		("a==", state),
		("b==", state),
	]


def test_a_phone_recording(zoom):
	recording = zoom.add_phone_recording(
		zoom.add_user("a@our.example"), "+48221234567", "2026-03-19T10:00:00Z"
	)
	(call,) = calls(zoom, "phone.recording_completed", recording, phone=True)
	assert (call.external_id, call.state, len(call.media)) == (f"phone:{recording['id']}", "ready", 1)
	(call,) = calls(zoom, "phone.recording_completed", recording)
	assert (call.state, call.media) == ("no_recording", ())


@pytest.mark.parametrize(
	"name", ["recording.started", "recording.paused", "meeting.ended", "app_deauthorized", ""]
)
def test_other_events_are_about_no_call(zoom, name):
	assert verdict(zoom, event(zoom, name, {"uuid": "x"})).accepted
	assert calls(zoom, name, {"uuid": "x"}) == []


@pytest.mark.parametrize(
	"body",
	[
		b"", b"null", b"[]", b"\xff", b'"recording.completed"', b'{"event":"recording.completed"}', b"[" * 90_000,
		b'{"event":"recording.completed","payload":{"object":[]}}', b'{"event":{},"payload":{"object":{"uuid":"x"}}}',
		b'{"event":"recording.completed","payload":{"object":{"uuid":["x"]}}}',
		b'{"event":"recording.batch_trashed","payload":{"object":{"meeting_uuids":"x"}}}',
		b'{"event":"phone.recording_completed","payload":{"object":{"recordings":[{}, 1]}}}',
	],
)  # fmt: skip
def test_bodies_that_mean_nothing(body):
	assert list(Zoom().parse(delivery({}, body), {"phone": True})) == []


def test_strange_values_in_a_known_event(zoom):
	about = {"uuid": "x", "topic": None, "start_time": "soon", "duration": "5", "type": {}, "host_email": 1.5}
	assert calls(zoom, "recording.completed", about) == [RemoteCall("x", direction="Meeting")]
