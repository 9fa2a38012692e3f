"""The list of calls offers to transcribe those that came in before their owner had the seat."""

import frappe
from playwright.sync_api import expect

from tests import factories


def test_earlier_calls_are_offered_to_their_owner(desk, rep, coach, committed):
	call = committed("Call", factories.call(rep, transcript=(), status="Not transcribed"))
	frappe.db.commit()
	page = desk(rep, path="/app/call")
	expect(page.get_by_role("button", name="Transcribe 1 earlier calls")).to_be_visible()
	expect(page.locator(f"[data-name='{call}']").first).to_be_visible()
	expect(page.get_by_role("dialog")).to_have_count(0)

	other = desk(coach, path="/app/call")
	expect(other.locator(".list-row-container").first).to_be_visible()
	expect(other.get_by_role("button", name="earlier calls")).to_have_count(0)
