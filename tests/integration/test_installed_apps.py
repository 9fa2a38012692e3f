"""Plain Frappe, with ERPNext's DocTypes, with Frappe CRM's and Helpdesk's, with both; and apps removed after calls were linked."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from devbench import database, sites
from devbench.bench import Bench
from tests.conftest import CHECKOUT

SITE = "apps.localhost"
PROBE = Path(__file__).with_name("apps_probe.py")
APP = CHECKOUT / "tests" / "apps" / "demo_erpnext"


@pytest.fixture(scope="module")
def seen(bench, tmp_path_factory):
	"""The probe's observations, on a site with only Frappe and a sites folder with one more app."""
	own = Bench()
	vars(own)["root"] = bench.root  # also where the tests run in a variant
	sites.make(own, bench.ports, SITE)
	root = tmp_path_factory.mktemp("bench")
	(root / "logs").mkdir()
	(folder := root / "sites").mkdir()
	for entry in own.sites.iterdir():
		if entry.name != "apps.txt":
			(folder / entry.name).symlink_to(entry)
	known = [app for app in (own.sites / "apps.txt").read_text().split() if app != APP.name]
	(folder / "apps.txt").write_text("\n".join([*known, APP.name]) + "\n")
	try:
		done = subprocess.run(
			[bench.python, PROBE, SITE], cwd=folder, capture_output=True, text=True, timeout=500,
			env={**os.environ, "PYTHONPATH": f"{CHECKOUT}{os.pathsep}{APP}"},
		)  # fmt: skip
		assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
		yield json.loads(done.stdout.strip().splitlines()[-1])
	finally:
		database.drop(own, bench.ports, sites.database_name(SITE))
		shutil.rmtree(own.sites / SITE)


ANN = ["Contact", "Contact", "Ann", "open"]


def test_plain_frappe(seen):
	assert seen["plain"]["doctypes"] == {"Contact": "Contact", "Event": "Meeting"}
	assert seen["plain"]["records"] == [ANN]
	assert seen["plain"]["cards"] == [1]


def test_a_log_of_erpnext(seen):
	found = seen["erpnext, a log"]
	call = found["call"]
	assert found["logs"] == ["Call Log"]
	assert (call["external_id"], call["started_at"]) == ("Call Log:e1", "2026-01-31T14:30:00+05:30")
	assert [party["user"] for party in call["parties"]] == ["Administrator", ""]
	assert call["links"] == [["Customer", "Harbor Ltd"]]
	assert found["credentials"] == {
		"exotel": "Exotel Settings",
		"exotel_account_sid": "harbor",
		"exotel_api_key": "key",
		"exotel_api_token": "token",
		"exotel_host": "api.exotel.com",
	}
	assert seen["crm, logs"] == ["CRM Call Log", "TP Call Log"]


def test_with_erpnext(seen):
	call = seen["erpnext"]
	assert set(call["doctypes"]) == {
		"Contact", "Event", "Customer", "Prospect", "Lead", "Opportunity", "Issue",
	}  # fmt: skip
	assert call["records"] == [
		["Ticket", "Issue", "No water", "open"],
		ANN,
		["Company", "Customer", "Harbor Ltd", "open"],
		["Lead", "Lead", "Bo", "open"],
	]
	assert call["suggestions"] == [["Opportunity", "Open deal"]]
	assert (call["primary"]["company"], call["primary"]["ticket_doctype"]) == ("Harbor Ltd", "Issue")
	# her other call is on her timeline as well
	assert call["cards"] == [1, 2, 1, 1]


def test_an_app_that_comes_later_takes_part_in_earlier_calls(seen):
	assert ["Lead", "Lead", "Bo", "open"] in seen["erpnext, the earlier call"]["records"]


def test_a_converted_lead_of_erpnext_hands_its_calls_on(seen):
	call = seen["erpnext, converted"]
	records = {(row[0], row[1], row[3]) for row in call["records"]}
	assert records >= {
		("Lead", "Lead", "open"), ("Company", "Prospect", "open"), ("Deal", "Opportunity", "open"),
		("Company", "Customer", "open"),
	}  # fmt: skip
	# each of them has the call on its timeline
	assert len(call["cards"]) == len(call["records"]) and all(call["cards"])


def test_with_both(seen):
	call = seen["both"]
	assert {"Customer", "CRM Organization", "CRM Deal", "HD Ticket", "Issue"} <= set(call["doctypes"])
	# the company is known to both apps
	companies = [row[1] for row in call["records"] if row[0] == "Company"]
	assert sorted(companies) == ["CRM Organization", "Customer"]
	assert call["primary"]["deal_doctype"] == "CRM Deal"
	# as set in Settings
	assert call["doctypes"]["Issue"] == "Deal"


def test_when_an_app_goes_what_was_known_stays(seen):
	first, second, third = seen["crm, after erpnext"]
	assert set(first["doctypes"]) == {
		"Contact", "Event", "CRM Organization", "CRM Deal", "CRM Lead", "HD Customer", "HD Ticket",
	}  # fmt: skip
	assert ["Lead", "Lead", "Bo", "gone"] in first["records"]
	assert ["Company", "Customer", "Harbor Ltd", "gone"] in second["records"]
	assert ANN in first["records"] and ANN in second["records"]
	# no references to removed DocTypes
	assert (second["primary"]["company"], second["primary"]["ticket"]) == (None, None)
	assert third["primary"]["company_doctype"] == "CRM Organization"
	assert seen["list"] == 3


def test_calls_are_saved_without_losing_what_was_known(seen):
	_first, second, _third = seen["crm, after erpnext"]
	assert seen["crm, saved"]["records"] == second["records"]


def test_an_app_that_comes_back_without_its_records(seen):
	assert ["Company", "Customer", "Harbor Ltd", "gone"] in seen["erpnext again"]["records"]


def test_the_button_in_the_front_ends_without_desk(seen):
	expected = [["CRM Deal", 1], ["CRM Lead", 1], ["CRM Organization", 1], ["Contact", 1], ["HD Ticket", 1]]
	assert sorted(seen["buttons, at once"]) == sorted(seen["buttons"]) == expected
	assert seen["buttons off"] == []
	assert seen["buttons, uninstalled"] == []
