"""The calls of a record, as the front ends of Frappe CRM and Helpdesk show them."""

import frappe
import pytest

from call_intelligence.api import record_calls
from call_intelligence.integrations import crm, form_scripts
from tests import factories


@pytest.fixture
def contact(site):
	return factories.contact()


def shown(contact):
	return record_calls.get("Contact", contact)


def test_the_button_counts_the_calls_that_the_person_sees(people, as_user, contact):
	factories.call(people["owner"], associations=[("Contact", contact)], title="Premium plan")
	factories.call(people["owner"], associations=[("Contact", contact)], title="Second talk")
	with as_user(people["crm user"]):
		answer = shown(contact)
	assert answer["label"] == "Recordings (2)"
	assert {call["title"] for call in answer["calls"]} == {"Premium plan", "Second talk"}
	assert answer["count"] == 2
	assert "Premium plan" in answer["html"] and answer["calls"][0]["url"] in answer["html"]


def test_a_record_without_calls_says_so(people, as_user, contact):
	with as_user(people["crm user"]):
		answer = shown(contact)
	assert (answer["label"], answer["count"], answer["calls"]) == ("Recordings", 0, [])
	assert "no recordings yet" in answer["html"]


def test_titles_are_text(people, as_user, contact):
	call = factories.call(people["owner"], associations=[("Contact", contact)])
	# titles are stored without markup; what an older version has stored is shown as text
	frappe.db.set_value("Call", call, "title", '<img src=x onerror=alert(1)>"')
	with as_user(people["crm user"]):
		html = shown(contact)["html"]
	assert "<img" not in html and "&lt;img" in html


def test_calls_play_once_they_have_been_prepared(people, as_user, contact):
	factories.call(people["owner"], associations=[("Contact", contact)], title="Ready")
	factories.call(
		people["owner"], associations=[("Contact", contact)], title="Waiting", status="Queued", duration=0
	)
	with as_user(people["crm user"]):
		html = shown(contact)["html"]
	assert html.count("<audio") == 1 and "Queued" in html


def test_the_time_of_a_call_is_shown_to_the_minute(people, as_user, contact):
	factories.call(people["owner"], associations=[("Contact", contact)], start_time="2026-03-01 10:05:27")
	with as_user(people["crm user"]):
		html = shown(contact)["html"]
	assert "Mar 1, 2026, 10:05" in html and "10:05:27" not in html


def test_the_newest_players_know_their_length_at_once(people, as_user, contact):
	for _number in range(5):
		factories.call(people["owner"], associations=[("Contact", contact)])
	with as_user(people["crm user"]):
		html = shown(contact)["html"]
	assert html.count('preload="metadata"') == 3 and html.count('preload="none"') == 2


def test_of_many_the_newest_are_shown_and_the_list_of_all(people, as_user, contact, monkeypatch):
	from call_intelligence.api.panels import recordings_dialog as panel

	monkeypatch.setattr(panel, "MOST_CALLS", 2)
	for day in (1, 2, 3):
		factories.call(
			people["owner"],
			associations=[("Contact", contact)],
			title=f"Call {day}",
			start_time=f"2026-03-0{day} 10:00:00",
		)
	with as_user(people["crm user"]):
		answer = shown(contact)
	assert answer["label"] == "Recordings (3)"
	assert [call["title"] for call in answer["calls"]] == ["Call 3", "Call 2"]
	assert "All 3 recordings" in answer["html"]


@pytest.mark.parametrize("who", ["stranger", "portal user", "Guest"])
def test_who_may_not_read_the_record_learns_nothing(people, as_user, contact, who):
	factories.call(people["owner"], associations=[("Contact", contact)])
	with as_user(people[who]), pytest.raises(frappe.PermissionError):
		shown(contact)


def test_who_reads_the_record_gets_only_calls_that_they_see(people, as_user, site):
	if not frappe.db.exists("DocType", "CRM Lead"):
		pytest.skip("needs the demo CRM")
	with as_user(people["crm user"]):
		lead = frappe.get_doc({"doctype": "CRM Lead", "first_name": "Bo"}).insert().name
	factories.call(people["owner"], associations=[("CRM Lead", lead)], title="Theirs")
	factories.call(people["crm user"], associations=[("CRM Lead", lead)], title="Mine")
	# reading the lead shows its calls no longer
	frappe.db.set_single_value("Call Intelligence Settings", "leads_are_not_enough", 1)
	with as_user(people["crm user"]):
		answer = record_calls.get("CRM Lead", lead)
	assert [call["title"] for call in answer["calls"]] == ["Mine"] and answer["count"] == 1


def test_other_doctypes_are_refused(people, as_user):
	with as_user(people["crm user"]), pytest.raises(frappe.ValidationError):
		record_calls.get("User", people["owner"])


def test_scripts_are_written_where_the_apps_are(site):
	if not form_scripts.possible():
		pytest.skip("needs the demo CRM or Helpdesk")
	form_scripts.set_up(True)
	for app in form_scripts.APPS:
		if not frappe.db.exists("DocType", app.SCRIPT_DOCTYPE):
			continue
		written = frappe.get_all(
			app.SCRIPT_DOCTYPE, {"name": ["like", f"{form_scripts.MARK}%"]}, ["dt", "script", "enabled"]
		)
		assert {row.dt for row in written} <= set(app.SCRIPTED) and written
		assert all("record_calls.get" in row.script and row.enabled for row in written)
	form_scripts.set_up(False)
	for doctype in form_scripts.possible():
		assert not frappe.get_all(doctype, {"name": ["like", f"{form_scripts.MARK}%"]})


def test_scripts_follow_the_versions_of_the_apps(site):
	if not form_scripts.possible():
		pytest.skip("needs the demo CRM or Helpdesk")
	form_scripts.set_up(True)
	doctype = form_scripts.possible()[0]
	[name, *_others] = frappe.get_all(doctype, {"name": ["like", f"{form_scripts.MARK}%"]}, pluck="name")
	current = frappe.db.get_value(doctype, name, "script")
	frappe.db.set_value(doctype, name, {"script": "of an earlier version", "enabled": 0})
	form_scripts.refresh()
	assert frappe.db.get_value(doctype, name, ["script", "enabled"]) == (current, 0)
	form_scripts.set_up(False)
	form_scripts.refresh()
	assert not frappe.db.exists(doctype, name)


@pytest.mark.parametrize(
	("version", "doctype", "expected"),
	[
		("1.52.2", "CRM Deal", False), ("1.53.1", "CRM Deal", True), ("2.0.0-dev", "CRM Lead", True),
		("2.0.0-dev", "Contact", False), ("2.0.0-dev", "CRM Organization", False),
	],
)  # fmt: skip
def test_which_scripts_are_classes(site, monkeypatch, version, doctype, expected):
	monkeypatch.setattr(frappe, "get_installed_apps", lambda **_options: ["frappe", "crm"])
	monkeypatch.setattr(frappe, "get_attr", {"crm.__version__": version}.get)
	assert crm.runs_classes(doctype) is expected
