"""Lists of Zoom's recordings: windows, users, pages, limits"""

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from call_intelligence.integrations.sources import zoom as provider
from call_intelligence.integrations.sources.types import Cursor, Delivery, NotReadyError, SourceError
from tests.zoom_server import WHOLE_ACCOUNT


def titles(calls) -> list[str]:
	return [call.title for call in calls]


def at(text: str) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def test_recordings_of_all_users_also_of_those_who_have_left(zoom, asking):
	for name, status in (("anna", "active"), ("jan", "inactive")):
		user = zoom.add_user(f"{name}@our.example", status=status)
		zoom.add_meeting(user, f"Offer of {name}", "2026-03-19T10:00:00Z")
	calls = asking.polled("2026-03-18T00:00:00+00:00")
	assert titles(calls) == ["Offer of anna", "Offer of jan"]
	assert all(call.media == () and call.host_id for call in calls)


def test_the_whole_account_in_one_list_where_the_scope_allows_it(zoom, asking):
	zoom.scopes.add(WHOLE_ACCOUNT)
	zoom.add_meeting(zoom.add_user("a@our.example"), "Offer", "2026-03-19T10:00:00Z")
	assert titles(asking.polled("2026-03-18T00:00:00+00:00")) == ["Offer"]
	assert zoom.paths("/v2/") == ["/v2/accounts/me/recordings"]


def test_windows_are_never_shortened(zoom, asking):
	"""Zoom answers a longer one with its last month alone."""
	anna = zoom.add_user("a@our.example")
	days = [date(2025, 9, 2) + timedelta(days=number) for number in range(199)]
	for day in days:
		zoom.add_meeting(anna, day.isoformat(), f"{day}T10:00:00Z")
	found = asking.poll("2025-09-02T00:00:00+00:00")
	assert titles(each for each in found if not isinstance(each, Cursor)) == [day.isoformat() for day in days]
	for seen in zoom.requests:
		if seen.path.endswith("/recordings"):
			first, last = (date.fromisoformat(seen.query[name]) for name in ("from", "to"))
			assert timedelta(0) <= last - first < timedelta(days=28)


def test_windows_follow_each_other_without_a_gap():
	found = list(provider.windows(at("2026-01-31T23:59:00"), at("2026-05-01T00:00:01")))
	assert found[0][0] == date(2026, 1, 30) and found[-1][1] == date(2026, 5, 1)
	for (_, last), (first, _) in itertools.pairwise(found):
		assert first - last == timedelta(days=1)


def test_the_cursor_is_safe(zoom, asking):
	"""After each window, and a week behind at the end: a recording may appear late."""
	zoom.add_meeting(zoom.add_user("a@our.example"), "Old", "2026-01-10T10:00:00Z")
	found = asking.poll("2026-01-05T00:00:00+00:00")
	cursors = [each.until for each in found if isinstance(each, Cursor)]
	assert cursors == [at("2026-02-01T00:00:00"), at("2026-03-01T00:00:00"), at("2026-03-13T12:00:00")]
	assert isinstance(found[-1], Cursor)
	again = asking.poll("2026-03-18T00:00:00+00:00")
	assert again == [Cursor(at("2026-03-18T00:00:00"))]


def test_a_recording_that_appears_late_is_found_by_the_next_poll(zoom, asking):
	anna = zoom.add_user("a@our.example")
	(cursor,) = asking.poll("2026-03-12T00:00:00+00:00")
	zoom.add_meeting(anna, "Late", "2026-03-14T10:00:00Z")
	asking.today += timedelta(days=1)
	assert titles(asking.polled(cursor.until.isoformat())) == ["Late"]


def test_no_cursor_after_a_window_that_was_not_read_to_its_end(zoom, asking):
	users = [zoom.add_user(f"{name}@our.example") for name in ("a", "b")]
	for user in users:
		zoom.add_meeting(user, user["email"][0], "2026-01-10T10:00:00Z")
	zoom.fail(500, f"/users/{users[1]['id']}/recordings", times=9)
	polling = asking.provider.poll(at("2026-01-05T00:00:00"), asking.secrets, {}, asking.http)
	# what was found before is passed on
	assert next(polling).title == "a"
	with pytest.raises(NotReadyError):
		next(polling)
	zoom.faults.clear()
	assert titles(asking.polled("2026-01-05T00:00:00+00:00")) == ["a", "b"]


def test_calls_from_the_moment_on(zoom, asking):
	"""One that has ended before is not taken; one that goes over midnight is."""
	anna = zoom.add_user("a@our.example")
	zoom.add_meeting(anna, "Before", "2026-03-17T22:00:00Z", minutes=30)
	zoom.add_meeting(anna, "Over midnight", "2026-03-17T23:45:00Z", minutes=30)
	zoom.add_meeting(anna, "After", "2026-03-18T08:00:00Z")
	assert titles(asking.polled("2026-03-18T00:00:00+00:00")) == ["Over midnight", "After"]


