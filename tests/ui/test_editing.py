"""Correcting the transcript in the browser: words, speakers, limits; taking it back; two people at once."""

from itertools import pairwise

import frappe
import pytest
from playwright.sync_api import expect

from call_intelligence.api import transcript as api
from tests import factories
from tests.conftest import set_password
from tests.ui.conftest import PHONE
from tests.ui.pages import EditingPage


@pytest.fixture
def review(desk, rep, reviewable):
	return EditingPage(desk(rep)).open(reviewable)


@pytest.fixture
def saved(reviewable):
	"""saved() -> the texts of the call, as the server has them"""

	def read(field="text"):
		frappe.db.rollback()
		return frappe.get_all(
			"Transcript Segment", filters={"call": reviewable}, order_by="position", pluck=field
		)

	return read


def test_a_text_is_corrected_while_it_is_heard(review, spoken, saved, eventually):
	turn = spoken.turns[1]
	review.edit(1)
	expect(review.field).to_have_value(turn.text)
	expect(review.field).to_be_focused()
	expect(review.pause).to_be_visible()
	sound = review.sound
	assert sound["rate"] == 0.75
	assert turn.start - 0.5 < sound["time"] < turn.end + 0.5
	# the spaces and letters that one types are none of the player's keys
	review.field.fill("Well, this is j k l what was said. ")
	review.page.keyboard.press("Space")
	expect(review.pause).to_be_visible()

	review.page.keyboard.press("Control+Enter")

	expect(review.editor).to_have_count(0)
	expect(review.text(1)).to_contain_text("Well, this is j k l what was said. Edited")
	assert saved()[1] == "Well, this is j k l what was said."
	expect(review.play).to_be_visible()
	assert review.sound["rate"] == 1


def test_the_passage_is_heard_again_and_again(review, spoken, eventually):
	turn = min(spoken.turns, key=lambda turn: turn.end - turn.start)
	review.edit(spoken.turns.index(turn))
	times = []

	def begun_again():
		times.append(review.sound["time"])
		return any(later < earlier - 0.5 for earlier, later in pairwise(times))

	eventually(begun_again, 30, "the utterance begins once more")
	assert max(times) < turn.end + 1


def test_what_was_typed_is_not_thrown_away_silently(review, spoken, saved):
	review.edit(1)
	review.page.keyboard.press("Escape")
	expect(review.editor).to_have_count(0)

	review.edit(1)
	review.field.fill("Something new")
	review.page.keyboard.press("Escape")
	review.dialog.get_by_role("button", name="No").click()
	expect(review.field).to_have_value("Something new")
	# also when another utterance is opened
	review.utterance(2).hover()
	review.utterance(2).get_by_role("button", name="Edit", exact=True).click()
	review.dialog.get_by_role("button", name="Yes").click()
	expect(review.field).to_have_value(spoken.turns[2].text)
	assert saved()[1] == spoken.turns[1].text


def test_what_was_typed_is_there_after_scrolling_away(desk, rep, contact, committed):
	turns = [(f"S{i % 2 + 1}", i * 4.0, i * 4.0 + 3, f"Utterance number {i} of many.") for i in range(300)]
	call = committed("Call", factories.call(rep, associations=[("Contact", contact)], transcript=turns))
	frappe.db.commit()
	review = EditingPage(desk(rep)).open(call)
	review.edit(1)
	review.field.fill("Half a sentence")
	scroller = review.root.get_by_role("list", name="Transcript")
	scroller.evaluate("list => list.scrollTo(0, list.scrollHeight)")
	expect(review.editor).to_have_count(0)
	scroller.evaluate("list => list.scrollTo(0, 0)")
	expect(review.field).to_have_value("Half a sentence")


def test_an_utterance_is_split_and_its_half_given_away(review, spoken, saved):
	text = spoken.turns[0].text
	head = " ".join(text.split()[:3])
	review.edit(0)
	review.put_cursor_after(head)
	review.press("Split at the cursor")

	expect(review.field).to_have_value(text.removeprefix(head).strip())
	assert saved()[:2] == [head, text.removeprefix(head).strip()]
	review.speaker.select_option("Sarah Miller")
	expect(review.notices.filter(has_text="Speaker changed.")).to_be_visible()
	assert saved("speaker_key")[:2] == ["S1", "S2"]
	review.press("Cancel")
	expect(review.text(0)).to_have_text(f"{head} Edited")


