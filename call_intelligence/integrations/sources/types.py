"""The interface between the app and a provider of recordings.

`verify` and `parse` are pure; whatever asks the provider gets an `Http`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

Side = Literal["agent", "customer", "unknown"]
# "renamed" and "recovered" tell of a call that is known already
State = Literal["ready", "not_ready", "no_recording", "deleted", "recovered", "renamed"]


class Said(str):
	"""A text for people that knows its template and values, so that the room can translate it"""

	template: str
	values: tuple[object, ...]


def said(template: str, *values: object) -> Said:
	"""The template with {0}, {1} filled in. Every template has a row in translations/pl.csv."""
	text = Said(template.format(*values))
	text.template, text.values = template, values
	return text


class SourceError(Exception):
	"""The source is set up wrongly; the text tells an administrator what to fix."""


class NotReadyError(Exception):
	"""The provider does not have the recording yet; a later attempt may succeed.

	seconds: how long it asks to wait, where it says so
	"""

	def __init__(self, text: str = "", seconds: float | None = None) -> None:
		super().__init__(text)
		self.seconds = seconds


class RefusedError(Exception):
	"""The provider refuses the recording for good, or sent something that is not a recording."""


@dataclass(frozen=True)
class Capabilities:
	webhook: bool = False
	webhook_help: str = ""
	"""where its address is entered at the provider, for people"""
	poll: bool = False
	delete_remote: bool = False
	labels: bool = False
	"""whether it has transcripts or names of speakers"""


@dataclass(frozen=True)
class Setting:
	"""A field of Recording Source that the provider needs"""

	name: Literal["account_id", "client_id", "client_secret", "secret_token", "base_url"]
	label: str
	help: str = ""
	required: bool = True
	secret: bool = False


@dataclass(frozen=True)
class Switch:
	"""A check box of Recording Source that the provider has"""

	name: str
	label: str
	help: str = ""
	default: bool = False


@dataclass(frozen=True)
class Delivery:
	"""A request as it came; nothing is parsed"""

	method: str
	url: str
	"""as configured at the provider, with the query"""
	headers: Mapping[str, str]
	"""names in lower case"""
	body: bytes
	received_at: datetime
	"""UTC"""


@dataclass(frozen=True)
class Answer:
	"""An answer that the provider expects to a request that is not about a call"""

	body: bytes
	content_type: str = "application/json"
	status: int = 200


@dataclass(frozen=True)
class Verdict:
	accepted: bool
	reason: str = ""
	answer: Answer | None = None


@dataclass(frozen=True)
class Party:
	side: Side = "unknown"
	name: str = ""
	email: str = ""
	phone: str = ""
	user: str = ""
	"""User of the site, where the provider knows it"""


@dataclass(frozen=True)
class RemoteMedia:
	url: str
	file_name: str = ""
	"""with an extension that the download dialog of a browser would show"""
	kind: Literal["audio", "video"] = "audio"
	size: int | None = None
	"""bytes"""
	seconds: float | None = None
	offset: float = 0.0
	"""seconds from the beginning of the call to the beginning of this file"""
	account: str = ""
	"""where a provider has several accounts: the one whose credentials open the file"""


@dataclass(frozen=True)
class RemoteCall:
	"""A call as the provider describes it"""

	external_id: str
	"""unique within the account, and the same in webhooks and when polled"""
	title: str = ""
	direction: Literal["Inbound", "Outbound", "Meeting"] = "Outbound"
	started_at: datetime | None = None
	"""with a time zone; without one it is in the site's time"""
	seconds: float | None = None
	language: str = ""
	host_email: str = ""
	agent_number: str = ""
	"""extension or number of our side, for the source's list of numbers and users"""
	parties: tuple[Party, ...] = ()
	media: tuple[RemoteMedia, ...] = ()
	"""the parts of one recording in order; empty if `refresh` has to ask for them"""
	links: tuple[tuple[str, str], ...] = ()
	"""(DocType, name) of records that the call belongs to"""
	state: State = "ready"
	reason: str = ""
	"""why there is no recording, for people; of a call that was "renamed" the former title"""
	owner_channel: str = ""
	"""see CallDetails"""
	host_id: str = ""
	"""the provider's own id of the host, where `refresh` can find the address by it"""


@dataclass(frozen=True)
class Cursor:
	"""A safe point: every call that ended before it has been returned. A later `poll` begins here."""

	until: datetime
	"""UTC"""


@dataclass(frozen=True)
class Finding:
	"""One line of "Test connection" """

	ok: bool
	text: str


@dataclass(frozen=True)
class Request:
	url: str
	headers: Mapping[str, str] = field(default_factory=dict)
	secret_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
	"""sent to `hosts` only"""
	hosts: tuple[str, ...] = ()
	"""names of hosts; ".example.com" also means its subdomains, "example.com:8080" this port only"""


class Response(Protocol):
	status: int
	headers: Mapping[str, str]

	@property
	def body(self) -> bytes: ...


class Http(Protocol):
	def send(self, request: Request, method: str = "GET", body: bytes | None = None) -> Response:
		"""Raises NotReadyError where a later attempt may succeed, SourceError for addresses that must not be called."""
		...


class Provider(Protocol):
	"""options: the values of `switches` by name; secrets: those of `settings`. Implementations keep nothing between calls."""

	key: str
	label: str
	capabilities: Capabilities
	settings: Sequence[Setting]
	switches: Sequence[Switch]

	def verify(self, delivery: Delivery, secrets: Mapping[str, str]) -> Verdict:
		"""Whether the request is the provider's, compared in constant time. secrets: the values of `settings`"""
		...

	def parse(self, delivery: Delivery, options: Mapping[str, bool]) -> Iterable[RemoteCall]:
		"""The calls in an accepted request, none if it is about something else. Pure."""
		...

	def poll(
		self, since: datetime, secrets: Mapping[str, str], options: Mapping[str, bool], http: Http
	) -> Iterator[RemoteCall | Cursor]:
		"""The calls with a recording from `since` (UTC) on, and safe points between them, the last one at the end"""
		...

	def refresh(
		self, call: RemoteCall, secrets: Mapping[str, str], options: Mapping[str, bool], http: Http
	) -> RemoteCall:
		"""The call with URLs that are valid now, its participants, its state. Raises NotReadyError, RefusedError, SourceError."""
		...

	def open(self, media: RemoteMedia, secrets: Mapping[str, str], http: Http) -> Request:
		"""How its file is downloaded"""
		...

	def check(self, secrets: Mapping[str, str], options: Mapping[str, bool], http: Http) -> list[Finding]:
		""" "Test connection": every missing scope or wrong setting has a line. Raises nothing."""
		...
