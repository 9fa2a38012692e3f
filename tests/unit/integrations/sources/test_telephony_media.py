"""Recordings that call logs name: who gets credentials, what Twilio says about them, whose channel is which"""

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from call_intelligence.integrations.sources import telephony_media
from call_intelligence.integrations.sources.types import (
	NotReadyError,
	Party,
	RefusedError,
	RemoteCall,
	RemoteMedia,
	SourceError,
)
from tests.telephony_server import (
	ACCOUNT,
	CALL,
	DUAL,
	EXOTEL_URL,
	FORGED,
	KEY,
	MONO,
	RECORDING,
	RECORDING_URL,
	SECRETS,
	Recording,
	TelephonyServer,
)

CUSTOMER, OURS = "+48 601 555 010", "+48225550100"


@pytest.fixture
def server():
	with TelephonyServer() as server:
		yield server


def call(url: str = RECORDING_URL, direction="Inbound", **values) -> RemoteCall:
	return RemoteCall(
		f"CRM Call Log:{CALL}",
		direction=direction,
		agent_number=OURS,
		parties=(Party("agent", phone=OURS), Party("customer", phone=CUSTOMER)),
		media=(RemoteMedia(url),),
		**values,
	)


def current(server, call: RemoteCall, secrets=SECRETS) -> RemoteCall:
	return telephony_media.current(call, CALL, secrets, server.client())


def downloaded(server, tmp_path, url: str, secrets=SECRETS) -> bytes:
	path = tmp_path / "file"
	server.client().download(telephony_media.request(url, secrets), path, 1000, 10)
	return path.read_bytes()


# ------------------------------------------------------------------------------------------------ credentials


@pytest.mark.parametrize(
	"url",
	[
		f"{FORGED}/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}",
		f"https://evil-twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}",
		f"https://api.twilio.com@evil-twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}",
		f"https://api.twilio.com\\@evil-twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}",
		"https://exotel.com.evil.example/exotelrecordings/northwind/e1.mp3",
		"https://storage.example/api.twilio.com/.exotel.com",
	],
)
def test_a_forged_address_gets_no_credentials(server, tmp_path, url):
	server.recordings[RECORDING] = Recording()
	found = current(server, call(url))
	downloaded(server, tmp_path, found.media[0].url)
	assert {login for _host, _path, login in server.requests} == {None}
	assert "api.twilio.com" not in [host for host, _path, _login in server.requests]


@pytest.mark.parametrize(
	"path", ["/Messages", "/Recordings", f"/Recordings/{RECORDING}/Transcriptions", "/../Keys"]
)
def test_nothing_but_recordings_is_asked_for_with_credentials(server, path):
	url = RECORDING_URL.partition("/Recordings")[0] + path
	with pytest.raises(RefusedError):
		current(server, call(url))
	assert telephony_media.request(url, SECRETS).secret_headers == {}
	assert server.requests == []


@pytest.mark.parametrize(
	"url", ["", "null", "/private/files/a.mp3", "ftp://x/a", "https://[", "https://h:99999/"]
)
def test_what_is_no_address_is_refused(server, url):
	with pytest.raises(RefusedError):
		current(server, call(url))


def test_an_api_key_is_used_rather_than_the_token(server):
	server.recordings[RECORDING] = Recording()
	current(server, call(), {**SECRETS, "twilio_api_key": KEY, "twilio_api_secret": "the secret"})
	assert server.logins_seen_by("api.twilio.com") == {f"{KEY}:the secret"}


def test_storage_that_twilio_redirects_to_gets_no_credentials(server, tmp_path):
	server.recordings[RECORDING] = Recording(at_storage=True)
	found = current(server, call())
	assert downloaded(server, tmp_path, found.media[0].url) == DUAL
	assert server.logins_seen_by("api.twilio.com") == {f"{ACCOUNT}:the token"}
	assert server.logins_seen_by("storage.example") == {None}


