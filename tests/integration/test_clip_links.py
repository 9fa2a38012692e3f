"""External links over HTTP: what guests get, and that refusals reveal nothing."""

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from call_intelligence.api import clip_links, clips
from call_intelligence.clips import links
from tests import factories

OPEN = "/api/method/call_intelligence.api.clip_links.open"
MEDIA = "/api/method/call_intelligence.api.clip_links.media"


@pytest.fixture
def call(people, committed):
	name = factories.call(people["owner"], title="Premium plan")
	factories.comment(name, people["owner"], "<p>Not for people outside</p>", timed=1, at_seconds=5)
	frappe.db.commit()
	return committed("Call", name)


@pytest.fixture
def new_link(call, people, as_user):
	"""`new_link(password="...")` -> (name of the clip, key) of a committed external link"""

	def allow(switch):
		frappe.db.set_single_value("Call Intelligence Settings", "external_links", switch)
		frappe.db.commit()
		frappe.clear_document_cache("Call Intelligence Settings", "Call Intelligence Settings")

	def make(**options):
		with as_user(people["owner"]):
			answer = clips.create_link(call, 4.6, 8.1, **options)
		frappe.db.commit()
		return answer["clip"]["name"], answer["link"].rpartition("/")[2]

	allow(1)
	yield make
	frappe.db.rollback()
	allow(0)


# where Frappe counts requests per address
COUNTERS = [f"rl:{method.rpartition('/')[2]}:127.0.0.1" for method in (OPEN, MEDIA)]


@pytest.fixture
def guest(web):
	"""Each test has its own hour, since other tests used this address as well."""
	frappe.cache.delete(*COUNTERS)
	yield web()
	frappe.cache.delete(*COUNTERS)


def test_a_guest_reads_the_part_and_no_word_around_it(new_link, guest, people):
	name, key = new_link(title="The question", message="Please listen")
	answer = guest.post(OPEN, data={"key": key})
	part = answer.json()["message"]
	assert (part["title"], part["message"]) == ("The question", "Please listen")
	assert [row[4] for row in part["segments"]] == ["I have a question about the premium plan."]
	for hidden in ("Northwind", "twenty", "Not for people outside", people["owner"], "CALL-20", name):
		assert hidden not in answer.text
	assert not {"comments", "statistics"} & set(part)


def test_each_opening_is_remembered(new_link, guest):
	name, key = new_link()
	for _turn in range(2):
		assert guest.post(OPEN, data={"key": key}).ok
	frappe.db.rollback()
	openings = frappe.get_all("Call Clip Opening", filters={"clip": name}, fields=["user", "ip_address"])
	assert [(row.user, row.ip_address) for row in openings] == [("Guest", "127.0.0.1")] * 2
	assert frappe.db.get_value("Call Clip", name, "opened") == 2


def test_a_refusal_tells_nothing(new_link, guest, as_user, people):
	revoked, expired, alive = new_link(), new_link(), new_link()
	with as_user(people["owner"]):
		clips.revoke(revoked[0])
	frappe.db.set_value("Call Clip", expired[0], "expires_on", add_to_date(now_datetime(), seconds=-1))
	frappe.db.commit()
	key = alive[1]
	wrong = {
		"guessed": "0" * 64,
		"revoked": revoked[1],
		"expired": expired[1],
		"altered": key[:-1] + ("0" if key[-1] != "0" else "1"),
		"the name": alive[0],
		"nothing": "",
	}
	for ask in (
		lambda given: guest.post(OPEN, data={"key": given}),
		lambda given: guest.get(MEDIA, params={"key": given}),
	):
		answers = {why: ask(given) for why, given in wrong.items()}
		for why, answer in answers.items():
			assert answer.status_code == 404, why
			assert answer.text == answers["guessed"].text, why
	assert guest.post(OPEN, data={"key": key}).ok


