"""Calls of leads that are converted, and who sees calls of leads."""

import frappe
import pytest

from call_intelligence.api import associations as api
from call_intelligence.associations import conversions, linking, suggestions
from call_intelligence.core.records import associated_records
from call_intelligence.integrations import registry
from call_intelligence.jobs import sweep
from call_intelligence.permissions import can_see, visible_calls_of, who_sees
from call_intelligence.queries import sql
from tests import factories

pytestmark = pytest.mark.usefixtures("crm")


@pytest.fixture
def crm(site, monkeypatch):
	if not registry.is_installed("CRM Deal"):
		pytest.skip("needs the demo CRM")
	monkeypatch.setattr(frappe.db, "commit", lambda *args, **options: None)
	monkeypatch.setattr(conversions.enqueue, "follow_conversion", conversions.follow)
	monkeypatch.setattr(conversions.enqueue, "follow_leads", conversions.follow_leads)


def make(doctype, **values):
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True).name


@pytest.fixture
def lead_of(as_user):
	"""`lead_of(user)`: a lead that only this user and sales managers may read, as in the demo CRM"""

	def lead(user):
		with as_user(user):
			return make("CRM Lead", first_name="Bo", converted=1)

	return lead


def records_of(call):
	return set(associated_records(call))


def test_the_deal_has_the_calls_of_its_lead(people, as_user, lead_of):
	lead = lead_of(people["rep"])
	call = factories.call(people["owner"], associations=[("CRM Lead", lead)])
	with as_user(people["rep"]):
		deal = make("CRM Deal", lead=lead)
	assert records_of(call) == {("CRM Lead", lead), ("CRM Deal", deal)}


def test_calls_that_come_to_the_lead_later_belong_to_the_deal_too(people, as_user, lead_of):
	lead = lead_of(people["rep"])
	with as_user(people["rep"]):
		deal = make("CRM Deal", lead=lead)
		call = factories.call(people["rep"])
		api.add(call, "CRM Lead", lead)
	assert ("CRM Deal", deal) in records_of(call)


def test_a_call_that_is_made_for_a_converted_lead_belongs_to_the_deal_too(people, as_user, lead_of):
	lead = lead_of(people["rep"])
	with as_user(people["rep"]):
		deal = make("CRM Deal", lead=lead)
		uploaded = factories.call(people["rep"], associations=[("CRM Lead", lead)])
		doc = frappe.get_doc("Call", factories.call(people["rep"]))
		doc.append("associations", {"link_doctype": "CRM Lead", "link_name": lead})
		doc.save()
	for call in (uploaded, doc.name):
		assert ("CRM Deal", deal) in records_of(call)


def test_a_deal_that_somebody_made_up_only_gets_a_suggestion(people, as_user):
	"""Naming a lead in a deal of one's own must not open its calls."""
	lead = make("CRM Lead", first_name="Bo", converted=1)
	earlier = factories.call(people["rep"], associations=[("CRM Lead", lead)])
	with as_user(people["crm user"]):
		deal = make("CRM Deal", lead=lead)
	# the deal is older than this call, and its author may read all deals
	later = factories.call(people["rep"], associations=[("CRM Lead", lead)])
	for call in (earlier, later):
		assert records_of(call) == {("CRM Lead", lead)}
		assert suggestions.state_of(call, "CRM Deal", deal) == suggestions.OFFERED


def test_a_lead_that_was_not_converted_is_followed_nowhere(people, as_user):
	lead = make("CRM Lead", first_name="Bo")
	call = factories.call(people["rep"], associations=[("CRM Lead", lead)])
	with as_user(people["sales manager"]):
		make("CRM Deal", lead=lead)
	assert records_of(call) == {("CRM Lead", lead)}


