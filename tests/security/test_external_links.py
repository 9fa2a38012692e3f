"""External links: password guesses are slowed down, and the log of openings contains only addresses."""

import time
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest
import requests

from call_intelligence.clips import addresses, links, slowdown
from tests.integration.test_clip_links import OPEN, call, guest, new_link  # noqa: F401

WRONG, TOO_MANY = "not the password", "Too many"


def forwarded(value: str) -> dict:
	return {"X-Forwarded-For": value}


@pytest.fixture
def from_address(bench):
	"""Requests through nginx, which sets the address: `from_address("203.0.113.7", key=..., password=...)`"""

	def ask(address: str, **data):
		return requests.post(
			f"{bench.bare_url}{OPEN}", data=data, headers={**bench.headers, **forwarded(address)}
		)

	return ask


# ------------------------------------------------------------------------------------------------ guessing


def test_guesses_at_the_same_time_are_all_counted(new_link, guest, bench, from_address):  # noqa: F811
	_name, key = new_link(password="open sesame")
	began = time.monotonic()

	def guess(number: int) -> str:
		answer = requests.post(
			f"{bench.url}{OPEN}", data={"key": key, "password": f"guess {number}"}, headers=bench.headers
		)
		assert answer.status_code == 401, answer.text
		return answer.text

	with ThreadPoolExecutor(24) as pool:
		answers = list(pool.map(guess, range(120)))
	checked = sum(WRONG in text for text in answers)
	assert sum(TOO_MANY in text for text in answers) == 120 - checked
	# those restored meanwhile
	assert checked <= links.MOST_WRONG + (time.monotonic() - began) / links.SECONDS_EACH + 1
	# users with the password from another network get in
	assert "segments" in from_address("203.0.113.7", key=key, password="open sesame").json()["message"]


def test_right_passwords_are_not_counted(new_link, guest):  # noqa: F811
	_name, key = new_link(password="open sesame")
	for _turn in range(links.MOST_WRONG + 5):
		assert guest.post(OPEN, data={"key": key, "password": "open sesame"}).ok
	assert WRONG in guest.post(OPEN, data={"key": key, "password": "open says me"}).text


def test_one_network_is_slowed_down_and_not_the_others(new_link, from_address):  # noqa: F811
	_name, key = new_link(password="open sesame")
	# an IPv6 customer has 2 ** 64 addresses
	for number in range(links.MOST_WRONG):
		assert WRONG in from_address(f"2001:db8::{number:x}", key=key, password="no").text
	assert TOO_MANY in from_address("2001:db8::ffff", key=key, password="open sesame").text
	assert WRONG in from_address("2001:db8:0:1::1", key=key, password="no").text
	assert from_address("2001:db8:0:1::1", key=key, password="open sesame").ok


def test_who_was_slowed_down_gets_in_after_some_seconds(site):
	what = frappe.generate_hash()
	taken = {"most": 20, "seconds": 45}
	for _turn in range(20):
		assert slowdown.take(what, **taken, now=1000) == 0
	assert slowdown.take(what, **taken, now=1000) == 45
	assert slowdown.take(what, **taken, now=1044) == 1
	assert slowdown.take(what, **taken, now=1045) == 0
	assert slowdown.take(what, **taken, now=1045) == 45
	slowdown.give_back(what, seconds=45)
	assert slowdown.take(what, **taken, now=1045) == 0
	# everything expires
	assert 0 < frappe.cache.ttl(slowdown.key_of(what)) <= 20 * 45 + 1


# ------------------------------------------------------------------------------------------------ the log


@pytest.mark.parametrize(
	("given", "kept"),
	[
		("203.0.113.7", "203.0.113.7"),
		("203.0.113.7 , 10.0.0.1", "203.0.113.7"),
		("203.0.113.7:50123", "203.0.113.7"),
		("2001:DB8::0001", "2001:db8::1"),
		("[2001:db8::1]:443", "2001:db8::1"),
		("::ffff:203.0.113.7", "203.0.113.7"),
		("fe80::1%<img src=x onerror=top.ran=1>", "fe80::1"),
		("<img src=x onerror=top.ran=1 ", None),
		("9" * 400, None),
		("1.2.3.4 " * 60, None),
		("unknown", None),
	],
)
def test_an_address_or_nothing_is_kept(new_link, from_address, given, kept):  # noqa: F811
	name, key = new_link()
	answer = from_address(given, key=key)
	assert answer.ok, answer.text
	frappe.db.rollback()
	assert frappe.get_all("Call Clip Opening", filters={"clip": name}, pluck="ip_address") == [kept]


def test_no_address_at_all(site):
	assert addresses.address_of(None) is None and addresses.address_of("") is None
