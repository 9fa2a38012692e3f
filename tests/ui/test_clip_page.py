"""The lean page of a clip, for its recipients: people outside by a link, colleagues by the clip's name."""

import re

import frappe
import pytest
from frappe.utils import get_system_timezone
from playwright.sync_api import expect

from call_intelligence.api import clips
from call_intelligence.clips import cutting
from tests import factories
from tests.ui.conftest import PHONE
from tests.ui.pages import ClipPage
from tests.ui.test_accessibility import RULES

START, END = 8, 36
LENGTH = END - START


@pytest.fixture
def links(site):
	"""External links are allowed."""
	setting = ("Call Intelligence Settings", "Call Intelligence Settings", "external_links")
	frappe.db.set_value(*setting, 1)
	frappe.db.commit()
	frappe.clear_document_cache(*setting[:2])
	yield
	frappe.db.rollback()
	frappe.db.set_value(*setting, 0)
	frappe.db.commit()
	frappe.clear_document_cache(*setting[:2])


@pytest.fixture
def new_link(links, rep, reviewable, as_user):
	"""`new_link(password=...)` -> (key, name) of an external link whose sound is cut"""

	def make(**values):
		with as_user(rep):
			answer = clips.create_link(reviewable, START, END, **values)
		frappe.db.commit()
		cutting.cut(answer["clip"]["name"])
		return answer["link"].rsplit("/", 1)[1], answer["clip"]["name"]

	return make


@pytest.fixture
def new_clip(rep, outsider, reviewable):
	"""`new_clip()` -> the name of a clip for the outsider, whose sound is not queued"""

	def make(**values):
		values = {"only_this_part": 1, "media_state": "Preparing", "shared_by_name": "Rita Rep", **values}
		name = factories.clip(reviewable, rep, [outsider], start=START, end=END, **values)
		frappe.db.commit()
		return name

	return make


@pytest.fixture
def guest(window):
	"""`guest(viewport=..., dark=..., locale=...)` -> ClipPage without a login"""
	return lambda **options: ClipPage(window(**options))


def test_a_guest_reads_and_hears_the_part(guest, new_link, reviewable):
	key, name = new_link(title="How Sarah asks <b>", message="Listen to this.\n<script>alert(1)</script>")
	page = guest().open(key).until_loaded()
	expect(page.title).to_have_text("How Sarah asks ‹b›")
	expect(page.page).to_have_title("How Sarah asks ‹b›")
	expect(page.facts).to_contain_text("Shared by Rita Rep")
	expect(page.facts).to_contain_text("January 31, 2026")
	# people outside may be in any time zone
	zone = get_system_timezone().replace("_", " ")
	expect(page.facts).to_contain_text(re.compile(rf"Available until [^(]* \({re.escape(zone)}\)"))
	expect(page.message).to_contain_text("alert(1)")
	expect(page.utterances.first).to_contain_text("Sarah Miller")
	expect(page.utterances.first).to_contain_text("Hi Daniel, this is Sarah Miller")
	expect(page.page.locator("main")).not_to_contain_text("Good morning")
	assert page.read("duration") == pytest.approx(LENGTH, abs=0.1)

	page.button("Play").click()
	expect(page.button("Pause")).to_be_visible()
	page.until("media => media.currentTime > 1")
	expect(page.spoken_word).to_have_count(1)
	page.button("Pause").click()
	expect(page.button("Play")).to_be_visible()
	assert page.errors == []
	frappe.db.rollback()
	assert frappe.db.get_value("Call Clip", name, "opened") == 1


def test_a_click_on_a_word_plays_from_there(guest, new_link):
	page = guest().open(new_link()[0]).until_loaded()
	page.utterances.nth(2).locator(".clip-word").nth(3).click()
	expect(page.button("Pause")).to_be_visible()
	expect(page.utterances.nth(2)).to_have_class(re.compile("clip-is-now"))
	expect(page.spoken_word).to_have_count(1)
	page.utterances.nth(1).get_by_role("button", name=re.compile("Play from")).click()
	expect(page.utterances.nth(1)).to_have_class(re.compile("clip-is-now"))


