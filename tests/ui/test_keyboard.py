"""The keys of the review: their effects, and where they are inactive."""

import pytest
from playwright.sync_api import expect

from tests.ui.pages import PlayerPage
from tests.ui.pages.talk import TalkPage


@pytest.fixture
def player(desk, rep, reviewable):
	player = PlayerPage(desk(rep)).open(reviewable)
	player.focus()
	return player


@pytest.mark.parametrize("key", ["Space", "k", "K"])
def test_play_and_pause(player, key):
	if key == "K":
		# with caps lock
		key = "KeyK"
	player.press(key)
	expect(player.pause).to_be_visible()
	player.press(key)
	expect(player.play).to_be_visible()


def test_back_and_forward(player):
	player.press("l", "l", "j")
	assert player.seconds == pytest.approx(15, abs=0.1)
	player.press("ArrowRight", "ArrowRight", "ArrowLeft")
	assert player.seconds == pytest.approx(20, abs=0.1)


def test_from_utterance_to_utterance(player, spoken):
	starts = [turn.start for turn in spoken.turns]
	player.press("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
	assert player.seconds == pytest.approx(starts[2], abs=0.1)
	player.press("Shift+ArrowLeft")
	assert player.seconds == pytest.approx(starts[1], abs=0.1)
	# well into an utterance, its beginning is meant
	player.press("ArrowRight", "Shift+ArrowLeft")
	assert player.seconds == pytest.approx(starts[1], abs=0.1)


def test_a_click_in_the_review_gives_it_the_keys(player):
	player.page.evaluate("document.activeElement.blur()")
	player.press("l")
	assert player.seconds == 0
	player.player.click(position={"x": 4, "y": 4})
	player.press("l")
	assert player.seconds == pytest.approx(15, abs=0.1)


def test_searching(player):
	player.press("/")
	expect(player.search).to_be_focused()
	expect(player.search).to_have_value("")
	# in a text field letters are letters
	player.press("j", "k", "l", "Space", "?")
	expect(player.search).to_have_value("jkl ?")
	expect(player.help).to_have_count(0)
	assert player.seconds == 0
	assert player.read("paused")


def test_a_comment_here(player):
	talk = TalkPage(player.page)
	player.press("l", "c")
	expect(talk.composer.text).to_be_focused()
	expect(talk.composer.root).to_contain_text("0:15")
	# there letters are letters
	player.press("k", "l", "c")
	expect(talk.composer.text).to_contain_text("klc")
	assert player.seconds == pytest.approx(15, abs=0.1)
	assert player.read("paused")


def test_the_list_of_keys(player):
	player.press("?")
	expect(player.help.get_by_text("Back or forward 15 seconds")).to_be_visible()
	# with a dialog open, keys are not for the review
	player.help.evaluate(
		"element => Promise.all(element.getAnimations({ subtree: true }).map((animation) => animation.finished)).then(() => 0)"
	)
	player.press("l")
	assert player.seconds == 0
	player.press("Escape")
	expect(player.help).to_have_count(0)
	# and they are again
	expect(player.keys).to_be_focused()
	player.press("l")
	assert player.seconds == pytest.approx(15, abs=0.1)


def test_single_keys_are_turned_off_and_alt_stays(desk, rep, reviewable, player):
	player.button("Keyboard").click()
	player.save_preferences(lambda: player.help.get_by_role("checkbox", name="Single keys").uncheck())
	player.press("Escape")
	expect(player.help).to_have_count(0)

	again = PlayerPage(desk(rep)).open(reviewable)
	again.focus()
	again.press("l", "Space", "ArrowRight", "?")
	assert again.seconds == 0
	assert again.read("paused")
	expect(again.help).to_have_count(0)
	again.press("Alt+l")
	assert again.seconds == pytest.approx(15, abs=0.1)


def test_alt_works_everywhere_on_the_page(player):
	player.page.evaluate("document.activeElement.blur()")
	player.press("Alt+l", "Alt+l", "Alt+j")
	assert player.seconds == pytest.approx(15, abs=0.1)
	player.search.fill("plan")
	player.press("Alt+l")
	assert player.seconds == pytest.approx(30, abs=0.1)
	expect(player.search).to_have_value("plan")
	player.press("Alt+k")
	expect(player.pause).to_be_visible()
	player.press("Alt+k")
	expect(player.play).to_be_visible()


@pytest.mark.parametrize(
	("typed", "moved"),
	[
		pytest.param("ł", 0, id="a Polish Mac writes a letter"),
		pytest.param("¬", 15, id="another Mac a sign"),
		pytest.param("l", 15, id="no Mac"),
	],
)
def test_alt_in_a_text_field_leaves_letters_of_other_languages_alone(player, typed, moved):
	player.search.focus()
	player.search.dispatch_event(
		"keydown", {"key": typed, "code": "KeyL", "altKey": True, "cancelable": True}
	)
	assert player.seconds == pytest.approx(moved, abs=0.1)


def test_other_pages_of_desk_have_their_own_keys(player):
	player.page.evaluate("frappe.set_route('List', 'Contact')")
	expect(player.page.locator("[data-page-route='List/Contact/List'] .page-form")).to_be_visible()
	player.press("Alt+l", "l")
	assert (
		player.media.count() == 0 or player.page.locator("audio").evaluate("media => media.currentTime") == 0
	)


def test_a_button_is_pressed_by_space(player):
	player.button("Forward 15 seconds").focus()
	player.press("Space")
	assert player.seconds == pytest.approx(15, abs=0.1)
	assert player.read("paused")
	# letters still are keys
	player.press("l")
	assert player.seconds == pytest.approx(30, abs=0.1)


def test_a_slider_keeps_its_arrows(player):
	player.volume.focus()
	player.press("ArrowLeft")
	assert player.seconds == 0
	assert player.read("volume") == pytest.approx(0.95)


def test_the_position_is_a_slider(player):
	player.position.focus()
	player.press("ArrowRight", "ArrowRight", "ArrowLeft")

	expect(player.position).to_have_attribute("aria-valuetext", "0:05")
	assert player.seconds == pytest.approx(5, abs=0.1)
	player.press("End")
	expect(player.position).to_have_attribute("aria-valuetext", "0:50")


def test_arrows_up_and_down_scroll_the_transcript(player):
	scroller = player.root.locator(".ci-transcript-scroll")
	scroller.focus()
	before = scroller.evaluate("element => element.scrollTop")
	player.press("End")
	player.page.wait_for_function(
		"before => document.querySelector('.ci-transcript-scroll').scrollTop > before", arg=before
	)
	assert player.seconds == 0


def test_desk_does_not_hear_the_keys_that_the_review_takes(player):
	player.page.evaluate(
		"window.heard = []; $(window).on('keydown', (event) => window.heard.push(event.key)); null"
	)
	player.press("l", "Alt+l", "x")
	assert player.page.evaluate("window.heard") == ["Alt", "x"]


def test_every_control_is_reached_by_tab_and_seen(player):
	names = set()
	player.position.focus()
	for _ in range(14):
		shown = player.page.evaluate(
			"""() => {
				const element = document.activeElement;
				const style = getComputedStyle(element);
				const name = element.getAttribute("aria-label");
				return [name, style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0];
			}"""
		)
		if shown[0]:
			names.add(shown[0])
			assert shown[1], f"{shown[0]} does not show that it has the focus"
		player.press("Tab")
	wanted = {
		"Position in the call",
		"Go to a time",
		"Back 15 seconds",
		"Play",
		"Forward 15 seconds",
		"Playback speed",
		"Sound off",
		"Volume",
		"Skip silence",
		"Zoom into the call",
		"One lane per speaker",
		"Keyboard",
	}
	assert wanted <= names
