"""axe-core finds no problems in the app's pages, in both themes: names, roles, contrast (WCAG 2.1 AA)."""

import frappe
import pytest
from playwright.sync_api import expect

from call_intelligence.clips import make
from call_intelligence.insights import analysis
from tests import factories
from tests.ui.conftest import PHONE
from tests.ui.pages import AddToPlaylistDialog, EditingPage, PlayerPage, PlaylistPage, RecordPage, ReviewPage
from tests.ui.pages.participants import ParticipantsPage
from tests.ui.pages.sharing import SharePage
from tests.ui.pages.stats import StatsPage
from tests.ui.pages.talk import TalkPage

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@pytest.fixture(params=["light", "dark"])
def theme(request):
	return request.param


@pytest.fixture
def findings(bench, theme):
	"""findings(page, selector) -> problems found by axe there, in the given theme"""
	axe = bench.root / "tools" / "node_modules" / "axe-core" / "axe.min.js"
	if not axe.exists():
		pytest.skip("needs axe-core: ./run test")

	def check(page, selector):
		page.emulate_media(reduced_motion="reduce")
		page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)
		page.evaluate(axe.read_text())
		result = page.evaluate(
			"([selector, values]) => axe.run(selector, {runOnly: {type: 'tag', values}})", [selector, RULES]
		)
		assert result["passes"]
		return [
			f"{finding['id']}: {', '.join(' '.join(map(str, node['target'])) for node in finding['nodes'])}"
			for finding in result["violations"]
		]

	return check


def test_the_review(desk, rep, reviewable, findings):
	review = ReviewPage(desk(rep)).open(reviewable, "?t=10")
	expect(review.spoken_word.or_(review.current).first).to_be_visible()
	assert findings(review.page, ".ci-review") == []


def test_statistics(desk, rep, reviewable, findings):
	analysis.sides_changed(reviewable)
	frappe.db.commit()
	stats = StatsPage(ReviewPage(desk(rep)).open(reviewable).page).open()
	assert findings(stats.page, ".ci-stats") == []
	for key, side in (("S1", "Owner"), ("S2", "Customer")):
		frappe.db.set_value("Call Participant", {"parent": reviewable, "speaker_key": key}, "side", side)
	analysis.sides_changed(reviewable)
	frappe.db.commit()
	stats.value("Interactivity").click()
	stats.card("Patience").get_by_role("button", name="Formula").focus()
	expect(stats.root.get_by_role("tooltip")).to_be_visible()
	assert findings(stats.page, ".ci-stats") == []


def test_editing_the_transcript(desk, rep, reviewable, findings):
	review = EditingPage(desk(rep)).open(reviewable)
	review.open_menu(1)
	assert findings(review.page, ".ci-speaker-menu") == []
	review.choose("New speaker")
	expect(review.notices.filter(has_text="Speaker changed.")).to_be_visible()
	# the new speaker's row above pushes the utterances down, away from the mouse
	expect(ParticipantsPage(review.page).panel.get_by_role("listitem")).to_have_count(3)
	review.edit(1)
	review.field.fill("Other words")
	assert findings(review.page, ".ci-review") == []
	review.press("Save")
	expect(review.editor).to_have_count(0)
	expect(review.show_history()).to_have_count(2)
	expect(review.dialog).to_have_css("opacity", "1")
	assert findings(review.page, ".ci-history") == []


def test_the_player_with_all_that_it_can_show(desk, rep, reviewable, findings):
	player = PlayerPage(desk(rep)).open(reviewable, "?clip=10-20")
	player.search.fill("premium")
	player.button("Zoom into the call").click()
	player.time.fill("soon")
	player.time.press("Enter")
	expect(player.error).to_be_visible()
	expect(player.visible_part).to_be_visible()
	assert findings(player.page, ".ci-player") == []

	player.time.press("Escape")
	player.button("Keyboard").click()
	expect(player.help).to_have_css("opacity", "1")
	assert findings(player.page, ".modal.show") == []


def test_the_player_of_a_phone(desk, rep, reviewable, findings):
	player = PlayerPage(desk(rep, viewport=PHONE, has_touch=True)).open(reviewable)
	player.button("More controls").tap()
	expect(player.button("Skip silence")).to_be_visible()
	assert findings(player.page, ".ci-player") == []