def test_keys(guest, new_link):
	page = guest().open(new_link()[0]).until_loaded()
	press = page.page.keyboard.press
	press("l")
	page.until_at(15)
	press("ArrowRight")
	page.until_at(20)
	press("ArrowLeft")
	page.until_at(15)
	press("j")
	page.until_at(0)
	press(" ")
	expect(page.button("Pause")).to_be_visible()
	press("k")
	expect(page.button("Play")).to_be_visible()
	# the space bar presses a focused button, once
	page.button("Play").focus()
	press(" ")
	expect(page.button("Pause")).to_be_visible()
	press(" ")
	page.place.focus()
	press("End")
	page.until_at(LENGTH)
	press("Home")
	page.until_at(0)
	press("ArrowUp")
	page.until_at(5)
	expect(page.place).to_have_attribute("aria-valuetext", "0:05 of 0:28")


def test_seeking_in_the_waveform_and_speed(guest, new_link):
	page = guest().open(new_link()[0]).until_loaded()
	box = page.place.bounding_box()
	page.place.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
	page.until_at(LENGTH / 2)
	page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
	page.page.mouse.down()
	page.page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 10)
	page.until_at(LENGTH / 4)
	page.page.mouse.up()
	page.page.mouse.move(box["x"], box["y"] + 10)
	page.until_at(LENGTH / 4)
	page.page.get_by_label("Playback speed").select_option("1.5×")
	assert page.read("playbackRate") == 1.5


def test_a_password(guest, new_link):
	key, _name = new_link(password="correct horse", title="Only for Sarah")
	page = guest().open(key)
	expect(page.title).to_have_text("This clip is protected")
	expect(page.password).to_be_focused()
	assert "Only for Sarah" not in page.page.content()
	page.enter("wrong horse")
	expect(page.page.get_by_role("alert")).to_have_text("This is not the password. Please try again.")
	expect(page.password).to_be_focused()
	page.enter("correct horse")
	expect(page.title).to_have_text("Only for Sarah")
	page.until_loaded()
	page.button("Play").click()
	page.until("media => media.currentTime > 0.5")


def test_what_is_gone(guest, new_link, rep, as_user):
	key, name = new_link()
	page = guest().open("0" * 64)
	expect(page.title).to_have_text("This clip is not available")
	assert page.answer.status == 404
	# revoked while it is on the screen: later requests are refused
	page = guest().open(key).until_loaded()
	with as_user(rep):
		clips.revoke(name)
	frappe.db.commit()
	# buffered sound plays on; the rest does not
	page.page.locator("audio").evaluate("media => (media.src += '&again=1')")
	expect(page.title).to_have_text("This clip is not available")


def test_the_sound_appears_by_itself(guest, desk, outsider, links, rep, reviewable, new_clip):
	name = new_clip()
	page = ClipPage(desk(outsider)).open(name)
	expect(page.status).to_contain_text("is being prepared")
	expect(page.utterances.first).to_contain_text("Hi Daniel")
	assert page.player.locator(".clip-controls").get_attribute("inert") is not None
	page.page.keyboard.press(" ")
	cutting.cut(name)
	page.until_loaded()
	expect(page.status).to_be_empty()
	page.button("Play").click()
	page.until("media => media.currentTime > 0.3")


def test_the_sound_that_could_not_be_cut(desk, outsider, new_clip):
	page = ClipPage(desk(outsider)).open(new_clip(media_state="Failed", media_error="The file is damaged."))
	expect(page.status).to_have_text("The file is damaged.")
	expect(page.utterances.first).to_contain_text("Hi Daniel")


