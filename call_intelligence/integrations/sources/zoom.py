"""Zoom: cloud recordings of meetings and webinars, and of Zoom Phone, through a Server-to-Server OAuth app of the account.

A webhook is quick but may be lost after three attempts, so `poll` is what makes it complete. Still to come: transcripts and the voices
one by one (`participant_audio_files`), apps of single users, deleting in Zoom.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from . import zoom_check, zoom_events, zoom_meetings, zoom_phone, zoom_settings
from .types import (
	Capabilities,
	Cursor,
	Delivery,
	Finding,
	Http,
	RemoteCall,
	RemoteMedia,
	Request,
	Setting,
	Switch,
	Verdict,
	said,
)
from .zoom_api import Account, Api, token_of
from .zoom_settings import wanted

CAPABILITIES = Capabilities(
	webhook=True,
	webhook_help=said(
		'In your Zoom app: page "Feature", "Event Subscriptions", "Event notification endpoint URL". Add the events of "Recording".'
	),
	poll=True,
)
WINDOW = 28
"""days of one list. Zoom shortens what is longer than a month without a word, and February is one."""
LAG = timedelta(days=7)
"""how late a recording may appear in the lists"""
PATIENCE = 60.0
"""seconds in all that a poll waits when Zoom asks to slow down"""


@dataclass
class Zoom:
	"""The provider Zoom. `now` and `sleep` are replaced in tests."""

	key: str = "zoom"
	label: str = "Zoom"
	capabilities: Capabilities = CAPABILITIES
	settings: Sequence[Setting] = zoom_settings.SETTINGS
	switches: Sequence[Switch] = zoom_settings.SWITCHES
	now: Callable[[], datetime] = lambda: datetime.now(timezone.utc)
	sleep: Callable[[float], None] = time.sleep

	def verify(self, delivery: Delivery, secrets: Mapping[str, str]) -> Verdict:
		return zoom_events.verified(delivery, secrets.get("secret_token") or "")

	def parse(self, delivery: Delivery, options: Mapping[str, bool]) -> Iterable[RemoteCall]:
		return list(zoom_events.calls_of(delivery, options))

	def poll(
		self, since: datetime, secrets: Mapping[str, str], options: Mapping[str, bool], http: Http
	) -> Iterator[RemoteCall | Cursor]:
		"""The cursor stays a week behind, so that what appears late is found; calls therefore come again."""
		since = since if since.tzinfo else since.replace(tzinfo=timezone.utc)
		now = self.now()
		api = Api(Account.of(secrets), http, PATIENCE, self.sleep)
		for first, last in windows(since, now):
			# at once, so that what was found stays where Zoom asks to wait before the end of the window
			found: set[str] = set()
			for call in listed(api, first, last, options):
				if call.external_id not in found and ended_after(call, since):
					found.add(call.external_id)
					yield call
			yield Cursor(max(since, min(end_of(last), now - LAG)))

	def refresh(
		self, call: RemoteCall, secrets: Mapping[str, str], options: Mapping[str, bool], http: Http
	) -> RemoteCall:
		api = Api(Account.of(secrets), http)
		if call.external_id.startswith(zoom_phone.PREFIX):
			return zoom_phone.refreshed(call, api, options)
		return zoom_meetings.refreshed(call, api, options)

	def open(self, media: RemoteMedia, secrets: Mapping[str, str], http: Http) -> Request:
		"""By the token of the app. `refresh` has just used it, so that one which was revoked is replaced before each attempt."""
		account = Account.of(secrets)
		headers = {"Authorization": f"Bearer {token_of(account, http).value}"}
		return Request(media.url, secret_headers=headers, hosts=account.hosts)

	def check(self, secrets: Mapping[str, str], options: Mapping[str, bool], http: Http) -> list[Finding]:
		return zoom_check.findings(secrets, options, http)


def windows(since: datetime, now: datetime) -> Iterator[tuple[date, date]]:
	"""Days in UTC, from one before: lists go by the beginning of a meeting, which may be on the day before its end"""
	first, today = (since.astimezone(timezone.utc) - timedelta(days=1)).date(), now.date()
	while first <= today:
		last = min(first + timedelta(days=WINDOW - 1), today)
		yield first, last
		first = last + timedelta(days=1)


def listed(api: Api, first: date, last: date, options: Mapping[str, bool]) -> Iterator[RemoteCall]:
	days = {"from": first.isoformat(), "to": last.isoformat()}
	if wanted(options, "meetings") or wanted(options, "webinars"):
		yield from zoom_meetings.listed(api, days, options)
	if wanted(options, "phone"):
		yield from zoom_phone.listed(api, days, options)


def end_of(day: date) -> datetime:
	return datetime(day.year, day.month, day.day, tzinfo=timezone.utc) + timedelta(days=1)


def ended_after(call: RemoteCall, since: datetime) -> bool:
	"""Zoom's durations are whole minutes."""
	if call.started_at is None:
		return True
	return call.started_at + timedelta(seconds=(call.seconds or 0) + 60) >= since
