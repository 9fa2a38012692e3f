"""A manager adds tracked terms in place; a rep finds where the customer asked for the price."""

import re

import frappe
import pytest
from playwright.sync_api import expect

from call_intelligence import transcript
from call_intelligence.insights import analysis
from call_intelligence.terms import categories
from tests import factories
from tests.ui.conftest import PHONE
from tests.ui.pages import ReviewPage
from tests.ui.pages.insights import InsightsPage

OURS = ("Term Mention", "Tracked Term Phrase", "Tracked Term", "Tracked Term Category", "Term Scan")


@pytest.fixture
def terms(site):
	def clean():
		frappe.db.rollback()
		# first and separately, so that a worker running it stops at the next recordings
		frappe.db.delete("Term Scan")
		frappe.db.commit()
		for doctype in OURS:
			frappe.db.delete(doctype)
			frappe.db.commit()

	clean()
	yield
	clean()


@pytest.fixture
def call(reviewable):
	for key, side in (("S1", "Owner"), ("S2", "Customer")):
		frappe.db.set_value("Call Participant", {"parent": reviewable, "speaker_key": key}, "side", side)
	analysis.sides_changed(reviewable)
	frappe.db.commit()
	return reviewable


def test_a_manager_adds_terms_and_a_rep_finds_them(desk, coach, rep, terms, call):
	page = ReviewPage(desk(coach)).open(call).page
	insights = InsightsPage(page).open()
	insights.press("Add tracked terms")
	# an empty catalogue starts with a category
	expect(insights.editor.get_by_label("Title of the category")).to_be_focused()
	page.keyboard.type("Pricing")
	asks = insights.add_term("Pricing", "Asks for the price", "cost", "price")
	asks.get_by_label("Said by").select_option("Customer")
	insights.add_term("Pricing", "Discount", "discount")
	insights.add_category("Next")
	insights.add_term("Next", "Manager", "talk to my manager")
	insights.press("Preview on the last 20 calls")
	expect(asks.get_by_role("status")).to_contain_text("of the last")
	insights.press("Save")
	expect(insights.editor).to_contain_text("Saved.")
	insights.press("Done")
	expect(insights.term("Manager")).to_contain_text("Customer 1")
	frappe.db.rollback()
	assert frappe.db.count("Tracked Term") == 3

	review = ReviewPage(desk(rep)).open(call)
	insights = InsightsPage(review.page).open()
	expect(insights.root.get_by_role("button", name="Edit", exact=True)).to_have_count(0)
	insights.term("Asks for the price").get_by_role("button", name="Customer 1").click()
	expect(insights.current).to_have_text(["cost"])
	expect(insights.current).to_have_attribute("title", "Tracked term: Asks for the price")
	expect(review.current).to_contain_text("How much does the premium plan cost")
	assert insights.waveform_marks == 1
	expect(insights.marked.filter(has_text="discount")).to_be_visible()


def test_a_rep_finds_all_calls_with_a_term_and_a_manager_sees_the_searches(desk, coach, rep, terms, call):
	term = factories.term("cost", title="Price")
	factories.term("discount", title="Discount")
	# a row written before brackets were removed, and a provider's name for a voice
	evil = "<img src=x onerror=window.hacked=1>"
	analysis.store(call, transcript.recording_of(call))
	frappe.db.set_value("Term Mention", {"term": term}, "text", f"cost{evil}", update_modified=False)
	frappe.db.set_value("Call Participant", {"parent": call, "speaker_key": "S2"}, "display_name", evil)
	# the search for the new terms would write the mentions again
	frappe.db.delete("Term Scan")
	frappe.get_doc({"doctype": "Term Scan", "status": "Succeeded"}).insert()
	frappe.db.commit()

	review = ReviewPage(desk(rep)).open(call)
	page = review.page
	insights = InsightsPage(page).open()
	insights.term("Price").get_by_role("link", name="Find calls where Price was said").click()
	mentions = page.locator(".list-row-container:visible").filter(has=page.locator(".list-row-checkbox"))
	expect(mentions).to_have_count(1)
	expect(mentions).to_contain_text(f"cost{evil}")
	mentions.get_by_role("link", name="Price", exact=True).click()
	page.wait_for_url(re.compile(rf"/app/call/{call}"))
	expect(review.current).to_contain_text("How much does the premium plan cost")
	assert review.seconds > 1

	page = desk(coach, path="/app/term-mention/view/report")
	expect(page.locator(".dt-cell__content").filter(has_text=evil)).to_have_count(1)
	page.goto(f"/app/call/view/report?name={call}")
	page.locator(".dt-row-0").wait_for()
	page.evaluate(
		"""() => {
			cur_list.fields = [["name", "Call"], ["display_name", "Call Participant"]];
			cur_list.build_fields();
			cur_list.setup_columns();
			return cur_list.refresh();
		}"""
	)
	expect(page.locator(".dt-cell__content").filter(has_text=evil)).to_have_count(1)
	assert page.evaluate("window.hacked") is None

	page.goto("/app/term-scan")
	expect(page.locator(".list-row-container:visible").filter(has_text="Succeeded")).to_have_count(1)


