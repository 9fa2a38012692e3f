"""Reading the transcript on the Call form: search, filter by speaker, links to a moment."""

import re
from pathlib import Path

import frappe
import pytest
from playwright.sync_api import expect

from tests import factories
from tests.ui.conftest import PHONE
from tests.ui.pages import EditingPage, ReviewPage


@pytest.fixture
def review(desk, rep, reviewable):
	return ReviewPage(desk(rep)).open(reviewable)


@pytest.fixture
def spoken_by(contact, rep, committed):
	"""spoken_by([(speaker, start, end, text)]) -> name of a call without sound"""

	def make(transcript, **values):
		call = factories.call(rep, associations=[("Contact", contact)], transcript=transcript, **values)
		committed("Call", call)
		frappe.db.commit()
		return call

	return make


# ---- search


def test_hits_are_counted_marked_and_stepped_through(review):
	review.search.fill("the premium plan")

	expect(review.hit_count).to_have_text("1 of 2")
	assert review.hits.all_inner_texts() == ["the", "premium", "plan.", "the", "premium", "plan"]
	expect(review.hit_looked_at).to_have_text(["the", "premium", "plan."])

	review.search.press("Enter")
	expect(review.hit_count).to_have_text("2 of 2")
	review.root.get_by_role("button", name="Next hit").click()
	expect(review.hit_count).to_have_text("1 of 2")
	review.search.press("Shift+Enter")
	expect(review.hit_count).to_have_text("2 of 2")
	review.search.press("Escape")
	expect(review.hits).to_have_count(0)


@pytest.mark.parametrize(
	("query", "found"),
	[
		("ZAZOLC gesla", "Zażółć gęślą"),
		("lodz", "Łódź,"),
		("uber strasse", "Über Straße"),
		("email", "e-mail!"),
	],
)
def test_case_accents_and_punctuation_do_not_matter(desk, rep, spoken_by, query, found):
	call = spoken_by([("S1", 0, 9, "Zażółć gęślą jaźń w Łódź, Über Straße po e-mail! 100% <b>")])
	review = ReviewPage(desk(rep)).open(call)

	review.search.fill(query)

	expect(review.hit_count).to_have_text("1 of 1")
	assert " ".join(review.hits.all_inner_texts()) == found


@pytest.mark.parametrize(
	("query", "found"),
	[
		("follow up", "follow-up"),
		("follow-up", "follow-up"),
		("हिन्दी", "हिन्दी"),
		("c++", "C++"),
		("🎉", "🎉"),
	],
)
def test_meaning_is_found_not_letters(desk, rep, spoken_by, query, found):
	call = spoken_by([("S1", 0, 9, "A follow-up in हिन्दी about C++ and C 🎉")])
	review = ReviewPage(desk(rep)).open(call)

	review.search.fill(query)

	expect(review.hit_count).to_have_text("1 of 1")
	assert " ".join(review.hits.all_inner_texts()) == found


def test_languages_without_spaces_are_searched(desk, rep, spoken_by):
	call = spoken_by([("S1", 0, 9, "価格はいくらですか")])
	frappe.db.set_value(
		"Transcript Segment",
		{"call": call},
		"words",
		frappe.as_json(
			[[0, 1, "価格", 0.9], [1, 2, "は", 0.9, 1], [2, 3, "いくら", 0.9, 1], [3, 4, "ですか", 0.9, 1]]
		),
	)
	frappe.db.commit()
	review = ReviewPage(desk(rep)).open(call)

	review.search.fill("はいくら")

	expect(review.hits).to_have_text(["は", "いくら"])


@pytest.mark.parametrize("query", ["nobody said this", "...", "<script>", ".*"])
def test_what_nobody_said_is_not_found(review, query):
	review.search.fill(query)

	expect(review.hit_count).to_have_text("Not found")
	expect(review.root.get_by_role("button", name="Next hit")).to_be_disabled()


def test_a_far_hit_of_a_long_call_comes_into_view(desk, rep, spoken_by):
	turns = [(f"S{i % 2 + 1}", i * 4.0, i * 4.0 + 3, f"Utterance {i} of a long call.") for i in range(900)]
	review = ReviewPage(desk(rep)).open(spoken_by(turns))

	review.search.fill("utterance 812")

	expect(review.hit_looked_at.first).to_be_in_viewport()
	assert review.utterances.count() < 60