def test_a_log_without_credentials_is_downloaded_as_it_is(server, tmp_path):
	server.recordings[RECORDING] = Recording()
	found = current(server, call(), {})
	assert found.media[0].url == RECORDING_URL
	with pytest.raises(NotReadyError, match="401"):
		downloaded(server, tmp_path, RECORDING_URL, {})


@pytest.mark.parametrize(("provider", "url"), [("Twilio", RECORDING_URL), ("Exotel", EXOTEL_URL)])
def test_a_provider_that_is_switched_off_is_named(server, provider, url):
	off = {"twilio": "CRM Twilio Settings", "exotel": "CRM Exotel Settings", "exotel_host": "api.exotel.com"}
	with pytest.raises(SourceError, match=f"Switch {provider} on in CRM {provider} Settings"):
		current(server, call(url), off)
	assert server.requests == []


# ------------------------------------------------------------------------------------------------ Twilio


def test_one_channel(server, tmp_path):
	server.recordings[RECORDING] = Recording()
	found = current(server, call())
	(media,) = found.media
	assert (media.url, media.file_name, media.seconds) == (f"{RECORDING_URL}.mp3", f"{RECORDING}.mp3", 61)
	assert (found.state, found.owner_channel, found.seconds) == ("ready", "", 61)
	assert found.started_at == datetime(2026, 1, 31, 14, 30, 2, tzinfo=timezone.utc)
	assert downloaded(server, tmp_path, media.url) == MONO


def test_two_channels_are_asked_for_and_again_later(server, tmp_path):
	server.recordings[RECORDING] = Recording(channels=2)
	found = current(server, current(server, call()))
	assert found.media[0].url == f"{RECORDING_URL}.wav?RequestedChannels=2"
	assert downloaded(server, tmp_path, found.media[0].url) == DUAL


def test_the_log_knows_better_when_the_call_began(server):
	server.recordings[RECORDING] = Recording()
	began = datetime(2026, 1, 31, 15, 29)
	found = current(server, call(started_at=began, seconds=75.0))
	assert (found.started_at, found.seconds) == (began, 75)


@pytest.mark.parametrize(
	("direction", "leg", "channel"),
	[
		("Inbound", {"direction": "inbound", "from": "+48601555010", "to": OURS}, "Second"),
		("Inbound", {"direction": "inbound", "from": "anonymous", "to": OURS}, "Second"),
		("Outbound", {"direction": "inbound", "from": "client:anna(at)example.com", "to": ""}, "First"),
		("Outbound", {"direction": "inbound", "from": "sip:anna@pbx.example", "to": "sip:x"}, "First"),
		("Outbound", {"direction": "inbound", "from": "+48601999999", "to": OURS}, "First"),
		("Outbound", {"direction": "outbound-api", "from": OURS, "to": "601555010"}, "Second"),
		("Outbound", {"direction": "outbound-api", "from": "+1", "to": "0048 22 555 01 00"}, "First"),
		("Outbound", {"direction": "outbound-api", "from": OURS, "to": "+48601999999"}, "Unknown"),
		("Outbound", {"direction": "outbound-dial", "from": OURS, "to": "601555010"}, "Unknown"),
		("Inbound", None, "Unknown"),
	],
)
def test_our_channel(server, direction, leg, channel):
	server.recordings[RECORDING] = Recording(channels=2)
	if leg:
		server.calls[CALL] = leg
	assert current(server, call(direction=direction)).owner_channel == channel


@pytest.mark.parametrize("status", ["processing", "in-progress", "paused", ""])
def test_not_ready(server, status):
	server.recordings[RECORDING] = Recording(status=status)
	with pytest.raises(NotReadyError):
		current(server, call())


@pytest.mark.parametrize("status", ["absent", "failed", "deleted"])
def test_no_recording(server, status):
	server.recordings[RECORDING] = Recording(status=status, error_code=16101)
	found = current(server, call())
	assert found.state == "no_recording"
	assert status in found.reason and "16101" in found.reason