def test_merging_keeps_what_was_typed(review, spoken, saved):
	count = len(spoken.turns)
	review.edit(1)
	review.field.fill("What was typed.")
	review.put_cursor_after("What was typed.")
	review.press("Merge with the next")
	merged = f"What was typed. {spoken.turns[2].text}"
	expect(review.field).to_have_value(merged)
	assert saved()[1] == merged
	assert len(saved()) == count - 1
	review.press("Cancel")
	expect(review.editor).to_have_count(0)


def test_speakers_are_changed_named_and_merged(review, spoken, saved):
	review.open_menu(1)
	review.choose("Daniel Owner")
	expect(review.menu).to_have_count(0)
	expect(review.notices.filter(has_text="Speaker changed.")).to_be_visible()
	assert saved("speaker_key")[:3] == ["S1", "S1", "S1"]

	review.open_menu(0)
	review.choose("Rename Daniel Owner")
	review.dialog.get_by_label("Name").fill("Daniel Craft")
	review.dialog.get_by_role("button", name="Rename", exact=True).click()
	expect(review.dialog).to_have_count(0)
	expect(review.speakers.first).to_contain_text("Daniel Craft")
	# the form below knows it as well, and is not dirty
	review.page.wait_for_function(
		"cur_frm.doc.participants.some((row) => row.display_name === 'Daniel Craft') && !cur_frm.is_dirty()"
	)

	review.open_menu(0)
	review.choose("Merge with another speaker")
	review.dialog.get_by_role("button", name="Merge", exact=True).click()
	expect(review.notices.filter(has_text="Speakers merged.")).to_be_visible()
	assert set(saved("speaker_key")) == {"S2"}
	expect(review.speakers).to_have_count(1)

	review.undo()
	expect(review.speakers.first).to_contain_text("Daniel Craft")
	assert set(saved("speaker_key")) == {"S1", "S2"}


def test_the_menu_is_used_by_keyboard(review, saved):
	review.utterance(0).locator(".ci-speaker-name").focus()
	review.page.keyboard.press("Enter")
	expect(review.menu.get_by_role("menuitemradio", name="Daniel Owner")).to_be_focused()
	review.page.keyboard.press("Escape")
	expect(review.menu).to_have_count(0)
	expect(review.utterance(0).locator(".ci-speaker-name")).to_be_focused()
	review.page.keyboard.press("Enter")
	review.page.keyboard.press("ArrowDown")
	expect(review.menu.get_by_role("menuitemradio", name="Sarah Miller")).to_be_focused()
	review.page.keyboard.press("Enter")
	expect(review.notices.filter(has_text="Speaker changed.")).to_be_visible()
	assert saved("speaker_key")[0] == "S2"


def test_the_history_brings_back(review, spoken, saved, rep):
	review.edit(0)
	review.field.fill("Wrong words")
	review.press("Save")
	expect(review.text(0)).to_contain_text("Wrong words")

	entries = review.show_history()
	expect(entries).to_have_count(1)
	expect(entries.first).to_contain_text("Text corrected")
	expect(entries.first).to_contain_text("Rita Rep")
	expect(entries.first.locator("del")).to_contain_text(spoken.turns[0].text)
	expect(entries.first.locator("ins")).to_contain_text("Wrong words")
	entries.first.get_by_role("button", name="Bring back").click()
	expect(entries).to_have_count(2)
	expect(entries.nth(1)).to_contain_text("Taken back")
	review.page.keyboard.press("Escape")
	expect(review.text(0)).to_have_text(spoken.turns[0].text)
	assert saved()[0] == spoken.turns[0].text


