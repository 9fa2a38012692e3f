"""Cards on the timeline of a call's records."""

import json

import frappe
import pytest
from frappe.desk.form.load import get_docinfo

from call_intelligence.desk import boot, timeline
from call_intelligence.integrations.registry import association_doctypes
from call_intelligence.permissions import can_see
from tests import factories


def test_a_card_says_what_a_reader_needs(people, as_user):
	contact = factories.contact()
	name = factories.call(people["owner"], associations=[("Contact", contact)], title="Premium plan")
	with as_user(people["crm user"]):
		(card,) = timeline.get_timeline_cards("Contact", contact)
	data = card["template_data"]
	assert card["is_card"] and card["template"] == "call_timeline_card"
	assert (data["name"], data["title"], data["status"], data["finished"]) == (
		name,
		"Premium plan",
		"Ready",
		True,
	)
	assert data["call_owner_name"] and data["duration"] == 15
	assert data["media_url"].endswith(data["recording"])
	assert [row["speaker"] for row in data["preview"]] == ["Speaker 1", "Speaker 2", "Speaker 1"]
	assert data["preview"][0]["text"] == factories.TRANSCRIPT[0][3]


def test_frappe_shows_the_cards_with_the_form(people, as_user):
	contact = factories.contact()
	name = factories.call(people["owner"], associations=[("Contact", contact)])
	with as_user(people["crm user"]):
		get_docinfo(doctype="Contact", name=contact)
		shown = frappe.response["docinfo"]["additional_timeline_content"]
	assert [card["template_data"]["name"] for card in shown] == [name]


def test_one_query_however_many_calls(people, as_user, monkeypatch):
	contact = factories.contact()
	for _number in range(5):
		factories.call(people["owner"], associations=[("Contact", contact)])
	with as_user(people["crm user"]):
		timeline.get_timeline_cards("Contact", contact)  # fills Frappe's caches of roles and meta
		queries = []
		sql = frappe.db.sql
		monkeypatch.setattr(
			frappe.db, "sql", lambda query, *a, **k: queries.append(str(query)) or sql(query, *a, **k)
		)
		assert len(timeline.get_timeline_cards("Contact", contact)) == 5
	about_calls = [query for query in queries if "tabCall" in query]
	assert len(about_calls) == 1


@pytest.mark.parametrize(
	"who",
	[
		"owner",
		"manager",
		"participant",
		"shared with",
		"crm user",
		"other seat",
		"stranger",
		"portal user",
		"Guest",
	],
)
def test_the_cards_are_those_of_the_rule(people, as_user, who):
	"""The timeline uses a shorter query, also for readers without access to the record itself."""
	contact = factories.contact()
	names = [
		factories.call(people["owner"], associations=[("Contact", contact)]),
		factories.call(
			people["other seat"],
			associations=[("Contact", contact)],
			participants=[{"party_type": "User", "party": people["participant"]}],
		),
	]
	frappe.share.add("Call", names[0], people["shared with"], notify=False)
	with as_user(people[who]):
		shown = {card["template_data"]["name"] for card in timeline.get_timeline_cards("Contact", contact)}
		assert shown == {name for name in names if can_see(name)}


def test_the_newest_come_first(people, as_user):
	contact = factories.contact()
	old = factories.call(
		people["owner"], associations=[("Contact", contact)], start_time="2025-01-01 10:00:00"
	)
	new = factories.call(
		people["owner"], associations=[("Contact", contact)], start_time="2026-01-01 10:00:00"
	)
	with as_user(people["crm user"]):
		cards = timeline.get_timeline_cards("Contact", contact)
	assert [card["template_data"]["name"] for card in cards] == [new, old]


def test_the_oldest_card_leads_to_all_of_many_calls(people, as_user, monkeypatch):
	monkeypatch.setattr(timeline, "MOST_CARDS", 2)
	contact = factories.contact()
	for day in (1, 2, 3):
		factories.call(
			people["owner"], associations=[("Contact", contact)], start_time=f"2026-01-0{day} 10:00:00"
		)
	with as_user(people["crm user"]):
		cards = timeline.get_timeline_cards("Contact", contact)
	assert [card["template_data"].get("more") for card in cards] == [
		None,
		{"doctype": "Contact", "name": contact, "count": 3},
	]


def test_records_of_no_kind_have_no_calls(people):
	assert timeline.get_timeline_cards("User", people["owner"]) == []


def test_the_demo_crm_is_found(site):
	assert association_doctypes() == {
		"Contact": "Contact",
		"CRM Organization": "Company",
		"CRM Deal": "Deal",
		"HD Customer": "Company",
		"HD Ticket": "Ticket",
		"CRM Lead": "Lead",
		"Event": "Meeting",
	}


def test_the_first_record_of_each_kind_is_in_the_list(people):
	first, second = factories.contact(), factories.contact()
	organization = frappe.get_doc(
		{"doctype": "CRM Organization", "organization_name": factories.unique("Blue Harbor")}
	).insert()
	name = factories.call(
		people["owner"],
		associations=[
			("Contact", first),
			("Contact", second),
			("Contact", first),
			(organization.doctype, organization.name),
		],
	)
	call = frappe.get_doc("Call", name)
	assert call.contact == first
	assert (call.company_doctype, call.company) == ("CRM Organization", organization.name)
	assert [row.link_name for row in call.associations] == [first, second, organization.name], "none twice"
	call.set("associations", [row for row in call.associations if row.link_name != first])
	call.save()
	assert call.contact == second


def test_deleting_a_record_keeps_its_calls(people):
	contact, other = factories.contact(), factories.contact()
	name = factories.call(people["owner"], associations=[("Contact", contact), ("Contact", other)])
	frappe.delete_doc("Contact", contact)
	call = frappe.get_doc("Call", name)
	assert [row.link_name for row in call.associations] == [other]
	assert call.contact == other
	call.save()


def test_deleting_a_user_hands_their_calls_over(site):
	user = factories.user(factories.SEAT)
	name = factories.call(user)
	frappe.delete_doc("User", user, force=True)
	call = frappe.get_doc("Call", name)
	assert call.call_owner == "Administrator"
	call.save()


def test_renaming_a_record_takes_its_calls_along(people, as_user):
	contact = factories.contact()
	name = factories.call(people["owner"], associations=[("Contact", contact)])
	renamed = frappe.rename_doc("Contact", contact, factories.unique("Renamed"))
	call = frappe.get_doc("Call", name)
	assert (call.contact, call.associations[0].link_name) == (renamed, renamed)
	with as_user(people["crm user"]):
		assert timeline.get_timeline_cards("Contact", renamed)


@pytest.mark.parametrize(
	("who", "seat", "manager"), [("owner", True, False), ("manager", True, True), ("crm user", False, False)]
)
def test_what_desk_knows_from_its_start(people, as_user, who, seat, manager):
	info = frappe._dict()
	with as_user(people[who]):
		boot.extend_bootinfo(info)
	told = info.call_intelligence
	assert (told["seat"], told["manager"]) == (seat, manager)
	assert told["association_doctypes"]["CRM Deal"] == "Deal"
	assert told["speech_models"]["pl"][0] == "base"
	assert ("pl", "Polski") in [tuple(row) for row in told["languages"]]
	json.dumps(told)
