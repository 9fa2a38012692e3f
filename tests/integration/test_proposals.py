"""Proposals for a file before it is uploaded, and detection of files by content only."""

import base64

import frappe
import pytest

from call_intelligence.api import uploads
from call_intelligence.core import storage
from call_intelligence.core.times import site_time
from call_intelligence.engine import containers
from call_intelligence.ingest.create import create_call
from call_intelligence.ingest.details import read_details
from tests import factories, speech


@pytest.fixture
def rep(people, as_user):
	with as_user(people["rep"]):
		yield people["rep"]


def contact(first_name, last_name="", phone="", email="", **values):
	user = frappe.session.user
	frappe.set_user("Administrator")
	try:
		return factories.contact(
			first_name=first_name,
			last_name=last_name,
			phone_nos=[{"phone": phone, "is_primary_mobile_no": 1}] if phone else [],
			email_ids=[{"email_id": email, "is_primary": 1}] if email else [],
			**values,
		)
	finally:
		frappe.set_user(user)


def people_in(name):
	return [(row["name"], row["origin"]) for row in uploads.inspect(name)["people"]]


def test_when_it_was(rep):
	found = uploads.inspect("2020-11-20 10.15.00.m4a", modified="2020-11-21T09:00:00Z")
	assert found["starts"] == [
		{"value": "2020-11-20 10:15:00", "origin": "name", "is_day": False},
		{"value": str(site_time("2020-11-21T09:00:00Z")), "origin": "modified", "is_day": False},
	]
	assert found["people"] == []


def test_a_day_is_no_midnight(rep):
	assert uploads.inspect("AUD-20201120-WA0003.opus")["starts"] == [
		{"value": "2020-11-20 12:00:00", "origin": "name", "is_day": True}
	]


def test_a_time_in_a_name_is_that_of_the_user_and_zoom_tells_utc(rep):
	frappe.db.set_value("User", rep, "time_zone", "Pacific/Kiritimati")
	local, zoom = (
		uploads.inspect(name)["starts"][0]["value"]
		for name in ("2020-11-20 10.15.00.m4a", "GMT20201120-101500_Recording.m4a")
	)
	assert local == str(site_time("2020-11-20T10:15:00+14:00"))
	assert zoom == str(site_time("2020-11-20T10:15:00Z"))


@pytest.mark.parametrize("modified", ["yesterday", "03/04/2020", "9999-12-31T23:59:59-10:00"])
def test_a_clock_that_makes_no_sense_is_left_out(rep, modified):
	assert uploads.inspect("call.mp3", modified=modified)["starts"] == []


def test_who_has_the_number(rep):
	name = contact("Anna", "Nowak", phone="+48 601 222 719")
	[row] = uploads.inspect("out-48601222719-100-20201120-101500.wav")["people"]
	assert (row["doctype"], row["name"], row["display_name"], row["phone"], row["origin"]) == (
		"Contact", name, "Anna Nowak", "48601222719", "number",
	)  # fmt: skip


def test_a_number_that_nobody_has_is_a_participant(rep):
	[row] = uploads.inspect("+48601222719_20201120101500.3gp")["people"]
	assert (row["name"], row["phone"], row["display_name"]) == (None, "+48601222719", None)
	assert people_in("1637.wav") == []


@pytest.mark.parametrize("more", [" (1)", " 2", " - 101", " 1637 2"])
def test_what_follows_a_number_is_no_part_of_it(rep, more):
	[row] = uploads.inspect(f"+48 601 222 719{more}.mp3")["people"]
	assert row["phone"] == "+48 601 222 719"


def test_who_has_the_name(rep):
	last = factories.unique("Wisniewska").split()[1].translate(str.maketrans("0123456789", "ghijklmnop"))
	name = contact("Zofia", f"{last}-Kowal")
	for file_name in (f"Zofia {last}-Kowal 2020-11-20.mp3", f"zofia_{last}_kowal.mp3"):
		assert people_in(file_name) == [(name, "name")], file_name
	assert people_in(f"{last}.mp3") == []


