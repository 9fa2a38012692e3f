"""The forms of Recording Source and Source Delivery: an administrator connects a provider and looks at what arrived."""

import frappe
import pytest
from playwright.sync_api import expect

from tests import factories
from tests.telephone import API_KEY, telephone


@pytest.fixture
def system():
	with telephone() as found:
		yield found


@pytest.fixture
def source(site, committed, system):
	"""A source that lacks only its switch "Enabled" """
	name, delivery = factories.source_with_delivery(
		base_url=system.url, private_host=1, client_secret=API_KEY, secret_token="secret"
	)
	frappe.db.set_value("Source Delivery", delivery, {"about": "Order 7", "error": "No owner."})
	committed("Recording Source", name)
	frappe.db.commit()
	return name


def test_a_provider_is_chosen_and_connected(desk, coach, system, committed):
	page = desk(coach, path="/app/recording-source/new")
	form = page.locator(".form-page")
	key = form.locator("[data-fieldname=client_secret] input")
	expect(key).not_to_be_visible()

	form.locator("[data-fieldname=title] input").fill("Our telephones")
	form.locator("[data-fieldname=provider] select").select_option(label="Demo telephone")
	expect(form.get_by_text("API key")).to_be_visible()
	expect(form.get_by_label("Outgoing calls")).to_be_checked()
	expect(form.locator("[data-fieldname=account_id] input")).not_to_be_visible()

	key.fill("wrong")
	form.locator("[data-fieldname=secret_token] input").fill("secret")
	form.locator("[data-fieldname=base_url] input").fill(system.url)
	form.get_by_text("This address may be in our own network").click()
	form.get_by_label("Outgoing calls").uncheck()
	page.get_by_role("button", name="Save", exact=True).click()
	expect(form.get_by_text("api.webhooks.receive?source=")).to_be_visible()
	name = committed("Recording Source", page.evaluate("cur_frm.doc.name"))

	page.get_by_role("button", name="Test connection").click()
	expect(page.get_by_role("dialog").get_by_text("The API key is wrong.")).to_be_visible()
	frappe.db.rollback()
	doc = frappe.get_doc("Recording Source", name)
	assert (doc.provider, doc.switches) == ("demo_telephone", '{"outgoing": false}')


def test_what_is_saved_is_shown_again(desk, coach, source):
	page = desk(coach, path=f"/app/recording-source/{source}")
	form = page.locator(".form-page")
	expect(form.locator("[data-fieldname=provider]")).to_contain_text("Demo telephone")
	page.get_by_role("button", name="Test connection").click()
	expect(page.get_by_role("dialog").get_by_text("The API key is right.")).to_be_visible()


def test_a_delivery_that_failed_is_tried_again(desk, coach, source, eventually):
	page = desk(coach, path=f"/app/source-delivery?source={source}")
	page.get_by_role("link", name="Order 7").click()
	expect(page.locator(".form-page").get_by_text("No owner.").first).to_be_visible()
	page.get_by_role("button", name="Try again").click()

	def tried():
		frappe.db.rollback()
		return frappe.db.get_value("Source Delivery", {"source": source}, "attempts")

	eventually(tried, 60, "the worker has tried it again")
