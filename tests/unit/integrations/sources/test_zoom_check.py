""" "Test connection", settings and the token"""

import threading

import pytest

from call_intelligence.integrations.sources.http import Client
from call_intelligence.integrations.sources.types import SourceError
from call_intelligence.integrations.sources.zoom import Zoom
from call_intelligence.integrations.sources.zoom_api import Account, Api, api_of, token_of
from call_intelligence.integrations.sources.zoom_check import NEEDS, missing
from tests.zoom_server import SCOPES, WHOLE_ACCOUNT

from .conftest import ALL


def failures(found: list[tuple[bool, str]]) -> list[str]:
	return [text for ok, text in found if not ok]


def test_all_is_well(zoom, asking):
	zoom.add_user("a@our.example")
	found = asking.check(**ALL)
	assert failures(found) == []
	assert len(found) == 4
	assert len(zoom.paths("/recordings")) == 2


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_each_missing_scope_is_named(zoom, asking, scope, told):
	zoom.add_user("a@our.example")
	zoom.scopes.discard(scope)
	zoom.tells_scopes = told
	found = failures(asking.check(**ALL))
	# without the list of scopes only those show that lists need
	if told or "list_users" in scope or "list_user_recordings" in scope or "list_call" in scope:
		assert found == [f"Add this scope to your Zoom app and activate it again: {scope}"]


def test_scopes_of_what_is_switched_off_are_not_needed(zoom, asking):
	zoom.add_user("a@our.example")
	zoom.scopes -= {scope for scope in SCOPES if scope.startswith(("phone:", "webinar:"))}
	assert failures(asking.check(meetings=True, webinars=False)) == []
	assert len(failures(asking.check(meetings=True, webinars=True))) == 1
	assert len(failures(asking.check(meetings=True, webinars=False, phone=True))) == 2


def test_classic_and_other_scopes_are_as_good():
	classic = {
		"user:read:admin",
		"recording:read:admin",
		"meeting:read:admin",
		"webinar:read:admin",
		"phone:read:admin",
	}
	assert missing(frozenset(classic), ALL) == []
	whole = (SCOPES - {"user:read:list_users:admin"}) | {WHOLE_ACCOUNT}
	assert missing(frozenset(whole), ALL) == []
	assert missing(frozenset({"user:read:user:master"}), {"meetings": False, "webinars": False, "phone": True}) == [
		"phone:read:list_call_recordings:admin", "phone:read:call_recording:admin",
	]  # fmt: skip
	assert {need.scopes[0] for need in NEEDS} == SCOPES


def test_wrong_credentials_and_missing_ones(zoom, http):
	for name, value, words in (
		("client_secret", "wrong", "Invalid client_id or client_secret"),
		("account_id", "wrong", "Bad Request"),
		("client_id", "", "Enter the account ID"),
	):
		(found,) = Zoom().check({**zoom.secrets, name: value}, ALL, http)
		assert not found.ok and words in found.text and "of-the-client" not in found.text


def test_a_right_token_in_the_cache_hides_no_wrong_secret(zoom, asking, http):
	assert asking.check(**ALL)[0][0]
	assert not Zoom().check({**zoom.secrets, "client_secret": "wrong"}, ALL, http)[0].ok


def test_a_change_of_scopes_shows_at_once(zoom, asking):
	zoom.add_user("a@our.example")
	assert failures(asking.check(**ALL)) == []
	zoom.scopes.discard("phone:read:call_recording:admin")
	assert len(failures(asking.check(**ALL))) == 1


@pytest.mark.parametrize(("seconds", "way"), [(400, "behind"), (-400, "ahead"), (30, "")])
def test_the_clock(zoom, asking, seconds, way):
	zoom.clock = seconds
	found = [text for text in failures(asking.check(**ALL)) if "clock" in text]
	assert len(found) == bool(way) and all(
		way in text and "400" in text.replace("399", "400").replace("401", "400") for text in found
	)


