"""A call that waits for its next attempt shows when and why, in every view."""

import re
from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime
from playwright.sync_api import expect

from call_intelligence.core.times import utc_now
from call_intelligence.queue import progress
from call_intelligence.queue.stages import PREPARING, QUEUED, TRANSCRIBING
from tests import factories
from tests.ui.conftest import PHONE
from tests.ui.pages import CallListPage, RecordPage, ReviewPage

REASON = "the worker was lost"


@pytest.fixture
def call(rep, contact, committed):
	name = committed(
		"Call", factories.call(rep, title=factories.unique("Prices"), associations=[("Contact", contact)])
	)
	frappe.db.set_value("Call", name, "owner", rep)
	frappe.db.commit()
	return name


def waits(call: str, minutes: int) -> None:
	progress.show(
		call,
		frappe.db.get_value("Call Recording", {"call": call}),
		status=QUEUED,
		error=REASON,
		next_attempt_at=now_datetime() + timedelta(minutes=minutes),
	)
	frappe.db.commit()


def run_that_waits(call: str) -> None:
	frappe.get_doc(
		{
			"doctype": "Processing Run",
			"call": call,
			"recording": frappe.db.get_value("Call Recording", {"call": call}),
			"status": "Queued",
			"next_attempt_at": utc_now() + timedelta(minutes=5),
			"stages": [
				{"stage": PREPARING, "state": "Failed", "attempts": 1},
				# as left by a lost worker
				{"stage": TRANSCRIBING, "state": "Running", "attempts": 1},
			],
		}
	).insert(ignore_permissions=True)
	frappe.db.commit()


def test_list_and_timeline_say_when_and_why(desk, rep, contact, call):
	waits(call, 5)
	title = frappe.db.get_value("Call", call, "title")
	calls = CallListPage(desk(rep)).open()
	expect(calls.state(title)).to_contain_text("Trying again at")
	expect(calls.state(title)).to_contain_text(REASON)
	# the column may be narrower
	expect(calls.state(title)).to_have_attribute("title", re.compile(f": {REASON}$"))

	card = RecordPage(calls.page, "Contact", contact).open().card(title)
	expect(card.state).to_contain_text("Trying again at")
	expect(card.state).to_contain_text(REASON)


def test_a_long_reason_fits_a_phone(desk, rep, contact, call):
	waits(call, 5)
	frappe.db.set_value("Call", call, "error", "something went wrong on the server, " * 3)
	frappe.db.commit()
	page = desk(rep, viewport=PHONE)
	card = RecordPage(page, "Contact", contact).open().card(frappe.db.get_value("Call", call, "title"))
	expect(card.state).to_contain_text("on the server")
	state, whole = card.state.bounding_box(), card.root.bounding_box()
	assert state["x"] + state["width"] <= whole["x"] + whole["width"] <= PHONE[0]


def test_a_time_that_is_over_is_not_announced(desk, rep, contact, call):
	"""Other calls are processed first when the workers are busy."""
	waits(call, -5)
	title = frappe.db.get_value("Call", call, "title")
	calls = CallListPage(desk(rep)).open()
	expect(calls.state(title)).to_contain_text(f"Trying again soon: {REASON}")


def test_the_head_of_the_form_follows_the_processing(desk, rep, call):
	progress.show(call, frappe.db.get_value("Call Recording", {"call": call}), status=PREPARING)
	run_that_waits(call)
	page = desk(rep)
	page.goto(f"/app/call/{call}")
	review = ReviewPage(page).wait()
	head = page.locator(".page-head .indicator-pill:visible").first
	expect(head).to_contain_text("Preparing")

	waits(call, 5)
	expect(page.locator(".ci-stages-head")).to_contain_text(REASON)
	expect(head).to_contain_text("Trying again at")
	# a stage to be retried has not failed
	stages = page.locator(".ci-stages-list")
	expect(stages.get_by_text("Interrupted")).to_have_count(2)
	assert not review.page.evaluate("cur_frm.is_dirty()")