def test_one_speaker_is_picked_out(review, spoken):
	def said(*speakers):
		return sum(turn.text.lower().count("you") for turn in spoken.turns if turn.speaker in speakers)

	review.search.fill("you")
	expect(review.hit_count).to_contain_text(f"of {said('owner', 'customer')}")

	review.speaker_filter.select_option(label="Sarah Miller")

	expect(review.utterances).to_have_count(4)
	assert set(review.speakers.all_inner_texts()) == {"Sarah Miller"}
	expect(review.hit_count).to_contain_text(f"of {said('customer')}")


def test_the_recording_is_downloaded_as_it_came(review, spoken):
	review.root.get_by_role("button", name="More about the transcript").click()
	with review.page.expect_download() as download:
		review.root.get_by_role("link", name="Download recording").click()
	assert Path(download.value.path()).read_bytes() == spoken.stereo.read_bytes()
	assert download.value.suggested_filename.endswith(".wav")


# ---- actions of an utterance


def test_what_can_be_done_appears_under_the_pointer_and_the_focus(review):
	review.utterances.nth(2).hover()
	expect(review.actions(2).get_by_role("button", name="Copy text")).to_be_visible()
	expect(review.actions(2).get_by_role("button", name="Share")).to_be_visible()

	review.utterances.nth(4).get_by_role("button", name=re.compile("^Play from 0:")).focus()
	# not on the speaker's name, which is a button for users who may change it
	review.page.keyboard.press("Tab")
	review.page.keyboard.press("Tab")
	expect(review.actions(4).get_by_role("button", name="Play from here")).to_be_focused()


def test_a_moment_is_copied_as_text_and_as_a_link(review, spoken, eventually):
	turn = spoken.turns[3]
	review.utterances.nth(3).hover()
	review.actions(3).get_by_role("button", name="Copy text").click()
	expect(review.page.get_by_text("Copied to clipboard").first).to_be_visible()
	assert re.fullmatch(r"Sarah Miller \(0:\d\d\): " + re.escape(turn.text), review.copied_text)

	review.actions(3).get_by_role("button", name="Copy link").click()
	link = eventually(
		lambda: "/app/call/" in review.copied_text and review.copied_text, 10, "the link is copied"
	)
	assert link.endswith(f"?t={int(turn.start)}")

	review.page.goto("/app")
	review.page.goto(link)
	expect(review.wait().current).to_be_visible()
	assert review.seconds == pytest.approx(int(turn.start), abs=0.1)


def test_it_plays_from_an_utterance(review, spoken, eventually):
	review.utterances.nth(5).hover()
	review.actions(5).get_by_role("button", name="Play from here").click()

	expect(review.pause).to_be_visible()
	eventually(lambda: review.seconds > spoken.turns[5].start + 0.2, 20, "it plays on")
	assert review.seconds < spoken.turns[6].end


# ---- links


def test_a_link_to_a_part_plays_it_over_and_over(desk, rep, reviewable, eventually):
	review = ReviewPage(desk(rep)).open(reviewable, "?clip=0:10-0:12")
	assert review.seconds == pytest.approx(10, abs=0.1)

	heard = []
	review.play.click()
	eventually(lambda: heard.append(review.seconds) or max(heard) > 11.5, 20, "the end of the part is near")
	eventually(lambda: heard.append(review.seconds) or heard[-1] < 11, 20, "and begins again")
	assert max(heard) < 12.6


@pytest.mark.parametrize(
	"query", ["?t=soon", "?clip=9-5", "?clip=5", "?segment=gone", "?comment=gone", "?t=99999"]
)
def test_a_link_that_leads_nowhere_opens_the_call(desk, rep, reviewable, query):
	review = ReviewPage(desk(rep)).open(reviewable, query)
	expect(review.utterances.first).to_be_visible()


# ---- following the sound


def test_following_pauses_when_the_reader_scrolls(desk, rep, spoken_by, reviewable):
	review = ReviewPage(desk(rep, viewport=(1280, 520))).open(reviewable)
	follow = review.root.get_by_role("button", name="Follow the sound")
	expect(follow).to_have_attribute("aria-pressed", "true")
	review.play.click()

	review.transcript.hover()
	review.page.mouse.wheel(0, 600)

	expect(follow).to_have_attribute("aria-pressed", "false")
	review.root.get_by_role("button", name="Back to now").click()
	expect(follow).to_have_attribute("aria-pressed", "true")
	expect(review.current).to_be_in_viewport()