def test_a_colleague_sees_comments_and_talk_time(desk, outsider, rep, reviewable, new_clip):
	first = factories.comment(reviewable, rep, "<p>Nice <b>question</b></p>", timed=1, at_seconds=START + 11)
	factories.comment(reviewable, rep, "<p>Indeed</p>", reply_to=first)
	factories.comment(reviewable, rep, "<p>Elsewhere</p>", timed=1, at_seconds=1)
	name = new_clip()
	cutting.cut(name)
	page = ClipPage(desk(outsider)).open(name).until_loaded()
	comments = page.region("Comments")
	expect(comments).to_contain_text("Nice question")
	expect(comments).to_contain_text("Rita Rep answers")
	expect(comments).not_to_contain_text("Elsewhere")
	expect(page.region("Talk time").get_by_role("listitem")).to_have_count(2)
	comments.get_by_role("button", name="Play from 0:11").click()
	page.until("media => media.currentTime >= 11")
	frappe.db.rollback()
	assert frappe.get_all("Call Clip Opening", {"clip": name}, pluck="user") == [outsider]


def test_a_link_for_people_outside_opens_for_colleagues_as_well(desk, outsider, new_link):
	page = ClipPage(desk(outsider)).open(new_link()[0]).until_loaded()
	expect(page.utterances.first).to_contain_text("Hi Daniel")
	expect(page.region("Talk time")).to_have_count(0)


def test_who_was_logged_out_meanwhile_is_led_to_the_login(desk, outsider, new_clip):
	name = new_clip()
	page = ClipPage(desk(outsider)).open(name)
	expect(page.status).to_contain_text("is being prepared")
	page.page.context.clear_cookies()
	expect(page.page).to_have_url(re.compile(r"/login\?redirect-to="))


def test_who_is_not_logged_in_comes_back_after_it(guest, outsider, new_clip):
	name = new_clip()
	page = guest().open(name)
	expect(page.page).to_have_url(re.compile(rf"/login\?redirect-to=/clip/{name}"))


@pytest.mark.parametrize("viewport", [PHONE, (320, 640)])
def test_on_a_phone(guest, new_link, viewport):
	page = guest(viewport=viewport, has_touch=True).open(new_link()[0]).until_loaded()
	assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
	expect(page.button("Play")).to_be_in_viewport()
	page.utterances.last.scroll_into_view_if_needed()
	player = page.player.bounding_box()
	page.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
	last = page.utterances.last.bounding_box()
	assert last["y"] + last["height"] <= player["y"], "the player hides nothing for good"
	page.button("Play").tap()
	page.until("media => media.currentTime > 0.3")


def test_in_another_language_from_right_to_left(guest, new_link):
	key, _name = new_link()
	page = guest(locale="ar", viewport=PHONE).open(key).until_loaded()
	assert page.page.locator("html").get_attribute("dir") == "rtl"
	# time still runs from left to right
	assert page.page.locator(".clip-controls").evaluate("e => getComputedStyle(e).direction") == "ltr"
	assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
	polish = guest(locale="pl").open(key)
	expect(polish.page.get_by_role("button", name="Odtwórz", exact=True)).to_be_visible()
	expect(polish.facts).to_contain_text("31 stycznia 2026")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_wrong(guest, desk, outsider, rep, reviewable, new_link, new_clip, bench, dark):
	axe = bench.root / "tools" / "node_modules" / "axe-core" / "axe.min.js"
	if not axe.exists():
		pytest.skip("needs axe-core: ./run test")

	def findings(page):
		page.page.emulate_media(reduced_motion="reduce")
		page.page.evaluate(axe.read_text())
		result = page.page.evaluate("values => axe.run(document, {runOnly: {type: 'tag', values}})", RULES)
		assert result["passes"]
		return [f"{f['id']}: {[node['target'] for node in f['nodes']]}" for f in result["violations"]]

	factories.comment(reviewable, rep, timed=1, at_seconds=START + 5)
	frappe.db.commit()
	page = guest(dark=dark).open(new_link(message="Listen!")[0]).until_loaded()
	page.button("Play").click()
	expect(page.spoken_word).to_have_count(1)
	page.button("Pause").click()
	assert findings(page) == []
	page = guest(dark=dark, viewport=PHONE).open(new_link(password="correct horse")[0])
	page.enter("wrong horse")
	expect(page.page.get_by_role("alert")).to_be_visible()
	assert findings(page) == []
	assert findings(guest(dark=dark).open("0" * 64)) == []
	name = new_clip()
	cutting.cut(name)
	page = ClipPage(desk(outsider, dark=dark)).open(name).until_loaded()
	assert findings(page) == []
