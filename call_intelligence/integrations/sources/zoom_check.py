""" "Test connection" for Zoom: the token, every missing scope, the clock, a list of each kind"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import quote

from .types import Finding, Http, NotReadyError, SourceError, said
from .zoom_api import Account, Api, ApiError, Token, lacks, named, rows, text, token_of
from .zoom_meetings import WHOLE_ACCOUNT
from .zoom_settings import wanted

CLOCK = 60.0
"""seconds by which clocks may differ; Zoom's webhooks are refused from 300 on"""
ACCOUNT_LIST = tuple(sorted(WHOLE_ACCOUNT))


@dataclass(frozen=True)
class Need:
	"""One of `scopes`, if one of `switches` is on. The first is what a new app is told to add; apps from before 2024 have the last."""

	scopes: tuple[str, ...]
	switches: tuple[str, ...] = ("meetings", "webinars")


NEEDS = (
	Need(("user:read:list_users:admin", *ACCOUNT_LIST, "user:read:admin")),
	Need(("user:read:user:admin", "user:read:admin"), ("meetings", "webinars", "phone")),
	Need(("cloud_recording:read:list_user_recordings:admin", *ACCOUNT_LIST, "recording:read:admin")),
	Need(("cloud_recording:read:list_recording_files:admin", "recording:read:admin")),
	Need(("meeting:read:list_past_participants:admin", "meeting:read:admin"), ("meetings",)),
	Need(("webinar:read:list_past_participants:admin", "webinar:read:admin"), ("webinars",)),
	Need(("phone:read:list_call_recordings:admin", "phone_recording:read:admin", "phone:read:admin"), ("phone",)),
	Need(("phone:read:call_recording:admin", "phone_recording:read:admin", "phone:read:admin"), ("phone",)),
)  # fmt: skip


def findings(secrets: Mapping[str, str], options: Mapping[str, bool], http: Http) -> list[Finding]:
	try:
		account = Account.of(secrets)
		# a token from before a change of the scopes does not have them
		token = token_of(account, http, fresh=True)
	except (SourceError, NotReadyError) as error:
		return [Finding(False, error.args[0])]
	found = [Finding(True, said("Zoom accepts the account ID, the client ID and the client secret."))]
	found += clock(token)
	lists, lacking = tried(Api(account, http), options)
	lacking = list(dict.fromkeys([*missing(token.scopes, options), *lacking]))
	found += scopes(lacking)
	found += lists
	if not secrets.get("secret_token"):
		found.append(
			Finding(True, said("There is no secret token: calls come in when Zoom is asked, not at once."))
		)
	return found


def clock(token: Token) -> list[Finding]:
	if token.ahead is None or abs(token.ahead) <= CLOCK:
		return []
	seconds = round(abs(token.ahead))
	if token.ahead > 0:
		return [Finding(False, said("Set the clock of this server, it is ahead by seconds: {0}", seconds))]
	return [Finding(False, said("Set the clock of this server, it is behind by seconds: {0}", seconds))]


def missing(granted: frozenset[str], options: Mapping[str, bool]) -> list[str]:
	"""Nothing if the token's answer doesn't tell scopes: then the requests show"""
	if not granted:
		return []
	return [
		need.scopes[0]
		for need in NEEDS
		if any(wanted(options, name) for name in need.switches) and not has_one(granted, need.scopes)
	]


def has_one(granted: frozenset[str], scopes: tuple[str, ...]) -> bool:
	return any({scope, scope.replace(":admin", ":master")} & granted for scope in scopes)


def scopes(lacking: list[str]) -> list[Finding]:
	if not lacking:
		return [Finding(True, said("Your Zoom app has all scopes that are needed."))]
	return [Finding(False, lacks((scope,))) for scope in lacking]


def tried(api: Api, options: Mapping[str, bool]) -> tuple[list[Finding], list[str]]:
	"""-> findings, scopes that Zoom says are missing"""
	found: list[Finding] = []
	lacking: list[str] = []
	for success, attempt in attempts(api, options):
		try:
			attempt()
			found.append(Finding(True, success))
		except (SourceError, NotReadyError) as error:
			if isinstance(error, ApiError) and error.scopes:
				lacking.append(named(error.scopes))
			else:
				found.append(Finding(False, error.args[0]))
	return found, lacking


def attempts(api: Api, options: Mapping[str, bool]) -> Iterator[tuple[str, Callable[[], object]]]:
	today = f"{datetime.now(timezone.utc):%Y-%m-%d}"
	query = {"from": today, "to": today, "page_size": "1"}
	if wanted(options, "meetings") or wanted(options, "webinars"):
		yield said("Zoom lists the cloud recordings."), lambda: some_recordings(api, query)
	if wanted(options, "phone"):
		yield said("Zoom lists the recordings of Zoom Phone."), lambda: api.get("/phone/recordings", query)


def some_recordings(api: Api, query: Mapping[str, str]) -> None:
	if api.scopes & WHOLE_ACCOUNT:
		api.get("/accounts/me/recordings", query)
		return
	for user in rows(api.get("/users", {"status": "active", "page_size": "1"}), "users")[:1]:
		api.get(f"/users/{quote(text(user, 'id'), safe='')}/recordings", query)