def test_the_history_does_not_overwrite_what_somebody_has_said_since(review, reviewable, saved):
	review.edit(1)
	review.field.fill("Mine")
	review.press("Save")
	expect(review.text(1)).to_contain_text("Mine")
	entries = review.show_history()
	expect(entries).to_have_count(1)
	as_somebody_else(reviewable, lambda names: api.correct_text(reviewable, names[1], "Theirs"))
	entries.first.get_by_role("button", name="Bring back").click()
	expect(review.notices.filter(has_text="It now reads: Theirs")).to_be_visible()
	# told, one may go on
	expect(entries).to_have_count(2)
	assert saved()[1] == "Theirs"
	entries.nth(1).get_by_role("button", name="Bring back").click()
	expect(entries).to_have_count(3)
	assert saved()[1] not in ("Mine", "Theirs")


def as_somebody_else(call, edit):
	"""What another person does meanwhile"""
	frappe.db.rollback()
	edit(frappe.get_all("Transcript Segment", filters={"call": call}, order_by="position", pluck="name"))
	frappe.db.commit()


def test_other_peoples_edits_show_at_once(review, reviewable):
	expect(review.utterances.first).to_be_visible()
	as_somebody_else(reviewable, lambda names: api.correct_text(reviewable, names[1], "From elsewhere"))
	expect(review.text(1)).to_contain_text("From elsewhere")


def test_who_comes_second_is_told_and_loses_nothing(review, reviewable, saved):
	review.edit(1)
	review.field.fill("Mine")
	as_somebody_else(reviewable, lambda names: api.correct_text(reviewable, names[1], "Theirs"))
	review.press("Save")
	expect(review.failure).to_contain_text("It now reads: Theirs")
	expect(review.field).to_have_value("Mine")
	assert saved()[1] == "Theirs"
	# told, one may go on
	review.press("Save")
	expect(review.text(1)).to_contain_text("Mine")
	assert saved()[1] == "Mine"


def test_an_utterance_that_goes_away_meanwhile_leaves_what_was_typed(review, reviewable):
	review.edit(1)
	review.field.fill("Not to be lost")
	as_somebody_else(reviewable, lambda names: api.merge(reviewable, names[0]))
	expect(review.dialog).to_contain_text("Not to be lost")
	expect(review.editor).to_have_count(0)


def test_who_may_only_read_is_offered_no_editing(desk, reviewable, committed):
	reader = committed("User", set_password(factories.user("Sales User")))
	frappe.db.commit()
	review = EditingPage(desk(reader)).open(reviewable)
	review.utterance(0).hover()
	expect(review.utterance(0).get_by_role("button", name="Copy text")).to_be_visible()
	expect(review.utterance(0).get_by_role("button", name="Edit", exact=True)).to_have_count(0)
	expect(review.root.locator(".ci-speaker-name")).to_have_count(0)


def test_corrections_may_be_given_up_when_speakers_are_told_apart_anew(review, spoken, reviewable):
	review.open_menu(1)
	review.choose("New speaker")
	expect(review.notices.filter(has_text="Speaker changed.")).to_be_visible()
	review.open_more().get_by_text("Identify speakers again").click()
	expect(review.dialog.get_by_label("Keep my corrections")).to_be_checked()


def test_the_number_of_speakers_is_offered_with_what_it_would_give(review, spoken, reviewable):
	frappe.db.set_value(
		"Call Recording", {"call": reviewable}, "speaker_offers", '{"1": [1.0], "2": [0.535, 0.465]}'
	)
	frappe.db.commit()
	review.open(reviewable)
	review.open_more().get_by_text("Identify speakers again").click()
	number = review.dialog.get_by_label("Number of speakers")
	expect(number.locator("option")).to_have_text(
		["Find out automatically", "1", "2 voices: 54 % / 46 %", *map(str, range(3, 11))]
	)
	expect(review.dialog).to_contain_text("each voice's share of the speech")
	number.select_option("2 voices: 54 % / 46 %")
	expect(number).to_have_value("2")