def test_a_suggestion_ends_when_the_deal_names_another_lead(people, as_user):
	lead, other = (make("CRM Lead", first_name=name, converted=1) for name in ("Bo", "Cy"))
	call = factories.call(people["rep"], associations=[("CRM Lead", lead)])
	with as_user(people["crm user"]):
		deal = make("CRM Deal", lead=lead)
	with as_user(people["rep"]):
		assert [row["name"] for row in suggestions.offered(call)] == [deal]
		frappe.db.set_value("CRM Deal", deal, "lead", other)
		assert suggestions.offered(call) == []


def test_a_conversion_whose_job_was_lost_is_followed_later(people, as_user, lead_of, monkeypatch):
	lead = lead_of(people["rep"])
	call = factories.call(people["owner"], associations=[("CRM Lead", lead)])
	monkeypatch.setattr(conversions.enqueue, "follow_conversion", lambda *record: None)
	with as_user(people["rep"]):
		deal = make("CRM Deal", lead=lead)
	assert records_of(call) == {("CRM Lead", lead)}
	sweep.follow_conversions()
	assert records_of(call) == {("CRM Lead", lead), ("CRM Deal", deal)}


def test_only_recent_conversions_are_followed_again(people, as_user, lead_of):
	lead = lead_of(people["rep"])
	with as_user(people["rep"]):
		deal = make("CRM Deal", lead=lead)
	assert deal in conversions.recent("CRM Deal")
	frappe.db.set_value("CRM Deal", deal, "modified", "2026-01-01 10:00:00", update_modified=False)
	assert deal not in conversions.recent("CRM Deal")


def test_the_deals_of_a_lead_are_found_by_an_index(site):
	assert frappe.db.has_index("tabCRM Deal", "lead_creation_index")


def test_a_removed_deal_does_not_come_back(people, as_user):
	lead = make("CRM Lead", first_name="Bo", converted=1)
	call = factories.call(people["rep"], associations=[("CRM Lead", lead)])
	with as_user(people["rep"]):
		deal = make("CRM Deal", lead=lead)
		row = next(row for row in linking.association_rows(call) if row.link_doctype == "CRM Deal")
		api.remove(call, row.name)
		conversions.follow("CRM Deal", deal)
	assert records_of(call) == {("CRM Lead", lead)}


def seen_by(user, call, lead):
	"""What each way of asking says"""
	return {
		can_see(call, user),
		bool(who_sees(call, [user])),
		sql.holds(visible_calls_of("CRM Lead", lead, user), "Call", call),
	}


def test_reading_a_lead_may_not_be_enough(people, lead_of):
	lead = lead_of(people["crm user"])
	call = factories.call(people["owner"], associations=[("CRM Lead", lead)])
	assert seen_by(people["crm user"], call, lead) == {True}
	frappe.db.set_single_value("Call Intelligence Settings", "leads_are_not_enough", 1)
	assert seen_by(people["crm user"], call, lead) == {False}
	assert seen_by(people["owner"], call, lead) == {True}
	assert seen_by(people["manager"], call, lead) == {True}


def test_a_readable_deal_is_enough_all_the_same(people, lead_of):
	lead = lead_of(people["crm user"])
	deal = make(
		"CRM Deal", organization=make("CRM Organization", organization_name=factories.unique("Harbor"))
	)
	call = factories.call(people["owner"], associations=[("CRM Lead", lead), ("CRM Deal", deal)])
	frappe.db.set_single_value("Call Intelligence Settings", "leads_are_not_enough", 1)
	assert seen_by(people["crm user"], call, lead) == {True}


def test_settings_say_whose_records_everyone_reads(people):
	from frappe.permissions import add_permission

	settings = frappe.get_single("Call Intelligence Settings")
	settings.run_method("onload")
	assert "CRM Lead" not in settings.get_onload("open_to_all")
	add_permission("CRM Lead", "All", 0)
	frappe.clear_cache(doctype="CRM Lead")
	settings.run_method("onload")
	assert "CRM Lead" in settings.get_onload("open_to_all")
