"""Requests to Zoom's API: the token, its errors, pages of lists.

Contract: developers.zoom.us/docs/internal-apps/s2s-oauth and /docs/api; no answer of the real service has been seen.
"""

import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from .types import Http, NotReadyError, Request, Response, Said, SourceError, said

API = "https://api.zoom.us"
OAUTH = "https://zoom.us/oauth/token"
PAGE = 300
"""rows; the most that Zoom allows"""
EARLY = 60.0
"""seconds before its end at which a token is no longer used"""
MOST_RESTARTS = 3
"""of a list whose page token has expired"""
_LACKS = re.compile(r"does not contain scopes\s*:?\s*\[([^\]]*)\]")

Json = dict[str, Any]


class ApiError(SourceError):
	"""An answer of the API other than 200. scopes: those of which the app needs one"""

	def __init__(self, status: int, code: int, message: str) -> None:
		self.status, self.code = status, code
		found = _LACKS.search(message)
		self.scopes = tuple(filter(None, re.split(r"[\s,]+", found[1]))) if found else ()
		super().__init__(self._text(message))

	def _text(self, message: str) -> Said:
		if self.scopes:
			return lacks(self.scopes)
		if self.status == 401:
			return said("Zoom refuses the token. Look whether your app is activated at marketplace.zoom.us.")
		return said("Zoom answers {0}: {1}", self.status, message or "?")

	@property
	def lasts(self) -> bool:
		"""Whether it is about this meeting, not about the app or the account"""
		return not self.scopes and self.status not in (401, 403)


def lacks(scopes: tuple[str, ...]) -> Said:
	return said("Add this scope to your Zoom app and activate it again: {0}", named(scopes))


def named(scopes: tuple[str, ...]) -> str:
	"""Of alternatives the one that a Server-to-Server OAuth app can have"""
	return next((scope for scope in scopes if scope.endswith(":admin")), scopes[0])


@dataclass(frozen=True)
class Account:
	account_id: str
	client_id: str
	client_secret: str = field(repr=False)
	base_url: str = ""

	@classmethod
	def of(cls, secrets: Mapping[str, str]) -> "Account":
		"""Raises SourceError if something is missing."""
		base = (secrets.get("base_url") or "").strip().rstrip("/").removesuffix("/v2")
		values = [(secrets.get(name) or "").strip() for name in ("account_id", "client_id", "client_secret")]
		if not all(values):
			raise SourceError(
				said("Enter the account ID, the client ID and the client secret of your Zoom app.")
			)
		return cls(values[0], values[1], values[2], base)

	@property
	def hosts(self) -> tuple[str, ...]:
		"""that may have the credentials"""
		place = urlsplit(self.base_url).netloc.rpartition("@")[2].lower()
		return (".zoom.us", place) if place else (".zoom.us",)

	@property
	def oauth(self) -> str:
		return f"{self.base_url}/oauth/token" if self.base_url else OAUTH

	@property
	def key(self) -> str:
		"""Another secret is another key: a wrong one must not live on the token of the right one."""
		parts = "\0".join((self.oauth, self.account_id, self.client_id, self.client_secret))
		return hashlib.sha256(parts.encode()).hexdigest()


@dataclass(frozen=True)
class Token:
	value: str = field(repr=False)
	until: float
	"""of time.monotonic()"""
	api: str
	scopes: frozenset[str] = frozenset()
	ahead: float | None = None
	"""seconds by which the clock here is ahead of Zoom's, or behind if negative"""


_tokens: dict[str, Token] = {}
_locks: dict[str, threading.Lock] = {}
_lock_of_locks = threading.Lock()


def token_of(account: Account, http: Http, fresh: bool = False) -> Token:
	"""One request at a time for an account; the others wait for its token. Raises SourceError, NotReadyError."""
	with _lock_of(account):
		held = _tokens.get(account.key)
		if held is None or fresh or held.until <= time.monotonic():
			held = _tokens[account.key] = asked(account, http)
		return held


def drop(account: Account, token: Token) -> None:
	with _lock_of(account):
		if _tokens.get(account.key) == token:
			del _tokens[account.key]


def _lock_of(account: Account) -> threading.Lock:
	with _lock_of_locks:
		return _locks.setdefault(account.key, threading.Lock())


def asked(account: Account, http: Http) -> Token:
	query = urlencode({"grant_type": "account_credentials", "account_id": account.account_id})
	pair = base64.b64encode(f"{account.client_id}:{account.client_secret}".encode()).decode()
	request = Request(
		f"{account.oauth}?{query}", secret_headers={"Authorization": f"Basic {pair}"}, hosts=account.hosts
	)
	answer = http.send(request, "POST")
	found = read(answer)
	if answer.status != 200 or not found.get("access_token"):
		reason = found.get("reason") or found.get("error") or answer.status
		raise SourceError(
			said("Zoom refuses the account ID, the client ID or the client secret: {0}", reason)
		)
	return Token(
		str(found["access_token"]),
		time.monotonic() + float(found.get("expires_in") or 3600) - EARLY,
		api_of(account, str(found.get("api_url") or "")),
		frozenset(re.split(r"[\s,]+", str(found.get("scope") or "").strip())) - {""},
		ahead_of(answer),
	)