def test_a_webhook_and_a_poll_mean_the_same_call(zoom, asking):
	"""They may come at once, and the polled list does not always have the host's address."""
	anna = zoom.add_user("a@our.example")
	meeting = zoom.add_meeting(anna, "Offer", "2026-03-19T10:00:00Z", uuid="/abc==")
	recording = zoom.add_phone_recording(anna, "+48221234567", "2026-03-19T12:00:00Z")
	polled = asking.polled("2026-03-18T00:00:00+00:00", phone=True)
	told = []
	for event, about in (("recording.completed", meeting), ("phone.recording_completed", recording)):
		headers, body = zoom.delivery(event, about)
		sent = Delivery("POST", "https://crm.example/hook", headers, body, asking.today)
		told += asking.provider.parse(sent, {"phone": True})
	assert [replace(call, host_email="") for call in told] == polled
	assert [asking.refresh(call, phone=True) for call in told] == [
		asking.refresh(call, phone=True) for call in polled
	]


def test_kinds_that_are_switched_off_are_not_listed(zoom, asking):
	anna = zoom.add_user("a@our.example")
	zoom.add_meeting(anna, "Meeting", "2026-03-19T10:00:00Z")
	zoom.add_meeting(anna, "Webinar", "2026-03-19T11:00:00Z", kind=5)
	zoom.add_phone_recording(anna, "+48221234567", "2026-03-19T12:00:00Z")
	since = "2026-03-18T00:00:00+00:00"
	assert titles(asking.polled(since)) == ["Meeting", "Webinar"]
	assert titles(asking.polled(since, webinars=False)) == ["Meeting"]
	zoom.requests.clear()
	(call,) = asking.polled(since, meetings=False, webinars=False, phone=True)
	assert call.external_id.startswith("phone:") and zoom.paths("/v2/") == ["/v2/phone/recordings"]


def test_pages(zoom, asking):
	zoom.page_size = 3
	users = [zoom.add_user(f"u{number}@our.example") for number in range(8)]
	for number in range(10):
		zoom.add_meeting(users[5], f"{number}", "2026-03-19T10:00:00Z")
	assert titles(asking.polled("2026-03-18T00:00:00+00:00")) == [f"{number}" for number in range(10)]


def test_a_page_token_that_expires_begins_the_list_again(zoom, asking):
	zoom.page_size = 3
	anna = zoom.add_user("a@our.example")
	for number in range(10):
		zoom.add_meeting(anna, f"{number}", "2026-03-19T10:00:00Z")
	zoom.expiring = 2
	assert titles(asking.polled("2026-03-18T00:00:00+00:00")) == [f"{number}" for number in range(10)]
	zoom.expiring = 99
	with pytest.raises(SourceError, match="next page token"):
		asking.poll("2026-03-18T00:00:00+00:00")


def test_a_token_that_ends_between_pages(zoom, asking):
	zoom.page_size = 1
	anna = zoom.add_user("a@our.example")
	for number in range(4):
		zoom.add_meeting(anna, f"{number}", "2026-03-19T10:00:00Z")
	zoom.fail(401, "/recordings", times=1)
	assert len(asking.polled("2026-03-18T00:00:00+00:00")) == 4
	zoom.revoke_tokens()
	assert len(asking.polled("2026-03-18T00:00:00+00:00")) == 4


def test_a_user_who_is_deleted_meanwhile(zoom, asking):
	for name in ("a", "b"):
		zoom.add_meeting(zoom.add_user(f"{name}@our.example"), name, "2026-03-19T10:00:00Z")
	zoom.fail(404, "/users/.*/recordings")
	assert titles(asking.polled("2026-03-18T00:00:00+00:00")) == ["b"]


def test_a_missing_scope_is_named(zoom, asking):
	zoom.scopes.discard("user:read:list_users:admin")
	with pytest.raises(SourceError, match=r"activate it again: user:read:list_users:admin$"):
		asking.poll("2026-03-18T00:00:00+00:00")
	# the old token lacks the scope, and is replaced
	zoom.scopes.add("user:read:list_users:admin")
	assert asking.polled("2026-03-18T00:00:00+00:00") == []


def test_zoom_asks_to_slow_down(zoom, asking):
	zoom.add_meeting(zoom.add_user("a@our.example"), "Offer", "2026-03-19T10:00:00Z")
	zoom.fail(429, "/recordings", times=2, Retry_After="7")
	zoom.fail(429, "/users$")
	assert titles(asking.polled("2026-03-18T00:00:00+00:00")) == ["Offer"]
	assert asking.waits == [1, 7, 7]


def test_a_daily_limit_ends_the_poll(zoom, asking):
	later = datetime.now(timezone.utc) + timedelta(hours=3)
	zoom.fail(429, "/users", times=9, Retry_After=later.strftime("%Y-%m-%dT%H:%M:%SZ"))
	with pytest.raises(NotReadyError) as raised:
		asking.poll("2026-03-18T00:00:00+00:00")
	assert asking.waits == [] and raised.value.seconds == pytest.approx(3 * 3600, abs=5)


def test_waits_are_a_minute_in_all(zoom, asking):
	zoom.fail(429, "/users", times=99, Retry_After="25")
	with pytest.raises(NotReadyError):
		asking.poll("2026-03-18T00:00:00+00:00")
	assert asking.waits == [25, 25]


@pytest.mark.parametrize("kind", ["html", "cut", 503])
def test_answers_that_are_none(zoom, asking, kind):
	zoom.add_user("a@our.example")
	zoom.fail(kind, "/users")
	with pytest.raises(NotReadyError):
		asking.poll("2026-03-18T00:00:00+00:00")