def test_a_first_name_is_enough_where_one_has_it(rep):
	first = "Q" + frappe.generate_hash(length=12).translate(str.maketrans("0123456789", "ghijklmnop"))
	one = contact(first, "Nowak")
	assert people_in(f"Call recording {first}_2020-11-20-10-15-00.m4a") == [(one, "name")]
	contact(first, "Kowalska")
	assert people_in(f"Call recording {first}_2020-11-20-10-15-00.m4a") == []


def test_who_has_the_address(rep):
	email = f"{frappe.generate_hash(length=8)}@customer.example"
	name = contact("Anna", "Nowak", email=email)
	assert people_in(f"{email} 2020-11-20.mp3") == [(name, "e-mail")]


def test_nobody_whom_the_user_may_not_read(people, as_user):
	contact("Anna", "Qwertynowak", phone="+48 601 222 719")
	with as_user(people["owner"]):
		assert not frappe.has_permission("Contact")
		assert people_in("Anna Qwertynowak.mp3") == []
		[row] = uploads.inspect("48601222719.wav")["people"]
		assert (row["name"], row["display_name"]) == (None, None)


def test_without_the_seat_nothing_is_said(people, as_user):
	for who in ("stranger", "crm user"):
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			uploads.inspect("call.mp3")


# ------------------------------------------------------------------------------------------------ content


def inspected(name, head):
	found = uploads.inspect(name, head=base64.b64encode(head[: containers.HEAD_BYTES]).decode())
	return found["refusal"], found["may_be_raw"]


@pytest.mark.parametrize("name", ["1637", "call.3ga", "call.mpga", "call.xyz", "call"])
def test_the_content_decides(rep, name):
	head = speech.converted(speech.spoken_call().mono, "a.m4a").read_bytes()
	assert inspected(name, head) == (None, False)


@pytest.mark.parametrize(
	("name", "head", "says"),
	[
		("notes.txt", b"hello", "not an audio or video file"),
		("notes.mp3", b"hello " * 100, "although it is called .mp3"),
		("list.mp3", b"#EXTM3U\n", "a playlist"),
		("call.pdf", b"%PDF-1.7\n" + bytes(2000), "not an audio or video file"),
		("call.ulaw", b"hello " * 100, "not an audio or video file"),
	],
)
def test_what_is_refused(rep, name, head, says):
	refusal, may_be_raw = inspected(name, head)
	assert says in refusal
	assert not may_be_raw


@pytest.fixture(params=["mulaw", "g722"])
def raw(request):
	rate = 16000 if request.param == "g722" else 8000
	path = speech.converted(
		speech.spoken_call().mono, f"raw.{request.param}", "-f", request.param, "-ar", str(rate)
	)
	return path, request.param, rate


def test_raw_sound_needs_a_stated_format(rep, raw):
	path, name, rate = raw
	refusal, may_be_raw = inspected("1637", path.read_bytes())
	assert refusal and may_be_raw
	with pytest.raises(frappe.ValidationError, match="not an audio or video file"):
		create_call(storage.stage_path(path), read_details({}))
	created = create_call(storage.stage_path(path), read_details({"raw_format": name, "sample_rate": rate}))
	kept = storage.path_of(frappe.db.get_value("Call Recording", created.recording, "file"))
	assert kept.read_bytes() == path.read_bytes()
	assert containers.raw_named(kept.suffix) == containers.raw(name, rate)
	assert frappe.db.get_value("Call Recording", created.recording, "container") == name


@pytest.mark.parametrize(
	"given", [{"raw_format": "mulaw"}, {"sample_rate": 8000}, {"raw_format": "concat", "sample_rate": 8000}]
)
def test_half_of_a_format_is_refused(rep, given):
	with pytest.raises(frappe.ValidationError, match="mulaw"):
		read_details(given)


def test_a_file_that_tells_what_it_is_stays_that(rep):
	path = speech.spoken_call().mono
	created = create_call(
		storage.stage_path(path), read_details({"raw_format": "mulaw", "sample_rate": 8000})
	)
	assert frappe.db.get_value("Call Recording", created.recording, "container") == "wav"


@pytest.mark.parametrize("head", ["no base64!", "x" * 20_000])
def test_bad_heads_are_refused(rep, head):
	with pytest.raises(frappe.ValidationError):
		uploads.inspect("call.mp3", head=head)
