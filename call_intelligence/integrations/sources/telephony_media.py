"""The recording that a call log names: at Twilio, at Exotel, or anywhere else.

Whoever may write a log may write any address into it. Credentials therefore go to the provider's hosts only, and a recording at Twilio
must be of the call that the log is about.
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit

from .http import may_see
from .types import (
	Finding,
	Http,
	NotReadyError,
	RefusedError,
	RemoteCall,
	RemoteMedia,
	Request,
	SourceError,
	said,
)

TWILIO, EXOTEL = "Twilio", "Exotel"
TWILIO_HOSTS = (".twilio.com",)
TWILIO_API = "https://api.twilio.com"
ACCOUNT = r"/2010-04-01/Accounts/AC[0-9A-Fa-f]{32}"
TWILIO_RECORDING = re.compile(rf"(?P<account>{ACCOUNT})/Recordings/(?P<sid>RE[0-9A-Fa-f]{{32}})(\.\w+)?")
# a browser or a telephone of the account; customers have numbers
OUR_PHONES = ("client:", "sip:")
FIRST, SECOND, UNKNOWN = "First", "Second", "Unknown"
FEWEST_DIGITS = 7
ITS_SETTINGS = said("its settings")


def address(url: str) -> SplitResult:
	"""Raises RefusedError for what is not the address of a file on the Internet."""
	try:
		place = urlsplit(url.strip())
		valid = (
			place.scheme in ("http", "https") and place.hostname and (place.port is None or place.port > 0)
		)
	except ValueError:
		valid = False
	if not valid:
		raise RefusedError(said("The log has no valid address of a recording."))
	return place


def provider_of(url: str, secrets: Mapping[str, str]) -> str:
	"""TWILIO or EXOTEL if their credentials may go to this address, else "" """
	host = address(url).hostname or ""
	if may_see(host, TWILIO_HOSTS):
		return TWILIO
	return EXOTEL if may_see(host, exotel_hosts(secrets)) else ""


def exotel_hosts(secrets: Mapping[str, str]) -> tuple[str, ...]:
	"""The host of the account, and the one where Exotel keeps the recordings of such accounts"""
	host = host_of_setting(secrets.get("exotel_host", ""))
	kind, _dot, domain = host.partition(".")
	return (host, f"recordings.{domain}") if kind == "api" and "." in domain else (host,) if host else ()


def host_of_setting(text: str) -> str:
	"""The host in a setting that people fill in as a host or as an address; "" if there is none"""
	try:
		return (urlsplit(text if "//" in text else f"//{text}").hostname or "").lower()
	except ValueError:
		return ""


def request(url: str, secrets: Mapping[str, str]) -> Request:
	"""How a file is downloaded: with credentials if the host is of a provider whose account is set up"""
	provider = provider_of(url, secrets)
	if provider == TWILIO and TWILIO_RECORDING.fullmatch(address(url).path):
		return with_credentials(url, twilio_login(secrets), TWILIO_HOSTS)
	if provider == EXOTEL:
		return with_credentials(url, exotel_login(secrets), exotel_hosts(secrets))
	return Request(url)


def with_credentials(url: str, login: tuple[str, str], hosts: tuple[str, ...]) -> Request:
	if not all(login):
		return Request(url)
	basic = base64.b64encode(":".join(login).encode()).decode()
	return Request(url, secret_headers={"Authorization": f"Basic {basic}"}, hosts=hosts)


def twilio_login(secrets: Mapping[str, str]) -> tuple[str, str]:
	"""The API key, which may do less than the account's token, if there is one"""
	key = (secrets.get("twilio_api_key", ""), secrets.get("twilio_api_secret", ""))
	return key if all(key) else (secrets.get("twilio_account_sid", ""), secrets.get("twilio_auth_token", ""))


def exotel_login(secrets: Mapping[str, str]) -> tuple[str, str]:
	return secrets.get("exotel_api_key", ""), secrets.get("exotel_api_token", "")


# ------------------------------------------------------------------------------------------------ what is known of the recording


def current(call: RemoteCall, sid: str, secrets: Mapping[str, str], http: Http) -> RemoteCall:
	"""The call with the recording as it can be downloaded now, and whose channel is which.

	sid: the provider's name of the call. secrets: empty for a log whose address is not trusted with any credentials.
	Raises NotReadyError, RefusedError, SourceError.
	"""
	media = call.media[0]
	provider = provider_of(media.url, secrets)
	known = all(twilio_login(secrets) if provider == TWILIO else exotel_login(secrets))
	if place := not known and secrets.get(provider.lower()):
		raise SourceError(said("Switch {0} on in {1}: the recording is there.", provider, place))
	if known and provider == TWILIO:
		return at_twilio(call, sid, secrets, http)
	return replace(call, media=(replace(media, file_name=file_name(media.url, sid)),), owner_channel=UNKNOWN)


def file_name(url: str, sid: str) -> str:
	name = PurePosixPath(unquote(address(url).path)).name
	return name if PurePosixPath(name).suffix else f"{sid or name or 'recording'}.mp3"


def at_twilio(call: RemoteCall, sid: str, secrets: Mapping[str, str], http: Http) -> RemoteCall:
	place = address(call.media[0].url)
	found = TWILIO_RECORDING.fullmatch(place.path)
	if not found:
		raise RefusedError(said("The log's address is not that of a recording at Twilio."))
	base = f"{place.scheme}://{place.netloc.rpartition('@')[2]}{found['account']}"
	recording = f"{base}/Recordings/{found['sid']}"
	details = asked(f"{recording}.json", secrets, http)
	if details is None:
		return replace(call, state="no_recording", reason="Twilio does not have the recording any more.")
	if reason := why_none(details):
		return replace(call, state="no_recording", reason=reason)
	if details.get("call_sid") != sid:
		raise RefusedError(said("The recording at Twilio is of another call than the log."))
	channels = 2 if str(details.get("channels")) == "2" else 1
	seconds = number(details.get("duration"))
	return replace(
		call,
		media=(twilio_media(call.media[0], recording, found["sid"], channels, seconds),),
		seconds=call.seconds or seconds,
		started_at=call.started_at or moment(details.get("start_time")),
		owner_channel=channel_of_owner(call, asked(f"{base}/Calls/{sid}.json", secrets, http))
		if channels == 2
		else "",
	)