def test_nobody_at_the_address(zoom):
	secrets = {**zoom.secrets, "base_url": "http://127.0.0.1:9"}
	(found,) = Zoom().check(secrets, ALL, Client(private=("127.0.0.1",)))
	assert not found.ok and "can't be reached" in found.text
	(found,) = Zoom().check(secrets, ALL, Client())
	assert not found.ok and "not allowed" in found.text


def test_errors_of_lists_are_findings(zoom, asking):
	zoom.add_user("a@our.example")
	zoom.fail("html", "/phone/recordings")
	zoom.fail(429, "/v2/users")
	assert len(failures(asking.check(**ALL))) == 2


def test_without_a_secret_token(zoom, http):
	found = Zoom().check({**zoom.secrets, "secret_token": ""}, ALL, http)
	assert any("no secret token" in finding.text for finding in found)


# -------------------------------------------------------------------------------------------------- the token


def test_one_token_for_many(zoom, http):
	account = Account.of(zoom.secrets)
	threads = [threading.Thread(target=token_of, args=(account, http)) for _ in range(8)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	assert zoom.paths("/oauth/token") == ["/oauth/token"]
	Api(account, http).get("/users")
	assert len(zoom.paths("/oauth/token")) == 1


def test_a_token_that_is_nearly_over_is_replaced(zoom, http, monkeypatch):
	from call_intelligence.integrations.sources import zoom_api

	monkeypatch.setattr(zoom_api, "EARLY", 3600.0)
	api = Api(Account.of(zoom.secrets), http)
	api.get("/users")
	api.get("/users")
	assert len(zoom.paths("/oauth/token")) == 2


def test_a_refused_token_is_replaced_once(zoom, http):
	api = Api(Account.of(zoom.secrets), http)
	api.get("/users")
	zoom.revoke_tokens()
	api.get("/users")
	assert len(zoom.paths("/oauth/token")) == 2
	zoom.fail(401, "/users", times=9)
	with pytest.raises(SourceError):
		api.get("/users")
	assert len(zoom.paths("/v2/users")) == 5


@pytest.mark.parametrize(
	("told", "api"),
	[
		("https://api-eu.zoom.us", "https://api-eu.zoom.us"), ("https://api-eu.zoom.us/v2", "https://api-eu.zoom.us"),
		("https://api.zoom.us", "https://api.zoom.us"), ("", "https://api.zoom.us"), ("http://api-eu.zoom.us", "https://api.zoom.us"),
		("https://evil.example", "https://api.zoom.us"), ("https://evilzoom.us", "https://api.zoom.us"),
		("https://zoom.us.evil.example", "https://api.zoom.us"), ("https://api.zoom.us@evil.example", "https://api.zoom.us"),
	],
)  # fmt: skip
def test_the_region_that_zoom_tells(told, api):
	assert api_of(Account("a", "b", "c"), told) == api
	assert api_of(Account("a", "b", "c", "https://proxy.example"), told) == "https://proxy.example"


def test_addresses_and_hosts():
	names = {"account_id": "a", "client_id": "b", "client_secret": "c"}
	zoom = Account.of(names)
	assert (zoom.oauth, zoom.hosts) == ("https://zoom.us/oauth/token", (".zoom.us",))
	own = Account.of({**names, "base_url": " https://Proxy.example:8443/zoom/v2/ "})
	assert own.oauth == "https://Proxy.example:8443/zoom/oauth/token"
	assert own.hosts == (".zoom.us", "proxy.example:8443")
	assert "'c'" not in repr(own)


def test_what_an_administrator_sees():
	zoom = Zoom()
	assert (zoom.key, zoom.label, zoom.capabilities.webhook, zoom.capabilities.poll) == (
		"zoom",
		"Zoom",
		True,
		True,
	)
	assert {setting.name for setting in zoom.settings if setting.secret} == {"client_secret", "secret_token"}
	assert {setting.name for setting in zoom.settings if setting.required} == {
		"account_id",
		"client_id",
		"client_secret",
	}
	assert {switch.name for switch in zoom.switches if switch.default} == {"meetings", "webinars", "internal"}
