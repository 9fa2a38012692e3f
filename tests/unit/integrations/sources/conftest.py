"""A simulated Zoom and a client that may reach it"""

import itertools
from collections.abc import Iterator
from datetime import datetime

import pytest

from call_intelligence.integrations.sources.http import Client
from call_intelligence.integrations.sources.types import Cursor, RemoteCall
from call_intelligence.integrations.sources.zoom import Zoom
from tests.zoom_server import ZoomServer

NUMBERS = itertools.count(1)
ALL = {"meetings": True, "webinars": True, "phone": True, "video": False, "internal": True}


@pytest.fixture
def zoom() -> Iterator[ZoomServer]:
	# an account of its own: tokens are kept by account, and ports come again
	with ZoomServer(account_id=f"acc-{next(NUMBERS)}") as server:
		yield server


@pytest.fixture
def http(zoom) -> Client:
	return Client(private=zoom.private)


class Asking:
	"""The provider with the simulated account; `waits` has the seconds that it would have slept"""

	def __init__(self, server: ZoomServer, http: Client) -> None:
		self.secrets, self.http = server.secrets, http
		self.waits: list[float] = []
		self.today = datetime.fromisoformat("2026-03-20T12:00:00+00:00")
		self.provider = Zoom(now=lambda: self.today, sleep=self.waits.append)

	def poll(self, since: str, **options: bool) -> list[RemoteCall | Cursor]:
		begin = datetime.fromisoformat(since)
		return list(self.provider.poll(begin, self.secrets, options, self.http))

	def polled(self, since: str, **options: bool) -> list[RemoteCall]:
		return [each for each in self.poll(since, **options) if isinstance(each, RemoteCall)]

	def refresh(self, call: RemoteCall | str, **options: bool) -> RemoteCall:
		call = RemoteCall(call) if isinstance(call, str) else call
		return self.provider.refresh(call, self.secrets, options, self.http)

	def download(self, media, path, seconds: float = 20.0):
		request = self.provider.open(media, self.secrets, self.http)
		return self.http.download(request, path, 10**6, seconds)

	def check(self, **options: bool) -> list[tuple[bool, str]]:
		found = self.provider.check(self.secrets, options, self.http)
		return [(finding.ok, finding.text) for finding in found]


@pytest.fixture
def asking(zoom, http) -> Asking:
	return Asking(zoom, http)
