"""Notices about calls in Desk, and an open list polls waiting calls."""

from datetime import timedelta

import frappe
import pytest
from playwright.sync_api import expect

from call_intelligence.core.times import utc_now
from call_intelligence.notices import switches, when
from call_intelligence.notices.tell import tell
from call_intelligence.queue import wake
from call_intelligence.queue.stages import ANALYSING
from tests import browser, factories


@pytest.fixture
def call(rep, committed):
	name = committed("Call", factories.call(rep, title=factories.unique("Prices")))
	frappe.db.set_value("Call", name, "owner", rep)
	frappe.db.commit()
	return name


def run_of(call: str, **values) -> str:
	run = frappe.get_doc(
		{
			"doctype": "Processing Run",
			"call": call,
			"recording": frappe.db.get_value("Call Recording", {"call": call}),
			"stages": [{"stage": ANALYSING, "state": "Running", "attempts": 1}],
			**values,
		}
	).insert(ignore_permissions=True)
	return run.name


def test_a_notice_in_the_bell_leads_to_the_call(desk, rep, call, eventually):
	when.forget(rep)
	page = desk(rep, path="/app/contact")
	run_of(call, status="Succeeded", notify=rep)
	assert tell(rep) == 1
	frappe.db.commit()
	page.locator(".notifications-icon").first.click()
	notice = page.locator(".notification-item").filter(has_text=frappe.db.get_value("Call", call, "title"))
	expect(notice).to_contain_text("is ready")
	notice.click()
	page.wait_for_url(f"**/app/call/{call}*")


def test_the_switch_is_in_the_settings_of_notifications(desk, rep, eventually):
	page = desk(rep, path=f"/app/notification-settings/{rep}")
	box = page.locator(f'[data-fieldname="{switches.IN_DESK}"] input.input-with-feedback')
	expect(box).to_be_checked()
	expect(page.locator(f'.frappe-control[data-fieldname="{switches.IN_DESK}"]')).to_contain_text(
		"your calls are ready"
	)
	try:
		box.uncheck()
		page.keyboard.press("Control+s")

		def is_off():
			frappe.db.rollback()
			return not switches.wants_notices(rep)

		eventually(is_off, 20, "it is off")
		# the switch for e-mails is turned off with it
		expect(
			page.locator(f'[data-fieldname="{switches.BY_MAIL}"] input.input-with-feedback')
		).to_be_hidden()
	finally:
		frappe.db.set_value("Notification Settings", rep, switches.IN_DESK, 1)
		frappe.db.commit()


def test_an_open_list_is_a_look_at_a_waiting_call(desk, rep, call):
	# a worker holds it for as long as the test needs
	run_of(call, status="Running", heartbeat=utc_now() + timedelta(seconds=30), job_id="elsewhere")
	frappe.db.set_value("Call", call, "status", ANALYSING)
	frappe.db.commit()
	frappe.cache.delete(wake.key())
	page = desk(rep)
	with page.expect_request(
		lambda request: "calls.status" in request.url and call in request.url, timeout=30_000
	):
		browser.go(page, "/app/call?status=Analysing")
	assert frappe.cache.ttl(wake.key()) > 0