def test_the_timeline_and_the_upload_dialog(desk, rep, contact, reviewable, findings):
	record = RecordPage(desk(rep), "Contact", contact).open()
	expect(record.cards).to_have_count(1)
	assert findings(record.page, ".timeline-items .ci-card") == []

	dialog = record.upload_calls()
	dialog.choose(
		{"name": "empty.mp3", "mimeType": "audio/mpeg", "buffer": b""},
		{"name": "2026-11-20 10.15.00.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3" + bytes(20)},
		{"name": "1637", "mimeType": "", "buffer": bytes(range(256))},
	)
	expect(dialog.offer("10.15.00", "in its name")).to_be_visible()
	expect(dialog.raw_format("1637")).to_be_visible()
	expect(dialog.root).to_have_css("opacity", "1")
	assert findings(record.page, ".ci-upload") == []


def test_notes_and_comments(desk, rep, reviewable, findings):
	first = factories.comment(reviewable, rep, "<p>Listen at 0:30</p>", timed=1, at_seconds=8)
	factories.comment(reviewable, rep, "<p>Done</p>", reply_to=first)
	factories.comment(reviewable, "Administrator", f"<p>{factories.mention(rep, 'Rita Rep')}</p>")
	resolved = factories.comment(reviewable, rep, "<p>An old story</p>")
	frappe.db.set_value("Call Comment", resolved, {"resolved": 1, "resolved_by": rep})
	frappe.db.commit()
	talk = TalkPage(ReviewPage(desk(rep)).open(reviewable).page).open_comments()
	talk.show_resolved()
	talk.compose().write("A **word** @ri")
	expect(talk.composer.suggestions.first).to_be_visible()
	assert findings(talk.page, ".ci-review") == []

	talk.open_notes()
	talk.notes.write("A note at 0:30")
	assert findings(talk.page, ".ci-review") == []
	talk.notes.press("Done")
	expect(talk.notes_text).to_be_visible()
	assert findings(talk.page, ".ci-review") == []


def test_a_playlist(desk, rep, outsider, reviewable, committed, findings):
	name = factories.playlist(rep, visibility="Chosen people", audience=[("User", outsider)])
	committed("Call Playlist", name)
	factories.playlist_item(
		name, reviewable, rep, title="The price", description="Listen.", start_seconds=1, end_seconds=9
	)
	factories.playlist_item(name, reviewable, rep)
	frappe.db.commit()
	playlist = PlaylistPage(desk(rep)).open(name).wait_for_sound()
	playlist.tick("The price").click()
	expect(playlist.notes).to_contain_text("Hidden for")
	playlist.button("Who has listened").click()
	expect(playlist.head.get_by_role("region")).to_contain_text("1 of 2")
	assert findings(playlist.page, ".ci-playlist") == []

	playlist.more("The price", "Edit")
	expect(playlist.dialog).to_have_css("opacity", "1")
	expect(playlist.dialog.get_by_label("From", exact=True)).to_be_visible()
	assert findings(playlist.page, ".modal.show") == []


def test_adding_to_a_playlist(desk, rep, reviewable, committed, findings):
	for _ in range(6):
		committed("Call Playlist", factories.playlist(rep))
	frappe.db.commit()
	review = ReviewPage(desk(rep)).open(reviewable)
	review.root.get_by_role("button", name="Add to playlist").first.click()
	dialog = AddToPlaylistDialog(review.page).wait()
	expect(dialog.playlists).to_have_count(6)
	expect(dialog.root).to_have_css("opacity", "1")
	assert findings(review.page, ".ci-add") == []
	dialog.new_button.click()
	dialog.press_add()
	expect(dialog.failure).to_be_visible()
	assert findings(review.page, ".ci-add") == []


def test_sharing_a_part(desk, rep, coach, outsider, reviewable, findings, as_user):
	with as_user(rep):
		make.share(reviewable, 8.1, 14.2, users=[coach], groups=[], title="Well asked", notify=False)
	frappe.db.commit()
	review = SharePage(desk(rep)).open(reviewable)
	review.open_sharing().settle()
	review.page.add_style_tag(content=".modal.show { opacity: 1 !important; transition: none !important; }")
	review.choose("otto", "Otto Outsider")
	review.picker.button("Zoom into the call").click()
	review.picker.end_time.fill("soon")
	review.press("Enter")
	expect(review.picker.complaint).to_be_visible()
	review.people.fill("a")
	expect(review.found.first).to_be_visible()
	expect(review.clips).to_have_count(1)
	assert findings(review.page, ".ci-share-dialog") == []


def test_a_part_that_was_shared(desk, rep, coach, reviewable, findings, as_user):
	with as_user(rep):
		clip, _told, _left_out = make.share(
			reviewable, 8.1, 14.2, users=[coach], groups=[], message="Listen to this", notify=False
		)
	frappe.db.commit()
	review = SharePage(desk(coach)).open(reviewable, f"?shared={clip.name}")
	expect(review.banner).to_be_visible()
	expect(review.dimmed.first).to_be_visible()
	assert findings(review.page, ".ci-review") == []