def test_editing_on_a_phone(desk, rep, reviewable, saved):
	review = EditingPage(desk(rep, viewport=PHONE, has_touch=True)).open(reviewable)
	review.utterance(1).locator(".ci-utterance-text").tap()
	review.utterance(1).get_by_role("button", name="Edit", exact=True).tap()
	review.field.fill("Typed on a phone")
	review.press("Save")
	expect(review.text(1)).to_contain_text("Typed on a phone")
	width = review.root.evaluate("element => [element.scrollWidth, element.clientWidth]")
	assert width[0] <= width[1]


def test_utterances_of_nobody_are_found_to_be_somebodys(review, saved):
	review.open_menu(1)
	review.choose("Unknown speaker")
	expect(review.utterance(1).locator(".ci-speaker-name")).to_have_text("Unknown speaker")
	review.open_menu(1)
	expect(review.menu.get_by_text("Rename Unknown speaker")).to_have_count(0)
	review.choose("Merge with another speaker")
	review.dialog.get_by_label("Same person as").select_option("Sarah Miller")
	review.dialog.get_by_role("button", name="Merge", exact=True).click()
	expect(review.notices.filter(has_text="Speakers merged.")).to_be_visible()
	assert saved("speaker_key")[1] == "S2"


HACK = '<img src=x onerror="window.hacked=1">'
# as it is stored by editing
PLAIN_HACK = HACK.replace("<", "‹").replace(">", "›")


def test_the_name_of_a_speaker_is_text_wherever_it_stands(desk, rep, reviewable):
	frappe.db.set_value("Call Participant", {"parent": reviewable, "speaker_key": "S1"}, "display_name", HACK)
	frappe.db.commit()
	review = EditingPage(desk(rep)).open(reviewable)
	expect(review.utterance(0).locator(".ci-speaker-name")).to_have_text(HACK)
	expect(review.speakers.first).to_contain_text(HACK)

	expect(review.open_menu(0).get_by_role("menuitemradio", name=HACK)).to_be_visible()
	review.choose(f"Rename {HACK}")
	expect(review.dialog.locator(".modal-title")).to_have_text(f"Rename {HACK}")
	expect(review.dialog).to_have_accessible_name(f"Rename {HACK}")
	expect(review.dialog.get_by_label("Name")).to_have_value(HACK)
	review.dialog.get_by_role("button", name="Close").click()
	expect(review.dialog).to_have_count(0)

	review.open_menu(0)
	review.choose("Merge with another speaker")
	expect(review.dialog.locator(".modal-title")).to_have_text(f"Merge {HACK} with another speaker")
	expect(review.dialog.locator(".help-box")).to_have_text(
		f"This speaker said everything that is now under {HACK}."
	)
	review.dialog.get_by_role("button", name="Close").click()
	expect(review.dialog).to_have_count(0)

	review.open_menu(1)
	review.choose("Merge with another speaker")
	expect(review.dialog.get_by_label("Same person as").locator("option")).to_have_text(HACK)
	review.dialog.get_by_role("button", name="Merge", exact=True).click()
	expect(review.notices.filter(has_text="Speakers merged.")).to_be_visible()
	expect(review.show_history().first).to_contain_text(PLAIN_HACK)

	assert review.page.locator("img[src='x']").count() == 0
	assert review.page.evaluate("window.hacked") is None


def test_on_two_channels_the_editor_merges_with_the_next_of_its_own(desk, rep, reviewable, spoken, saved):
	names = frappe.get_all(
		"Transcript Segment", filters={"call": reviewable, "speaker_key": "S2"}, pluck="name"
	)
	for name in names:
		frappe.db.set_value("Transcript Segment", name, "channel", 1)
	frappe.db.commit()
	own = [turn.text for turn in spoken.turns if turn.speaker == spoken.turns[0].speaker]
	review = EditingPage(desk(rep)).open(reviewable)
	review.edit(0)
	review.press("Merge with the next")
	expect(review.field).to_have_value(f"{own[0]} {own[1]}")
	assert saved()[0] == f"{own[0]} {own[1]}"
	review.press("Cancel")
	# of the last one of a side there is no next
	keys = saved("speaker_key")
	last = max(index for index, key in enumerate(keys) if key != keys[-1])
	review.edit(last)
	expect(review.editor.get_by_role("button", name="Merge with the next")).to_have_count(0)