def test_nor_does_the_work_that_it_takes(new_link, monkeypatch):
	"""A made-up key takes as many queries as that of an ended clip."""
	(_gone, expired), (_alive, key) = new_link(), new_link()
	frappe.db.set_value("Call Clip", _gone, "expires_on", add_to_date(now_datetime(), seconds=-1))
	links.find_live("0" * 64)
	asked = []
	ask = frappe.db.sql

	def counted(query, *arguments, **options):
		asked.append(query)
		return ask(query, *arguments, **options)

	monkeypatch.setattr(frappe.db, "sql", counted)

	def queries(given) -> int:
		asked.clear()
		assert links.find_live(given) is None
		return len(asked)

	altered = key[:-1] + ("0" if key[-1] != "0" else "1")
	assert {queries(given) for given in ("0" * 64, expired, altered, "", "x" * 64)} == {queries("1" * 64)}


def test_a_password_opens_page_and_sound(new_link, guest, web):
	_name, key = new_link(password="open sesame")
	assert guest.post(OPEN, data={"key": key}).json()["message"] == {"needs_password": True}
	wrong = guest.post(OPEN, data={"key": key, "password": "open says me"})
	assert wrong.status_code == 401 and "segments" not in wrong.text
	part = guest.post(OPEN, data={"key": key, "password": "open sesame"}).json()["message"]
	assert part["segments"] and part["grant"] in part["media_url"]
	assert guest.get(MEDIA, params={"key": key}).status_code == 403
	assert guest.get(MEDIA, params={"key": key, "grant": "1.x"}).status_code == 403
	# a valid key, but this call has no sound to cut
	assert guest.get(part["media_url"]).status_code == 404


def test_a_password_of_any_length_is_no_trouble(new_link, guest, call, people, as_user):
	_name, key = new_link(password="open sesame")
	assert guest.post(OPEN, data={"key": key, "password": "x" * 5000}).status_code == 401
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="at most 128"):
		clips.create_link(call, 1, 3, password="x" * 5000)


def test_nobody_hears_what_nobody_has_opened(new_link, guest):
	name, key = new_link()
	assert guest.get(MEDIA, params={"key": key}).status_code == 403
	grant = guest.post(OPEN, data={"key": key}).json()["message"]["grant"]
	# this call has no sound to cut
	assert guest.get(MEDIA, params={"key": key, "grant": grant}).status_code == 404
	again = guest.post(OPEN, data={"key": key, "grant": grant}).json()["message"]
	assert again["segments"] and again["grant"] == grant
	frappe.db.rollback()
	assert frappe.db.get_value("Call Clip", name, "opened") == 1
	assert guest.post(OPEN, data={"key": key, "grant": "1.x"}).ok
	frappe.db.rollback()
	assert frappe.db.get_value("Call Clip", name, "opened") == 2


def test_a_wrong_password_ends_nobodys_session(new_link, guest, people, web):
	_name, key = new_link(password="open sesame")
	colleague = web(people["crm user"])
	wrong = colleague.post(OPEN, data={"key": key, "password": "open says me"})
	assert wrong.status_code == 401
	assert colleague.get("/api/method/frappe.auth.get_logged_user").json()["message"] == people["crm user"]


def test_who_asks_too_often_has_to_wait(new_link, guest):
	_name, key = new_link()
	frappe.cache.set(COUNTERS[0], clip_links.OPENINGS_AN_HOUR - 1)
	assert guest.post(OPEN, data={"key": key}).ok
	refused = guest.post(OPEN, data={"key": key})
	assert not refused.ok and "segments" not in refused.text


def test_a_guest_gets_no_further_than_the_link(new_link, guest, call):
	name, _key = new_link()
	for path in (
		f"/api/method/call_intelligence.api.clips.part?clip={name}",
		f"/api/method/call_intelligence.api.clips.media?clip={name}",
		f"/api/method/call_intelligence.api.review.get?call={call}",
		f"/api/resource/Call Clip/{name}",
		f"/api/resource/Call/{call}",
		"/api/resource/Call Clip Opening",
	):
		assert guest.get(path).status_code == 403, path
