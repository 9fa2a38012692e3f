"""The provider "Call logs of the CRM", with the site played by functions"""

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from call_intelligence.integrations.sources.call_logs import CallLogs, Site
from call_intelligence.integrations.sources.types import (
	Cursor,
	Delivery,
	Provider,
	RefusedError,
	RemoteCall,
	RemoteMedia,
)
from call_intelligence.integrations.sources.wire import call_from_json, call_to_json
from tests.telephony_server import CALL, RECORDING, RECORDING_URL, SECRETS, Recording, TelephonyServer

NOW = datetime(2026, 1, 31, tzinfo=timezone.utc)
LOG = RemoteCall(f"CRM Call Log:{CALL}", media=(RemoteMedia(RECORDING_URL, account="CRM Call Log"),))
BY_HAND = replace(LOG, media=(RemoteMedia(RECORDING_URL),))


@pytest.fixture
def server():
	with TelephonyServer() as server:
		server.recordings[RECORDING] = Recording()
		yield server


def provider(credentials=SECRETS, calls=()) -> Provider:
	def poll(since, manual):
		yield from calls
		yield Cursor(since)

	return CallLogs(Site(poll, lambda: ["CRM Call Log", "TP Call Log"], {"CRM Call Log": credentials}.get))


def test_nothing_can_be_sent_to_it():
	delivery = Delivery("POST", "https://site.example", {}, b"{}", NOW)
	assert not CallLogs().verify(delivery, {}).accepted
	assert list(CallLogs().parse(delivery, {})) == []


def test_it_reads_the_logs_of_the_site(server):
	found = list(provider(calls=[LOG]).poll(NOW, {}, {}, server.client()))
	assert found == [LOG, Cursor(NOW)]
	assert list(CallLogs().poll(NOW, {}, {}, server.client())) == []


def test_refresh_and_open_use_the_credentials_of_the_log(server):
	found = provider().refresh(LOG, {}, {}, server.client())
	request = provider().open(found.media[0], {}, server.client())
	assert request.url == f"{RECORDING_URL}.mp3"
	assert request.secret_headers and request.hosts == (".twilio.com",)


def test_without_a_site_the_given_secrets_count(server):
	assert CallLogs().refresh(LOG, SECRETS, {}, server.client()).media[0].file_name == f"{RECORDING}.mp3"
	assert [finding.ok for finding in CallLogs().check(SECRETS, {}, server.client())] == [True, True]


def test_logs_entered_by_hand_are_refused(server):
	with pytest.raises(RefusedError):
		provider().refresh(BY_HAND, SECRETS, {"manual": False}, server.client())


def test_logs_entered_by_hand_never_get_credentials(server):
	"""Anybody may have typed the address."""
	found = provider().refresh(BY_HAND, SECRETS, {"manual": True}, server.client())
	assert found.media[0].url == RECORDING_URL
	assert provider().open(found.media[0], SECRETS, server.client()).secret_headers == {}
	assert server.requests == []


def test_a_log_without_a_recording_stays_as_it_is(server):
	log = replace(LOG, media=())
	assert provider().refresh(log, {}, {}, server.client()) == log


CRM = {"twilio": "CRM Twilio Settings", "exotel": "CRM Exotel Settings"}
TP = {"twilio": "TP Twilio Settings"}


@pytest.mark.parametrize(
	("accounts", "findings"),
	[
		({"CRM Call Log": SECRETS, "TP Call Log": TP}, [True, True]),
		({"CRM Call Log": CRM, "TP Call Log": TP}, [False]),
		({}, [False]),
	],
)
def test_one_account_is_enough(server, accounts, findings):
	site = Site(lambda since, manual: iter(()), lambda: list(accounts), accounts.__getitem__)
	found = CallLogs(site).check({}, {}, server.client())
	assert [finding.ok for finding in found] == findings


def test_check_says_where_telephony_is_switched_on(server):
	site = Site(lambda since, manual: iter(()), lambda: ["CRM", "TP"], {"CRM": CRM, "TP": TP}.__getitem__)
	(found,) = CallLogs(site).check({}, {}, server.client())
	assert found.text == (
		"Switch telephony on in: CRM Twilio Settings, CRM Exotel Settings, TP Twilio Settings"
	)


def test_a_waiting_call_keeps_its_account():
	assert call_from_json(call_to_json(LOG)) == LOG


def test_manual_logs_are_off_by_default():
	(switch,) = CallLogs.switches
	assert (switch.name, switch.default) == ("manual", False)
