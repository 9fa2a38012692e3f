"""A rep edits the associations of a call in the review, and gets back from the record."""

import frappe
import pytest
from playwright.sync_api import expect

from call_intelligence.associations import suggestions
from tests import factories
from tests.ui.conftest import PHONE
from tests.ui.pages import ReviewPage
from tests.ui.pages.associations import AssociationsPanel, Connections


@pytest.fixture
def people(site, reviewable, committed):
	"""Two more Contacts: one to be found by phone, one that is suggested"""
	made = {}
	for who, phone in (("Petra", "+1 (206) 555-8377"), ("Oskar", "+1 206 555 8378")):
		made[who] = committed(
			"Contact",
			factories.contact(first_name=factories.unique(who), phone_nos=[{"phone": phone}]),
		)
	suggestions.offer(reviewable, "Contact", made["Oskar"], "Phone")
	frappe.db.commit()
	return made


def test_a_rep_says_what_a_call_belongs_to(desk, rep, reviewable, contact, people):
	page = desk(rep)
	ReviewPage(page).open(reviewable)
	panel = AssociationsPanel(page)
	petra, oskar = people["Petra"], people["Oskar"]
	expect(panel.record(contact)).to_be_visible()

	# found by some digits, chosen from the keyboard
	panel.search("555 8377")
	expect(panel.found(petra)).to_be_visible()
	page.keyboard.press("Enter")
	expect(panel.record(petra)).to_be_visible()
	expect(panel.record(petra)).not_to_contain_text("automatic")

	# removed by mistake
	panel.press(f"Remove {petra}")
	expect(panel.record(petra)).to_have_count(0)
	expect(panel.root.get_by_role("button", name="Undo")).to_be_focused()
	page.keyboard.press("Enter")
	expect(panel.record(petra)).to_be_visible()

	# suggested, with the reason
	expect(panel.offer(oskar)).to_contain_text("has the same phone number")
	panel.press(f"Accept {oskar}")
	expect(panel.record(oskar)).to_be_visible()
	expect(panel.offer(oskar)).to_have_count(0)

	panel.record(petra).get_by_role("link").click()
	connections = Connections(page)
	expect(connections.count).to_have_text("1")
	connections.calls.click()
	expect(page.locator(".list-row:visible")).to_have_count(1)
	title = frappe.db.get_value("Call", reviewable, "title")
	expect(page.locator(".list-row:visible")).to_contain_text(title)


def test_on_a_phone_it_is_one_line(desk, rep, reviewable, contact, people):
	page = desk(rep, viewport=PHONE)
	ReviewPage(page).open(reviewable)
	panel = AssociationsPanel(page)
	expect(panel.summary).to_contain_text(contact)
	expect(panel.record(contact)).to_have_count(0)
	panel.summary.click()
	expect(panel.summary).to_have_attribute("aria-expanded", "true")
	panel.press(f"Dismiss {people['Oskar']}")
	expect(panel.offer(people["Oskar"])).to_have_count(0)
	# nothing extends beyond the edge of the screen
	assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