def test_a_recording_that_was_deleted(server):
	found = current(server, call())
	assert (found.state, bool(found.reason)) == ("no_recording", True)


def test_the_recording_of_another_call_is_refused(server):
	"""Whoever may edit a log could otherwise listen to any recording of the account."""
	server.recordings[RECORDING] = Recording(call_sid="CA" + "e" * 32)
	with pytest.raises(RefusedError):
		current(server, call())


def test_wrong_credentials_name_their_place(server):
	with pytest.raises(SourceError, match="CRM Twilio Settings"):
		current(server, call(), {**SECRETS, "twilio_auth_token": "old"})


# ------------------------------------------------------------------------------------------------ Exotel


def test_exotel_is_ready_later(server, tmp_path):
	found = current(server, call(EXOTEL_URL))
	assert (found.media[0].file_name, found.owner_channel) == ("e1.mp3", "Unknown")
	with pytest.raises(NotReadyError):
		downloaded(server, tmp_path, found.media[0].url)
	server.exotel["/exotelrecordings/northwind/e1.mp3"] = MONO
	assert downloaded(server, tmp_path, found.media[0].url) == MONO
	assert server.logins_seen_by("recordings.exotel.com") == {"exotel key:exotel token"}


@pytest.mark.parametrize(
	("setting", "hosts"),
	[
		("api.exotel.com", ("api.exotel.com", "recordings.exotel.com")),
		("https://API.in.exotel.com/", ("api.in.exotel.com", "recordings.in.exotel.com")),
		("exotel.example", ("exotel.example",)),
		("api", ("api",)),
		("", ()),
		("//[", ()),
	],
)
def test_hosts_of_the_account(setting, hosts):
	assert telephony_media.exotel_hosts({"exotel_host": setting}) == hosts


@pytest.mark.parametrize(
	("path", "name"), [("", f"{CALL}.mp3"), ("a/b", f"{CALL}.mp3"), ("a%2F..%2Fb%20c.wav?d.mp3", "b c.wav")]
)
def test_names_of_files(server, path, name):
	assert current(server, call(f"https://storage.example/{path}")).media[0].file_name == name


# ------------------------------------------------------------------------------------------------ "Test connection"


def test_check(server):
	found = telephony_media.check(SECRETS, server.client())
	assert [(finding.ok, finding.text) for finding in found] == [
		(True, "Twilio accepts the credentials of CRM Twilio Settings."),
		(True, "Exotel accepts the credentials of CRM Exotel Settings."),
	]


def test_check_names_what_is_wrong(server):
	wrong = {**SECRETS, "twilio_auth_token": "old", "exotel_api_token": ""}
	(found,) = telephony_media.check(wrong, server.client())
	assert (found.ok, "401" in found.text, "CRM Twilio Settings" in found.text) == (False, True, True)
	assert telephony_media.check({"twilio": "CRM Twilio Settings"}, server.client()) == []


def test_check_raises_nothing(server):
	unknown = {**SECRETS, "twilio_auth_token": "", "exotel_host": "unreachable.example"}
	(found,) = telephony_media.check(unknown, replace_resolve(server))
	assert not found.ok


def replace_resolve(server):
	client = server.client()
	client.resolve = lambda host, port: []
	return client


def test_same_number():
	assert telephony_media.same_number("+48 601 555 010", "0048601555010")
	assert telephony_media.same_number("601555010", "+48601555010")
	assert not telephony_media.same_number("010", "+48601555010")
	assert not telephony_media.same_number("", "")


def test_media_keeps_its_account(server):
	server.recordings[RECORDING] = Recording()
	log = call()
	log = replace(log, media=(replace(log.media[0], account="CRM Call Log"),))
	assert current(server, log).media[0].account == "CRM Call Log"
