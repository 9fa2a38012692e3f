"""The tab Stats in the browser: unknown and known figures, their moments, and lists."""

import re

import frappe
import pytest
from playwright.sync_api import expect

from call_intelligence import transcript
from call_intelligence.insights import analysis
from tests.ui.conftest import PHONE
from tests.ui.pages import ReviewPage
from tests.ui.pages.stats import StatsPage


@pytest.fixture
def call(reviewable):
	analysis.store(reviewable, transcript.recording_of(reviewable))
	frappe.db.commit()
	return reviewable


def set_sides(call):
	for key, side in (("S1", "Owner"), ("S2", "Customer")):
		frappe.db.set_value("Call Participant", {"parent": call, "speaker_key": key}, "side", side)
	analysis.sides_changed(call)
	frappe.db.commit()


def test_from_nothing_known_to_the_evidence(desk, rep, call, spoken):
	page = desk(rep)
	review = ReviewPage(page).open(call)
	stats = StatsPage(page).open()

	# figures that depend on sides say what to do, and show no number
	expect(stats.missing.first).to_be_visible()
	expect(stats.value("Patience")).to_have_count(0)
	expect(stats.card("Patience")).not_to_contain_text("0")
	expect(stats.value("Turns")).to_contain_text(str(len(spoken.turns)))
	stats.missing.first.click()
	expect(review.root.locator(".ci-people :focus")).to_have_count(1)

	# set elsewhere, shown here without a click
	set_sides(call)
	true = {
		who: sum(t.end - t.start for t in spoken.turns if t.speaker == who) for who in ("owner", "customer")
	}
	share = round(100 * true["owner"] / sum(true.values()))
	expect(stats.talk_time).to_contain_text(f"{share} %")
	expect(stats.talk_time).to_contain_text("of speaking time")
	expect(stats.talk_time).to_contain_text("of the call")
	expect(stats.missing).to_have_count(0)

	# each click goes to the next question, and the arrow back
	asked = [turn for turn in spoken.turns if turn.speaker == "owner" and "?" in turn.text]
	card = stats.card("Questions of our side")
	expect(card).to_contain_text(f"{len(asked)} moments")
	for number, turn in enumerate(asked, start=1):
		stats.value("Questions of our side").click()
		expect(card.get_by_role("status")).to_contain_text(f"{number} of {len(asked)}")
		assert turn.start <= review.seconds <= turn.end
	card.get_by_role("button", name="Previous: Questions of our side").click()
	assert asked[-2].start <= review.seconds <= asked[-2].end

	# the formula, by the keyboard alone
	stats.value("Patience").focus()
	page.keyboard.press("Shift+Tab")
	tip = stats.card("Patience").get_by_role("tooltip")
	expect(tip).to_contain_text("The median silence")
	expect(page.locator(":focus")).to_have_attribute("aria-describedby", tip.get_attribute("id"))
	page.keyboard.press("Escape")
	expect(tip).to_have_count(0)


def test_on_a_phone_by_touch(desk, rep, call):
	set_sides(call)
	page = desk(rep, viewport=PHONE, has_touch=True)
	review = ReviewPage(page).open(call)
	stats = StatsPage(page).open()
	card = stats.card("Longest monologue")
	card.get_by_role("button", name=re.compile("Formula")).tap()
	expect(card.get_by_role("tooltip")).to_be_in_viewport()
	card.get_by_role("tooltip").tap()
	expect(card.get_by_role("tooltip")).to_have_count(0)
	wide = stats.root.evaluate("panel => panel.scrollWidth - panel.clientWidth")
	assert wide <= 0
	# the transcript comes to the front
	stats.value("Longest customer story").tap()
	expect(review.transcript).to_be_visible()


def test_lists_and_reports_leave_unknown_figures_empty(desk, coach, call):
	page = desk(coach)
	page.goto(f"/app/call/view/report?name={call}")
	page.locator(".dt-row-0").wait_for()
	page.evaluate(
		"""() => {
			cur_list.fields = ["owner_talk_share", "pauses", "turns"].map((field) => [field, "Call"]);
			cur_list.fields.push(["name", "Call"]);
			cur_list.build_fields();
			cur_list.setup_columns();
			return cur_list.refresh();
		}"""
	)
	row = page.locator(".dt-row-0").filter(has_text=call)
	cells = row.locator(".dt-cell__content")
	expect(cells.filter(has_text=re.compile(r"^\s*9\s*$"))).to_have_count(1)
	expect(cells.filter(has_text=re.compile(r"^\s*0(\.0+)?\s*$"))).to_have_count(0)

	page.goto("/app/query-report/Call Statistics?from_date=2026-01-01&to_date=2026-01-31")
	row = page.locator(".dt-row").filter(has_text=call)
	expect(row).to_be_visible()
	cells = row.locator(".dt-cell__content")
	# there is no overlap, which is a value
	expect(cells.filter(has_text=re.compile(r"^\s*0(\.0+)?\s*$"))).to_have_count(1)
