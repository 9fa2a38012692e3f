"""Notes on a call in the browser: saved while typing, never overwriting others' changes."""

import frappe
import pytest
from playwright.sync_api import expect

from call_intelligence.api import notes
from tests.ui.pages import ReviewPage
from tests.ui.pages.talk import TalkPage


@pytest.fixture
def talk(desk, rep, reviewable):
	return TalkPage(ReviewPage(desk(rep)).open(reviewable).page).open_notes()


def stored(call):
	frappe.db.rollback()
	return frappe.db.get_value("Call", call, "notes") or ""


def written_by_another(call, words):
	"""As the Administrator, from another browser"""
	frappe.db.rollback()
	answer = notes.save(call, f"<p>{words}</p>", frappe.db.get_value("Call", call, "notes_version"))
	frappe.db.commit()
	return answer


def test_notes_are_saved_while_they_are_written(talk, reviewable, eventually):
	talk.notes.write("Wants an offer, see 0:20")
	eventually(lambda: "Wants an offer, see 0:20" in stored(reviewable), 20, "saved by itself")
	expect(talk.notes_state).to_contain_text("by Rita Rep")

	talk.notes.press("Done")
	expect(talk.notes_text).to_have_text("Wants an offer, see 0:20")
	talk.notes_text.get_by_role("button", name="Go to 0:20").click()
	assert ReviewPage(talk.page).seconds == pytest.approx(20, abs=0.1)
	assert not talk.page.evaluate("cur_frm.is_dirty()")

	talk.page.reload()
	talk.open_notes()
	talk.notes.press("Edit notes")
	talk.notes.write("; by Friday").press("Done")
	expect(talk.notes_text).to_contain_text("see 0:20; by Friday")


def test_the_form_can_be_saved_beside_them(talk, reviewable, eventually):
	talk.notes.write("Kept")
	eventually(lambda: "Kept" in stored(reviewable), 20, "saved by itself")
	talk.page.evaluate("cur_frm.set_value('title', 'Renamed beside the notes')")
	talk.page.evaluate("cur_frm.save()")
	eventually(
		lambda: (
			frappe.db.rollback()
			or frappe.db.get_value("Call", reviewable, "title") == "Renamed beside the notes"
		),
		20,
		"the form is saved",
	)
	assert "Kept" in stored(reviewable)
	expect(talk.notes.text).to_contain_text("Kept")


def test_what_another_writes_appears_by_itself(talk, reviewable):
	written_by_another(reviewable, "From somebody else")
	expect(talk.notes_text).to_have_text("From somebody else")


@pytest.mark.parametrize(
	("choice", "kept", "lost"),
	[
		("Keep both", ("Theirs", "Mine"), ()),
		("Take theirs", ("Theirs",), ("Mine",)),
		("Keep mine", ("Mine",), ("Theirs",)),
	],
)
def test_newer_notes_are_not_overwritten_unawares(talk, reviewable, eventually, choice, kept, lost):
	talk.page.route("**/api/method/call_intelligence.api.notes.save", lambda route: route.abort())
	talk.notes.write("Mine")
	expect(talk.notes_state).to_contain_text("Not saved")
	talk.page.evaluate("frappe.realtime.socket.disconnect()")
	written_by_another(reviewable, "Theirs")
	talk.page.unroute("**/api/method/call_intelligence.api.notes.save")

	talk.notes.press("Try again")
	expect(talk.conflict).to_contain_text("Administrator has changed these notes")
	expect(talk.conflict).to_contain_text("Theirs")
	assert stored(reviewable) == "<p>Theirs</p>"

	talk.conflict.get_by_role("button", name=choice).click()
	expect(talk.conflict).to_have_count(0)
	eventually(lambda: all(word in stored(reviewable) for word in kept), 20, "the choice is saved")
	assert not any(word in stored(reviewable) for word in lost)