def api_of(account: Account, told: str) -> str:
	"""The region's address, if Zoom tells one of its own; an administrator's comes first"""
	if account.base_url:
		return account.base_url
	place = urlsplit(told)
	ours = place.scheme == "https" and (place.hostname or "").endswith(".zoom.us")
	return f"https://{place.hostname}" if ours else API


def ahead_of(answer: Response) -> float | None:
	try:
		then = parsedate_to_datetime(answer.headers.get("date", ""))
	except (TypeError, ValueError):
		return None
	then = then if then.tzinfo else then.replace(tzinfo=timezone.utc)
	return (datetime.now(timezone.utc) - then).total_seconds()


def read(answer: Response) -> Json:
	"""Raises NotReadyError for a page, which Zoom's front door sends now and then."""
	try:
		found = json.loads(answer.body or b"{}")
	except ValueError:
		found = None
	if not isinstance(found, dict):
		raise NotReadyError(said("Zoom has sent something else than an answer ({0}).", answer.status))
	return found


@dataclass
class Api:
	"""patience: seconds in all for which it waits where Zoom asks to slow down; then NotReadyError goes on to the caller"""

	account: Account
	http: Http
	patience: float = 0.0
	sleep: Callable[[float], None] = time.sleep

	@property
	def scopes(self) -> frozenset[str]:
		return token_of(self.account, self.http).scopes

	def get(self, path: str, query: Mapping[str, str] | None = None) -> Json:
		"""Raises ApiError, NotReadyError. A token that is refused is replaced once: it may be older than a change of the app."""
		try:
			return self.once(path, query or {})
		except ApiError as error:
			if error.lasts:
				raise
			return self.once(path, query or {})

	def once(self, path: str, query: Mapping[str, str]) -> Json:
		token = token_of(self.account, self.http)
		url = f"{token.api}/v2{path}" + (f"?{urlencode(query)}" if query else "")
		headers = {"Authorization": f"Bearer {token.value}"}
		answer = self.patiently(Request(url, secret_headers=headers, hosts=self.account.hosts))
		found = read(answer)
		if answer.status == 200:
			return found
		code = found.get("code")
		error = ApiError(answer.status, code if isinstance(code, int) else 0, str(found.get("message") or ""))
		if not error.lasts:
			drop(self.account, token)
		raise error

	def patiently(self, request: Request) -> Response:
		for attempt in range(10):
			try:
				return self.http.send(request)
			except NotReadyError as error:
				if error.seconds is None:
					raise
				wait = max(error.seconds, 0.5 * 2**attempt)
				if wait > self.patience:
					raise
				self.patience -= wait
				self.sleep(wait)
		return self.http.send(request)

	def pages(self, path: str, key: str, query: Mapping[str, str] | None = None) -> Iterator[Json]:
		"""The rows of all pages. A page token lives 15 minutes; when it has expired, the list begins again, and rows come twice."""
		token, restarts = "", 0
		asked_for = {**(query or {}), "page_size": str(PAGE)}
		while True:
			try:
				page = self.get(path, {**asked_for, **({"next_page_token": token} if token else {})})
			except ApiError as error:
				if not token or error.status != 400 or error.scopes or restarts == MOST_RESTARTS:
					raise
				token, restarts = "", restarts + 1
				continue
			yield from (row for row in page.get(key) or () if isinstance(row, dict))
			token = str(page.get("next_page_token") or "")
			if not token:
				return


def encoded(uuid: str) -> str:
	"""For a path. Zoom asks for two times if it begins with / or has //, and takes it always."""
	return quote(quote(uuid, safe=""), safe="")


def text(row: Mapping[str, Any], name: str) -> str:
	value = row.get(name)
	return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def number(row: Mapping[str, Any], name: str) -> float | None:
	value = row.get(name)
	return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def moment(row: Mapping[str, Any], name: str) -> datetime | None:
	"""Zoom's times are in UTC, whatever the meeting's time zone"""
	try:
		found = datetime.fromisoformat(text(row, name).replace("Z", "+00:00"))
	except ValueError:
		return None
	return found.astimezone(timezone.utc) if found.tzinfo else found.replace(tzinfo=timezone.utc)


def rows(row: Mapping[str, Any], name: str) -> list[Json]:
	found = row.get(name)
	return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def inner(row: Mapping[str, Any], name: str) -> Json:
	found = row.get(name)
	return found if isinstance(found, dict) else {}