def test_what_two_managers_change_is_lost_to_neither(desk, coach, rep, committed, terms, call):
	category = factories.term_category("Pricing")
	factories.term("cost", title="Price", category=category)
	another = committed("Call", factories.call(rep))
	frappe.db.commit()
	page = ReviewPage(desk(coach)).open(call).page
	insights = InsightsPage(page).open()
	insights.press("Edit")
	insights.add_term("Pricing", "Discount", "discount")
	# another user is quicker
	factories.term("talk to my manager", title="Manager", category=category)
	frappe.db.commit()
	insights.press("Save")
	expect(insights.editor.get_by_role("alert")).to_contain_text(
		"Somebody else has changed the tracked terms"
	)
	for title in ("Price", "Discount", "Manager"):
		expect(insights.editor.get_by_role("group", name=title)).to_be_visible()
	insights.press("Save")
	expect(insights.editor).to_contain_text("Saved.")
	frappe.db.rollback()
	assert set(frappe.get_all("Tracked Term", pluck="title")) == {"Price", "Discount", "Manager"}

	# unsaved changes ask before closing, and are kept, as the terms are the same in every call
	insights.add_term("Pricing", "Free trial", "trial")
	insights.press("Cancel")
	question = page.get_by_role("dialog").filter(has_text="Leave without saving?")
	expect(question).to_be_visible()
	question.get_by_role("button", name="Cancel").click()
	expect(question).to_be_hidden()
	page.evaluate("name => frappe.set_route('Form', 'Call', name)", another)
	expect(insights.editor).to_have_count(0)
	insights.open()
	insights.press("Edit")
	expect(insights.editor).to_contain_text("These changes have not been saved yet.")
	expect(insights.editor.get_by_role("group", name="Free trial")).to_be_visible()


def test_a_category_that_two_managers_change_stays_one(desk, coach, terms, call):
	for category, term in (("Closing", "Contract"), ("Offers", "Discount"), ("Pricing", "Price")):
		factories.term(term.lower(), title=term, category=factories.term_category(category))
	frappe.db.commit()
	insights = InsightsPage(ReviewPage(desk(coach)).open(call).page).open()
	insights.press("Edit")
	price = insights.editor.get_by_role("group", name="Price")
	price.get_by_label("Title of the tracked term").fill("Amount")
	insights.add_term("Pricing", "Fee", "fee")
	insights.press("Move Pricing up")
	insights.editor.get_by_label("Title of the category").first.fill("The end")
	insights.press("Delete the category Offers")
	insights.page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
	expect(insights.category("Offers")).to_have_count(0)

	# another user is quicker
	categories.rename("Pricing", "Prices")
	categories.rename("Closing", "Goodbye")
	factories.term("gift", title="Gift", category="Offers")
	frappe.db.commit()
	insights.press("Save")
	told = insights.editor.get_by_role("alert")
	expect(told).to_contain_text("The category Offers stays")
	expect(told).to_contain_text("renamed Closing to Goodbye. Saving keeps your title The end.")
	expect(insights.editor.get_by_role("region")).to_have_count(3)
	for title, held in (
		("Prices", ("Amount", "Fee")),
		("Offers", ("Discount", "Gift")),
		("The end", ("Contract",)),
	):
		for term in held:
			expect(insights.category(title).get_by_role("group", name=term)).to_be_visible()
	insights.press("Save")
	expect(insights.editor).to_contain_text("Saved.")
	frappe.db.rollback()
	assert held_terms() == {
		"Offers": {"Discount", "Gift"},
		"Prices": {"Amount", "Fee"},
		"The end": {"Contract"},
	}

	# a deleted category is created again for its added terms, and again with its new title
	insights.add_term("Offers", "Trial", "trial")
	insights.press("Delete the category Prices")
	insights.page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
	insights.add_category("Prices")
	insights.add_term("Prices", "Cost", "cost")
	frappe.delete_doc("Tracked Term Category", "Offers")
	frappe.db.commit()
	insights.press("Save")
	expect(told).to_contain_text("Somebody else has changed the tracked terms")
	insights.press("Save")
	expect(insights.editor).to_contain_text("Saved.")
	frappe.db.rollback()
	assert held_terms() == {"Offers": {"Trial"}, "Prices": {"Cost"}, "The end": {"Contract"}}


def held_terms() -> dict[str, set[str]]:
	"""{title of a category: titles of its terms}"""
	found = {title: set() for title in frappe.get_all("Tracked Term Category", pluck="title")}
	for row in frappe.get_all("Tracked Term", fields=["title", "category"]):
		found[row.category].add(row.title)
	return found


def test_on_a_phone_a_jump_brings_up_the_transcript(desk, rep, terms, call):
	factories.term("premium plan", title="Plan")
	analysis.store(call, transcript.recording_of(call))
	frappe.db.commit()
	review = ReviewPage(desk(rep, viewport=PHONE)).open(call)
	insights = InsightsPage(review.page).open()
	insights.term("Plan").get_by_role("button", name="Plan: 2 mentions").click()
	bar = insights.root.get_by_role("group", name="Mentions of Plan")
	expect(bar).to_contain_text("1 of 2")
	bar.get_by_role("button", name="Next mention").click()
	expect(bar).to_contain_text("2 of 2")
	expect(insights.current.first).to_be_visible()
	bar.get_by_role("button", name="Back to Insights").click()
	expect(insights.term("Plan")).to_be_visible()