def test_a_lower_window_keeps_the_current_words_in_view(desk, rep, spoken_by):
	call = spoken_by([("S1", 2 * n, 2 * n + 1.8, f"Sentence {n}.") for n in range(24)])
	review = ReviewPage(desk(rep, viewport=(1280, 900))).open(call, "?t=0")
	expect(review.utterances.first).to_be_visible()
	# readable without scrolling
	last = review.transcript.evaluate(
		"""list => [...list.querySelectorAll('.ci-utterance')].filter(
			utterance => utterance.getBoundingClientRect().bottom < list.getBoundingClientRect().bottom - 50
		).length - 1"""
	)
	review.utterances.nth(last).get_by_role("button", name="Play from").click()
	expect(review.current).to_contain_text(f"Sentence {last}.")

	review.page.set_viewport_size({"width": 1280, "height": 520})

	expect(review.current).to_be_in_viewport(ratio=1)


def test_unsure_words_are_underlined_on_wish_and_it_is_remembered(desk, rep, spoken_by):
	call = spoken_by([("S1", 0, 4, "This is rather unclear.")])
	words = [[0, 1, "This", 0.9], [1, 2, "is", 0.9], [2, 3, "rather", 0.2], [3, 4, "unclear.", 0.49]]
	frappe.db.set_value("Transcript Segment", {"call": call}, "words", frappe.as_json(words))
	frappe.db.commit()
	review = ReviewPage(desk(rep)).open(call)
	expect(review.word("unclear.")).to_be_visible()
	expect(review.unsure_words).to_have_count(0)

	with review.page.expect_response(re.compile("user_settings")):
		review.more("Underline words that are unsure")
	expect(review.unsure_words).to_have_text(["rather", "unclear."])

	review.page.reload()
	expect(review.wait().unsure_words).to_have_text(["rather", "unclear."])
	with review.page.expect_response(re.compile("user_settings")):
		review.more("Underline words that are unsure")
	expect(review.unsure_words).to_have_count(0)


# ---- languages and layouts


def test_right_to_left_words_are_set_right_to_left(desk, rep, spoken_by):
	review = ReviewPage(desk(rep)).open(spoken_by([("S1", 0, 4, "שלום, מה שלומך?"), ("S2", 5, 6, "Fine.")]))

	text = review.root.locator(".ci-utterance-text")
	expect(text.first).to_have_css("direction", "rtl")
	expect(text.nth(1)).to_have_css("direction", "ltr")


def test_two_columns_become_one(review):
	"""The transcript is next to the player, or below it on a narrow screen."""
	player, transcript = review.root.locator(".ci-player"), review.transcript
	assert transcript.bounding_box()["x"] > player.bounding_box()["x"] + player.bounding_box()["width"]

	review.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})

	expect(review.transcript).to_be_visible()
	review.page.wait_for_function("!document.querySelector('.ci-is-wide')")
	assert abs(transcript.bounding_box()["x"] - player.bounding_box()["x"]) < 10
	expect(review.play).to_be_in_viewport()


def test_the_transcript_is_not_fetched_twice(review):
	expect(review.utterances.first).to_be_visible()
	with review.page.expect_response(re.compile("review.get")) as answer:
		review.page.evaluate("cur_frm.reload_doc()")
	assert answer.value.json()["message"]["segments"] is None
	expect(review.utterances.first).to_be_visible()
	expect(review.word("Logistics")).to_be_visible()


# ---- gaps and languages


MIXED = [
	("S1", 0.5, 4.0, "Thank you for calling."),
	("S1", 4.6, 14.6, ""),
	("S2", 15.0, 18.0, "Guten Tag.", "de"),
	("S2", 18.5, 20.0, "Wie geht es?", "de"),
	("S1", 21.0, 23.0, "Very well. 用 Excel 做表。"),
]


def test_what_was_not_understood_is_shown_and_typed(desk, rep, spoken_by):
	review = EditingPage(desk(rep)).open(spoken_by(MIXED))
	gap = review.utterance(1)
	expect(gap.get_by_role("button", name="Not understood, 0:04 to 0:14")).to_be_visible()

	gap.get_by_role("button", name="Type what is said").click()
	review.field.fill("How can I help you?")
	review.field.press("Control+Enter")

	expect(review.text(1)).to_have_text(re.compile("How can I help you\\?"))
	expect(gap.get_by_text("Not understood")).to_have_count(0)


def test_a_language_is_named_where_it_begins(desk, rep, spoken_by):
	review = EditingPage(desk(rep)).open(spoken_by(MIXED))

	expect(review.root.locator(".ci-utterance-language")).to_have_text(["German", "English"])
	expect(review.text(2)).to_have_attribute("lang", "de")
	expect(review.text(4)).to_have_text("English Very well. 用 Excel 做表。")
