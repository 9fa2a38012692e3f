"""Playing and reading a call on its form, and playing it on a timeline."""

import re

import frappe
import pytest
from playwright.sync_api import expect

from call_intelligence.associations import linking
from tests import factories
from tests.ui.conftest import PHONE
from tests.ui.pages import CallListPage, RecordPage, ReviewPage


@pytest.fixture
def review(desk, rep, reviewable):
	return ReviewPage(desk(rep)).open(reviewable)


def test_both_speakers_are_read(review, spoken):
	expect(review.utterances).to_have_count(len(spoken.turns))
	expect(review.speakers.first).to_have_text("Daniel Owner")
	assert set(review.speakers.all_inner_texts()) == {"Daniel Owner", "Sarah Miller"}
	expect(review.word("Logistics")).to_be_visible()


def test_a_click_on_a_word_is_heard_there(review, spoken):
	turn = next(turn for turn in spoken.turns if "Logistics" in turn.text)

	review.word("Logistics").click()

	expect(review.spoken_word).to_have_text("Logistics.")
	assert turn.start < review.seconds < turn.end


def test_the_word_being_spoken_is_marked_while_it_plays(review, eventually):
	expect(review.utterances.first).to_be_visible()
	review.note_spoken_words()
	review.play.click()
	expect(review.pause).to_be_visible()
	eventually(lambda: "calling" in review.spoken_words, 20, "the fifth word is spoken")
	review.pause.click()
	expect(review.play).to_be_visible()
	# a busy machine may skip a word, but never marks them out of order
	said = ["Good", "morning,", "thank", "you", "for", "calling"]
	heard = [word for word in review.spoken_words if word in said]
	assert len(heard) >= 4
	assert heard == [word for word in said if word in heard]


def test_a_link_leads_to_a_moment(desk, rep, reviewable, spoken):
	turn = spoken.turns[3]
	review = ReviewPage(desk(rep)).open(reviewable, f"?t={int(turn.start) + 1}")

	expect(review.current).to_contain_text(turn.text.split()[0])
	assert review.seconds == pytest.approx(int(turn.start) + 1, abs=0.1)


def test_opening_a_call_leaves_it_unchanged(review):
	expect(review.utterances.first).to_be_visible()
	assert not review.page.evaluate("cur_frm.is_dirty()")


def test_a_failed_call_says_what_is_wrong_and_can_be_retried(desk, rep, contact, committed):
	call = committed(
		"Call",
		factories.call(rep, associations=[("Contact", contact)], transcript=[("S1", 0, 1, "Hello there.")]),
	)
	words = "The recording is damaged. <b>Export</b> it again."
	frappe.db.set_value("Call", call, {"status": "Failed", "error": words})
	frappe.db.commit()

	review = ReviewPage(desk(rep)).open(call)

	expect(review.error).to_contain_text(words)
	expect(review.retry).to_be_enabled()


def test_a_call_is_heard_on_the_timeline(desk, rep, contact, reviewable):
	card = RecordPage(desk(rep), "Contact", contact).open().card("Premium plan")

	card.play.click()
	expect(card.position).to_have_attribute("aria-valuetext", re.compile("0:0[1-9]"))
	card.pause.click()
	card.position.focus()
	card.page.keyboard.press("End")
	card.page.keyboard.press("Home")
	expect(card.position).to_have_attribute("aria-valuetext", "0:00")


def test_a_call_is_read_and_heard_on_a_phone(desk, rep, reviewable):
	review = ReviewPage(desk(rep, viewport=PHONE, has_touch=True)).open(reviewable)

	expect(review.utterances.first).to_be_visible()
	review.play.tap()
	expect(review.pause).to_be_in_viewport()
	review.word("calling").tap()
	expect(review.spoken_word).to_be_visible()
	width = review.root.evaluate("element => [element.scrollWidth, element.clientWidth]")
	assert width[0] <= width[1]


def test_a_long_transcript_keeps_the_page_small(desk, rep, contact, committed):
	turns = [
		(f"S{i % 2 + 1}", i * 4.0, i * 4.0 + 3, f"Utterance number {i} of a long call.") for i in range(400)
	]
	call = committed("Call", factories.call(rep, associations=[("Contact", contact)], transcript=turns))
	frappe.db.commit()
	review = ReviewPage(desk(rep)).open(call, "?t=1200")

	expect(review.word("300")).to_be_in_viewport()
	assert review.utterances.count() < 60


