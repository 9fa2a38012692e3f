"""Recordings of Zoom Phone"""

from datetime import datetime, timezone

import pytest

from call_intelligence.integrations.sources.types import Party, RemoteCall
from call_intelligence.integrations.sources.zoom_phone import call_of
from tests.zoom_server import SOUND

START = "2026-03-19T10:00:00Z"
CUSTOMER = "+48221234567"
ON = {"phone": True}


@pytest.fixture
def anna(zoom) -> dict:
	return zoom.add_user("anna@our.example", "Anna Nowak")


def test_an_inbound_call(zoom, anna):
	recording = zoom.add_phone_recording(anna, CUSTOMER, START, caller_name="Eva Brandt")
	call = call_of(recording, ON)
	assert (call.direction, call.agent_number, call.seconds) == ("Inbound", "1001", 61.0)
	assert call.started_at == datetime(2026, 3, 19, 10, tzinfo=timezone.utc)
	assert call.parties == (
		Party("agent", "Anna", phone="1001"),
		Party("customer", "Eva Brandt", phone=CUSTOMER),
	)
	(media,) = call.media
	assert (media.file_name, media.kind, media.seconds) == ("zoom-phone-20260319-100000.mp3", "audio", 61.0)


def test_an_outbound_call(zoom, anna):
	call = call_of(zoom.add_phone_recording(anna, CUSTOMER, START, "outbound"), ON)
	assert (call.direction, call.agent_number) == ("Outbound", "1001")
	assert [(party.side, party.phone) for party in call.parties] == [
		("agent", "1001"),
		("customer", CUSTOMER),
	]


def test_who_took_the_call_of_a_queue(zoom, anna):
	queue = {"type": "callQueue", "id": "q1", "name": "Sales", "extension_number": 900}
	by = {"name": "Jan Kos", "extension_number": "1002"}
	call = call_of(zoom.add_phone_recording(anna, CUSTOMER, START, owner=queue, accepted_by=by), ON)
	assert (call.agent_number, call.parties[0].name, call.host_id) == ("1002", "Jan Kos", "")
	call = call_of(
		zoom.add_phone_recording(anna, CUSTOMER, START, "outbound", owner=queue, outgoing_by=by), ON
	)
	assert (call.agent_number, call.parties[0].name) == ("1002", "Jan Kos")


def test_calls_between_colleagues(zoom, asking, anna):
	recording = zoom.add_phone_recording(anna, "1002", START, caller_number_type=1)
	assert [party.side for party in call_of(recording, ON).parties] == ["agent", "agent"]
	call = call_of(recording, {**ON, "internal": False})
	assert call.state == "no_recording" and call.reason
	assert asking.polled("2026-03-18T00:00:00+00:00", phone=True, internal=False) == []


def test_the_host_is_found_and_the_file_comes(zoom, asking, anna, tmp_path):
	zoom.add_phone_recording(anna, CUSTOMER, START)
	(call,) = asking.polled("2026-03-18T00:00:00+00:00", phone=True)
	call = asking.refresh(call, phone=True)
	assert (call.state, call.host_email, call.parties[0].email) == ("ready", anna["email"], anna["email"])
	asking.download(call.media[0], tmp_path / "a")
	assert (tmp_path / "a").read_bytes() == SOUND


def test_a_call_of_which_the_id_alone_is_known(zoom, asking, anna):
	recording = zoom.add_phone_recording(anna, CUSTOMER, START)
	known = RemoteCall(
		f"phone:{recording['id']}", started_at=datetime(2026, 3, 19, 23, 59, tzinfo=timezone.utc)
	)
	call = asking.refresh(known, phone=True)
	assert (call.state, len(call.media), call.host_email) == ("ready", 1, anna["email"])
	zoom.calls.clear()
	assert asking.refresh(known, phone=True).state == "deleted"


def test_phone_is_off_unless_switched_on(zoom, asking, anna):
	call = call_of(zoom.add_phone_recording(anna, CUSTOMER, START), ON)
	call = asking.refresh(call)
	assert (call.state, call.media) == ("no_recording", ()) and "switched off" in call.reason