def twilio_media(
	media: RemoteMedia, recording: str, sid: str, channels: int, seconds: float | None
) -> RemoteMedia:
	"""Two channels as .wav: an mp3 may mix what the two have in common."""
	kind, query = ("wav", "?RequestedChannels=2") if channels == 2 else ("mp3", "")
	return replace(media, url=f"{recording}.{kind}{query}", file_name=f"{sid}.{kind}", seconds=seconds)


def asked(url: str, secrets: Mapping[str, str], http: Http) -> Mapping[str, Any] | None:
	"""Twilio's answer; None if it knows nothing there"""
	answer = http.send(with_credentials(url, twilio_login(secrets), TWILIO_HOSTS))
	if answer.status == HTTPStatus.NOT_FOUND:
		return None
	if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
		raise SourceError(
			said("Twilio refuses the credentials. Check them in {0}.", secrets.get("twilio") or ITS_SETTINGS)
		)
	try:
		found = json.loads(answer.body) if answer.status == HTTPStatus.OK else None
	except ValueError:
		found = None
	if not isinstance(found, dict):
		raise NotReadyError(said("Twilio has given no usable answer ({0}).", answer.status))
	return found


def why_none(details: Mapping[str, Any]) -> str:
	"""Why there is no recording, for people; "" if there is one. Raises NotReadyError."""
	status = str(details.get("status") or "")
	if status == "completed":
		return ""
	if status in ("absent", "failed", "deleted"):
		code = details.get("error_code")
		return said("Twilio has no recording of the call: {0}.", f"{status} {code}" if code else status)
	raise NotReadyError(said("The recording is not ready at Twilio: {0}.", status or "?"))


def channel_of_owner(call: RemoteCall, leg: Mapping[str, Any] | None) -> str:
	"""The first channel is the one who called Twilio, or whom Twilio called first. leg: Twilio's answer about that call"""
	if leg is None:
		return UNKNOWN
	direction = str(leg.get("direction") or "")
	if direction not in ("inbound", "outbound-api"):
		return UNKNOWN
	first = str(leg.get("from" if direction == "inbound" else "to") or "")
	if first.startswith(OUR_PHONES) or same_number(first, call.agent_number):
		return FIRST
	customers = [party.phone for party in call.parties if party.side == "customer"]
	if any(same_number(first, phone) for phone in customers):
		return SECOND
	if direction == "inbound":
		return SECOND if call.direction == "Inbound" else FIRST
	return UNKNOWN


def same_number(one: str, other: str) -> bool:
	"""Whether one is the other, with or without its country's code"""
	short, long = sorted(("".join(filter(str.isdigit, text)).lstrip("0") for text in (one, other)), key=len)
	return len(short) >= FEWEST_DIGITS and long.endswith(short)


def number(value: object) -> float | None:
	try:
		found = float(str(value))
	except ValueError:
		return None
	return found if 0 < found < float("inf") else None


def moment(value: object) -> datetime | None:
	"""A date of RFC 2822 with a zone; None for any other text"""
	try:
		found = parsedate_to_datetime(str(value))
	except (TypeError, ValueError):
		return None
	return found if found.tzinfo else None


# ------------------------------------------------------------------------------------------------ "Test connection"


def check(secrets: Mapping[str, str], http: Http) -> list[Finding]:
	"""A line for each provider that is switched on. Raises nothing."""
	found = []
	if all(twilio_login(secrets)):
		account = quote(secrets.get("twilio_account_sid", ""), safe="")
		url = f"{TWILIO_API}/2010-04-01/Accounts/{account}/Recordings.json?PageSize=1"
		found.append(
			finding(TWILIO, with_credentials(url, twilio_login(secrets), TWILIO_HOSTS), secrets, http)
		)
	hosts = exotel_hosts(secrets)
	if hosts and all(exotel_login(secrets)):
		url = f"https://{hosts[0]}/v1/Accounts/{quote(secrets.get('exotel_account_sid', ''), safe='')}"
		found.append(finding(EXOTEL, with_credentials(url, exotel_login(secrets), hosts), secrets, http))
	return found


def nothing_set_up(accounts: Iterable[Mapping[str, str]]) -> Finding:
	"""Where telephony could be switched on"""
	places = [
		place for secrets in accounts for place in (secrets.get("twilio"), secrets.get("exotel")) if place
	]
	if not places:
		return Finding(False, said("No app with telephony is installed, so there are no call logs."))
	return Finding(False, said("Switch telephony on in: {0}", ", ".join(places)))


def finding(provider: str, request: Request, secrets: Mapping[str, str], http: Http) -> Finding:
	place = secrets.get(provider.lower()) or ITS_SETTINGS
	try:
		status = http.send(request).status
	except (NotReadyError, RefusedError, SourceError) as error:
		return Finding(False, said("{0}: {1}", provider, error.args[0]))
	if status == HTTPStatus.OK:
		return Finding(True, said("{0} accepts the credentials of {1}.", provider, place))
	return Finding(
		False, said("{0} refuses the credentials ({1}). Check them in {2}.", provider, status, place)
	)