def test_the_list_of_calls_tells_state_and_opens_the_review(desk, rep, reviewable):
	title = frappe.db.get_value("Call", reviewable, "title")
	calls = CallListPage(desk(rep)).open()

	expect(calls.state(title)).to_contain_text("Ready")
	calls.row(title).get_by_text(title).first.click()

	expect(ReviewPage(calls.page).wait().utterances.first).to_be_visible()


def test_the_list_shows_records_to_those_who_may_read_them(desk, rep, coach, reviewable, contact):
	title = frappe.db.get_value("Call", reviewable, "title")
	calls = CallListPage(desk(rep)).open()
	link = calls.records(title).get_by_role("link", name=contact)
	expect(link).to_be_visible()
	expect(calls.column("Associations")).to_be_visible()
	expect(calls.standard_filter("Contact")).to_have_count(0)
	link.click()
	calls.page.wait_for_url("**/app/contact/*")

	# may read every call, but no contact
	calls = CallListPage(desk(coach)).open()
	expect(calls.row(title)).to_be_visible()
	expect(calls.records(title)).to_have_text("")
	expect(calls.page.get_by_text(contact)).to_have_count(0)


def test_the_list_cuts_off_no_column_of_people_with_the_seat(desk, rep, reviewable):
	calls = CallListPage(desk(rep, viewport=(1440, 900))).open()
	expect(calls.row(frappe.db.get_value("Call", reviewable, "title"))).to_be_visible()
	for label in ("Title", "Associations", "Status", "Date", "Duration", "Owner", "Direction"):
		expect(calls.column(label)).to_be_in_viewport(ratio=1)


def test_who_reads_all_names_finds_calls_by_a_part_of_one(desk, reviewable, contact):
	title = frappe.db.get_value("Call", reviewable, "title")
	calls = CallListPage(desk()).open()
	expect(calls.row(title)).to_be_visible()
	expect(calls.column("Contact")).to_be_visible()
	expect(calls.column("Associations")).to_have_count(0)
	calls.filter("Contact", "nobody of that name")
	expect(calls.row(title)).to_have_count(0)
	calls.filter("Contact", contact.split()[1][:6])
	expect(calls.row(title)).to_be_visible()


def test_a_form_shows_the_records_of_a_call_and_keeps_hidden_ones(
	desk, coach, reviewable, contact, committed
):
	"""A coach who may not read the contact edits the form."""
	known = committed("Contact", factories.contact(first_name=factories.unique("Known")))
	frappe.share.add("Contact", known, coach, notify=False)
	linking.associate(reviewable, "Contact", known)
	frappe.db.commit()
	page = desk(coach)
	review = ReviewPage(page).open(reviewable)
	expect(review.utterances.first).to_be_visible()
	page.wait_for_function("cur_frm && cur_frm.doc.associations.length == 1")
	assert page.evaluate("cur_frm.doc.associations[0].link_name") == known
	shown = page.evaluate(
		"""() => ["associations", "participants"].flatMap((table) =>
			cur_frm.get_field(table).grid.docfields.filter((df) => ["link_name", "party"].includes(df.fieldname))
				.map((df) => frappe.perm.get_field_display_status(df, cur_frm.doc[table][0], cur_frm.perm)))"""
	)
	assert shown == ["Write", "Write"]
	page.evaluate("cur_frm.set_value('title', 'Renamed by the coach').then(() => cur_frm.save())")
	expect(page.get_by_text("Saved", exact=True).first).to_be_visible()
	frappe.db.rollback()
	call = frappe.get_doc("Call", reviewable)
	assert call.title == "Renamed by the coach"
	assert [row.link_name for row in call.associations] == [contact, known]


def test_the_workspace_explains_itself(desk, rep):
	page = desk(rep, path="/app/call-intelligence")

	expect(page.get_by_text("transcribed and split by speaker on your own server")).to_be_visible()
	page.get_by_role("link", name="Upload calls").click()
	expect(page.get_by_role("button", name="choose files")).to_be_visible()