def test_words_survive_a_reload_before_they_are_saved(talk, reviewable, eventually):
	talk.page.route("**/api/method/call_intelligence.api.notes.save", lambda route: route.abort())
	talk.page.on("dialog", lambda dialog: dialog.accept())
	talk.notes.write("Not to be lost")
	expect(talk.notes_state).to_contain_text("Not saved")
	talk.page.reload()
	talk.open_notes()
	expect(talk.notes.text).to_have_text("Not to be lost")
	expect(talk.notes_state).to_contain_text("Not saved")
	assert stored(reviewable) == ""

	talk.page.unroute("**/api/method/call_intelligence.api.notes.save")
	talk.notes.press("Try again")
	eventually(lambda: "Not to be lost" in stored(reviewable), 20, "saved after the reload")


SAVE = "**/api/method/call_intelligence.api.notes.save"


def arrived_unanswered(talk, call, rep, words):
	"""The server has saved the rep's text, but the browser received neither the answer nor the event."""
	talk.page.evaluate("frappe.realtime.socket.disconnect()")
	talk.page.route(SAVE, lambda route: route.abort())
	talk.notes.press("List")
	talk.notes.write(words)
	expect(talk.notes_state).to_contain_text("Not saved")
	frappe.db.rollback()
	frappe.set_user(rep)
	notes.save(call, f"<ul><li>{words}</li></ul>", 0)
	frappe.set_user("Administrator")
	frappe.db.commit()


def test_what_arrived_unanswered_is_no_conflict_with_oneself(talk, reviewable, rep, eventually):
	arrived_unanswered(talk, reviewable, rep, "An offer")
	talk.page.unroute(SAVE)
	talk.notes.write(" by Friday")
	eventually(lambda: "An offer by Friday" in stored(reviewable), 20, "saved on top of one's own")
	expect(talk.notes_state).to_contain_text("by Rita Rep")
	expect(talk.conflict).to_have_count(0)


@pytest.mark.parametrize("more", ["", " by Friday"])
def test_what_arrived_before_a_reload_is_no_conflict_with_oneself(talk, reviewable, rep, eventually, more):
	talk.page.on("dialog", lambda dialog: dialog.accept())
	arrived_unanswered(talk, reviewable, rep, "An offer")
	talk.notes.write(more)
	talk.page.reload()
	talk.page.unroute(SAVE)
	talk.open_notes()
	expect(talk.root.locator(".ci-notes")).to_contain_text(f"An offer{more}")
	eventually(lambda: f"An offer{more}" in stored(reviewable), 20, "what was typed last is saved too")
	expect(talk.notes_state).to_contain_text("by Rita Rep")
	expect(talk.conflict).to_have_count(0)


def test_notes_left_while_they_are_typed_are_sent_and_no_conflict_later(talk, reviewable, eventually):
	talk.notes.press("List")
	talk.notes.write("An offer")
	address = talk.page.url
	talk.page.evaluate("frappe.set_route('List', 'Contact')")
	eventually(lambda: "An offer" in stored(reviewable), 20, "sent when the page is left")
	talk.page.goto(address)
	talk.open_notes()
	expect(talk.notes_text).to_have_text("An offer")
	expect(talk.conflict).to_have_count(0)


def test_a_mention_without_sight_of_the_call_interrupts_nobody(talk, reviewable, outsider, eventually):
	talk.notes.mention("otto", "Otto Outsider")
	talk.page.keyboard.type("asks")
	expect(talk.unseeing).to_contain_text("Not able to see this call: Otto Outsider.")
	expect(talk.notes_state).to_contain_text("by Rita Rep")
	expect(talk.question).to_have_count(0)
	expect(talk.notes.text).to_be_focused()
	assert "asks" in stored(reviewable)
	assert 'class="mention"' not in stored(reviewable)

	talk.unseeing.get_by_role("button", name="Share with them").click()
	eventually(lambda: 'class="mention"' in stored(reviewable), 20, "mentioned after all")
	expect(talk.unseeing).to_have_count(0)
	assert frappe.db.exists("DocShare", {"share_name": reviewable, "user": outsider})
