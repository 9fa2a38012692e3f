"""The provider "Call logs of the CRM": calls that a telephony app has written down, with the address of their recording.

It has no webhook. What needs the site is handed in: `integrations/call_logs.py` reads the logs, and the credentials from the settings of
the app that has made the log.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from . import telephony_media
from .http import host_of
from .types import (
	Capabilities,
	Cursor,
	Delivery,
	Finding,
	Http,
	RefusedError,
	RemoteCall,
	RemoteMedia,
	Request,
	Setting,
	Switch,
	Verdict,
	said,
)

KEY = "call_logs"
MANUAL = "manual"


@dataclass(frozen=True)
class Site:
	"""What the provider is told of the site"""

	calls: Callable[[datetime, bool], Iterator[RemoteCall | Cursor]]
	"""those since a point in time, with or without logs that were entered by hand"""
	accounts: Callable[[], Sequence[str]]
	"""DocTypes of logs, each with settings of its own"""
	credentials: Callable[[str], Mapping[str, str]]
	"""of an account; see telephony_media"""


class CallLogs:
	key = KEY
	label = "Call logs of the CRM"
	capabilities = Capabilities(poll=True)
	settings: Sequence[Setting] = ()
	switches: Sequence[Switch] = (
		Switch(
			MANUAL,
			"Logs entered by hand",
			"And recordings at other addresses than the telephony provider’s. Whoever may write a log may have typed them; they are fetched without credentials.",
		),
	)

	def __init__(self, site: Site | None = None) -> None:
		self.site = site

	def verify(self, delivery: Delivery, secrets: Mapping[str, str]) -> Verdict:
		return Verdict(False, "Call logs are read from the site. There is nothing to send here.")

	def parse(self, delivery: Delivery, options: Mapping[str, bool]) -> Iterable[RemoteCall]:
		return ()

	def poll(
		self, since: datetime, secrets: Mapping[str, str], options: Mapping[str, bool], http: Http
	) -> Iterator[RemoteCall | Cursor]:
		if self.site:
			yield from self.site.calls(since, options.get(MANUAL, False))

	def refresh(
		self, call: RemoteCall, secrets: Mapping[str, str], options: Mapping[str, bool], http: Http
	) -> RemoteCall:
		if not call.media:
			return call
		if not call.media[0].account and not options.get(MANUAL):
			raise RefusedError(said("The log was entered by hand, and the source does not take such logs."))
		name, secrets = call.external_id.partition(":")[2], self.secrets_of(call.media[0], secrets)
		# whoever may write a log may have typed the address, whatever the log says about its origin
		if not options.get(MANUAL) and not telephony_media.provider_of(call.media[0].url, secrets):
			raise RefusedError(
				said(
					"The recording is at {0}, which is not the telephony provider.",
					host_of(call.media[0].url),
				)
			)
		return telephony_media.current(call, name, secrets, http)

	def open(self, media: RemoteMedia, secrets: Mapping[str, str], http: Http) -> Request:
		return telephony_media.request(media.url, self.secrets_of(media, secrets))

	def check(self, secrets: Mapping[str, str], options: Mapping[str, bool], http: Http) -> list[Finding]:
		accounts = [secrets]
		if self.site:
			accounts = [self.site.credentials(account) for account in self.site.accounts()]
		found = [finding for account in accounts for finding in telephony_media.check(account, http)]
		# the telephony of one app is enough
		return found or [telephony_media.nothing_set_up(accounts)]

	def secrets_of(self, media: RemoteMedia, secrets: Mapping[str, str]) -> Mapping[str, str]:
		"""None for a log that was entered by hand, since anybody may have typed its address"""
		if not media.account:
			return {}
		return self.site.credentials(media.account) if self.site else secrets
