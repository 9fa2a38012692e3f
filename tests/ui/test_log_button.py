""" "Review" in the form of a call's log"""

import frappe
import pytest
from playwright.sync_api import expect

from tests import factories


@pytest.fixture
def log(site, committed):
	name = committed("CRM Call Log", factories.call_log())
	frappe.db.commit()
	return name


def test_a_log_leads_to_the_review_of_its_call(desk, rep, reviewable, log, committed):
	key = frappe.db.get_value("Call Recording", {"call": reviewable}, "source_key")
	committed("Recording Source", factories.made_of(reviewable, "CRM Call Log", log))
	frappe.db.commit()
	page = desk(rep, path=f"/app/crm-call-log/{log}")
	page.get_by_role("button", name="Review", exact=True).click()
	page.wait_for_url(f"**/call/{reviewable}")
	expect(page.get_by_role("main").or_(page.locator(".layout-main")).first).to_be_visible()
	frappe.db.set_value("Call Recording", {"call": reviewable}, "source_key", key)
	frappe.db.commit()


def test_a_log_without_a_call_has_no_button(desk, rep, log):
	page = desk(rep, path="/app/user-profile")
	with page.expect_response(lambda answer: "call_logs.review" in answer.url) as asked:
		page.evaluate("name => frappe.set_route('Form', 'CRM Call Log', name)", log)
	assert asked.value.json()["message"] == {"call": None}
	expect(page.get_by_role("button", name="Review", exact=True)).to_have_count(0)
