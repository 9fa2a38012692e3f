"""Comments on a call in the browser: written, answered, found again, shown to others at once."""

import re

import frappe
import pytest
from playwright.sync_api import expect

from tests import factories
from tests.ui.pages import ReviewPage
from tests.ui.pages.talk import TalkPage


@pytest.fixture
def commented(reviewable, rep, coach):
	"""A thread at 0:08 by the coach, with the rep's answer"""
	first = factories.comment(
		reviewable, coach, "<p>Well asked. Compare 0:30 and 9:59</p>", timed=1, at_seconds=8
	)
	factories.comment(reviewable, rep, "<p>Thank you</p>", reply_to=first)
	frappe.db.commit()
	return first


@pytest.fixture
def talk(desk, rep, reviewable):
	return TalkPage(ReviewPage(desk(rep)).open(reviewable).page)


def seconds(talk):
	return ReviewPage(talk.page).seconds


def stored(call, **filters):
	frappe.db.rollback()
	return frappe.get_all(
		"Call Comment", filters={"call": call, **filters}, fields=["*"], order_by="creation"
	)


def test_a_comment_at_the_playhead(talk, reviewable):
	review = ReviewPage(talk.page)
	review.word("Logistics").click()
	talk.page.keyboard.press("c")
	at = review.seconds
	expect(talk.composer.text).to_be_focused()
	talk.page.keyboard.type("Here it gets interesting")
	talk.page.keyboard.press("Control+Enter")

	expect(talk.comment("interesting").text).to_be_visible()
	expect(talk.composer.root).to_have_count(0)
	[comment] = stored(reviewable)
	assert comment.timed and comment.at_seconds == pytest.approx(at, abs=0.1)
	expect(talk.markers).to_have_count(1)
	expect(talk.tab("Comments")).to_contain_text("1")

	review.play.focus()
	talk.page.keyboard.press("ArrowRight")
	talk.comment("interesting").time.click()
	assert seconds(talk) == pytest.approx(at, abs=0.1)


def test_a_comment_from_the_transcript(talk, reviewable, spoken):
	turn = next(turn for turn in spoken.turns if "Logistics" in turn.text)
	row = talk.root.get_by_role("listitem").filter(has_text="Logistics")
	row.hover()
	row.get_by_role("button", name="Comment", exact=True).click()
	talk.composer.write("A good question").press("Comment")

	expect(talk.comment("A good question").time).to_be_visible()
	assert stored(reviewable)[0].at_seconds == pytest.approx(turn.start, abs=0.1)


def test_a_comment_about_the_whole_call_and_the_timestamp_button(talk, reviewable):
	talk.page.evaluate("cur_frm.ci_review.seek(12)")
	editor = talk.open_comments().compose()
	editor.write("Listen from ").press("Timestamp")
	talk.page.keyboard.type("on, and at 0:30; not at 59:59")
	editor.press("Comment")

	comment = talk.comment("Listen")
	expect(comment.text).to_have_text("Listen from 0:12 on, and at 0:30; not at 59:59")
	expect(comment.time).to_have_count(0)
	expect(comment.text.get_by_role("button")).to_have_count(2)
	comment.button("Go to 0:30").click()
	assert seconds(talk) == pytest.approx(30, abs=0.1)
	assert not stored(reviewable)[0].timed


def test_a_reply_stays_in_its_thread(desk, coach, reviewable, commented):
	talk = TalkPage(ReviewPage(desk(coach)).open(reviewable).page).open_comments()

	talk.comment("Well asked").press("Reply")
	talk.reply.write("And again").press("Reply")

	expect(talk.threads).to_have_count(1)
	expect(talk.comments).to_have_count(3)
	assert [row.reply_to for row in stored(reviewable)] == [None, commented, commented]


def test_edited_and_deleted_by_its_author_alone(talk, reviewable, commented):
	talk.open_comments()
	expect(talk.comment("Well asked").button("Reply")).to_be_visible()
	expect(talk.comment("Well asked").button("Edit")).to_have_count(0)
	expect(talk.comment("Well asked").button("Delete")).to_have_count(0)

	mine = talk.comment("Thank you")
	mine.press("Edit")
	talk.page.keyboard.type(", coach")
	talk.page.keyboard.press("Control+Enter")
	expect(talk.comment("Thank you, coach").edited).to_be_visible()

	talk.comment("Thank you, coach").press("Delete")
	talk.confirm()
	expect(talk.comments).to_have_count(1)
	assert len(stored(reviewable)) == 1


def test_resolved_and_reopened(talk, reviewable, commented):
	talk.open_comments()
	talk.comment("Well asked").press("Resolve")
	expect(talk.threads).to_have_count(0)
	expect(talk.markers).to_have_count(0)

	talk.show_resolved()
	expect(talk.threads).to_contain_text("Resolved by Rita Rep")
	talk.comment("Well asked").press("Reopen")
	expect(talk.comment("Well asked").button("Resolve")).to_be_visible()
	expect(talk.markers).to_have_count(1)


def test_sorted_by_time_in_the_call_or_newest(talk, reviewable, rep, commented):
	factories.comment(reviewable, rep, "<p>Late in the call</p>", timed=1, at_seconds=40)
	factories.comment(reviewable, rep, "<p>Early in the call</p>", timed=1, at_seconds=2)
	frappe.db.commit()
	talk.page.reload()
	talk.open_comments()
	expect(talk.threads).to_have_count(3)
	expect(talk.threads).to_have_text([re.compile("Early"), re.compile("Well asked"), re.compile("Late")])

	talk.order.select_option("newest")
	expect(talk.threads).to_have_text([re.compile("Early"), re.compile("Late"), re.compile("Well asked")])


def test_others_see_it_at_once(desk, talk, rep, coach, reviewable, commented):
	other = TalkPage(ReviewPage(desk(coach)).open(reviewable).page).open_comments()
	expect(other.comments).to_have_count(2)

	talk.open_comments().compose().write("Live words").press("Comment")
	expect(other.comment("Live words").new).to_be_visible()
	other.comment("Live words").press("Resolve")
	expect(talk.comment("Live words").root).to_have_count(0)


def test_others_see_it_without_realtime(desk, talk, coach, reviewable):
	"""Without events, the page polls."""
	page = desk(coach, own=True)
	page.clock.install()
	other = TalkPage(ReviewPage(page).open(reviewable).page).open_comments()
	expect(other.root.get_by_text("No comments yet")).to_be_visible()
	page.evaluate("frappe.realtime.socket.disconnect()")
	talk.open_comments().compose().write("Quiet words").press("Comment")
	expect(talk.comment("Quiet words").text).to_be_visible()

	page.clock.fast_forward(25_000)
	expect(other.comment("Quiet words").text).to_be_visible()


def test_unread_until_it_was_looked_at(desk, talk, reviewable, commented):
	talk.page.reload()
	talk.open_notes()
	expect(talk.unread).to_contain_text("1 unread")
	talk.open_comments()
	expect(talk.comment("Well asked").new).to_be_visible()
	expect(talk.unread).to_have_count(0)

	talk.page.reload()
	expect(talk.comments).to_have_count(2)
	expect(talk.unread).to_have_count(0)
	expect(talk.comment("Well asked").new).to_have_count(0)


def test_a_mention_by_type_ahead_is_told_and_leads_to_the_moment(desk, talk, reviewable, coach, eventually):
	talk.page.evaluate("cur_frm.ci_review.seek(20)")
	talk.open_comments()
	editor = talk.compose()
	editor.press("Comment at 0:20")
	editor.write("Please listen, ").mention("carla", "Carla Coach").press("Comment")

	expect(talk.comment("Please listen").text.locator(".mention")).to_have_text("@Carla Coach")

	def told():
		frappe.db.rollback()
		return frappe.get_all(
			"Notification Log",
			filters={"for_user": coach, "document_name": ["like", f"{reviewable}%"]},
			fields=["document_type", "document_name"],
		)

	[log] = eventually(told, 30, "a worker writes the notification")
	page = desk(coach, path=f"/app/call-comment/{log.document_name}")
	other = TalkPage(page)
	expect(other.comment("Please listen").root).to_have_class(re.compile("ci-is-linked"))
	expect(other.comment("Please listen").text).to_be_in_viewport()
	assert seconds(other) == pytest.approx(20, abs=0.1)
	assert "/app/call/" in page.url


def test_who_cannot_see_the_call_is_asked_about(talk, reviewable, outsider, eventually):
	editor = talk.open_comments().compose()
	editor.write("Secret ").mention("otto", "Otto Outsider").press("Comment")
	expect(talk.question).to_contain_text("Otto Outsider")

	# closed without an answer: the text is still there
	talk.answer("Close")
	expect(editor.text).to_contain_text("Secret")

	editor.press("Comment")
	talk.answer("Leave the mention out")
	expect(talk.comment("Secret").text).to_have_text("Secret @Otto Outsider")
	expect(talk.comment("Secret").text.locator(".mention")).to_have_count(0)
	assert not frappe.get_all("DocShare", filters={"share_name": reviewable, "user": outsider})

	editor = talk.compose()
	editor.write("Shared ").mention("otto", "Otto Outsider").press("Comment")
	talk.answer("Share with them")
	expect(talk.comment("Shared").text.locator(".mention")).to_be_visible()

	def told():
		frappe.db.rollback()
		return frappe.get_all("Notification Log", filters={"for_user": outsider}, pluck="document_name")

	named = eventually(told, 30, "a worker writes the notification")
	[shared] = stored(reviewable, content=["like", "%Shared%"])
	assert shared.name in named
	[secret] = stored(reviewable, content=["like", "%Secret%"])
	assert secret.name not in named


def test_a_link_leads_to_a_comment(desk, rep, reviewable, commented):
	talk = TalkPage(ReviewPage(desk(rep)).open(reviewable, f"?comment={commented}").page)
	expect(talk.comment("Well asked").root).to_have_class(re.compile("ci-is-linked"))
	assert seconds(talk) == pytest.approx(8, abs=0.1)

	# as from the bell, to a newer comment; Back returns to the previous place
	talk.page.evaluate("frappe.realtime.socket.disconnect()")
	later = factories.comment(reviewable, rep, "<p>Written later</p>", timed=1, at_seconds=33)
	frappe.db.commit()
	talk.page.evaluate("frappe.set_route('List', 'Contact')")
	expect(talk.root).to_have_count(0)
	talk.page.evaluate("name => frappe.set_route('Form', 'Call Comment', name)", later)
	expect(talk.comment("Written later").root).to_have_class(re.compile("ci-is-linked"))
	assert seconds(talk) == pytest.approx(33, abs=0.1)
	talk.page.go_back()
	expect(talk.page).to_have_url(re.compile("/app/contact"))


def test_what_cannot_be_sent_stays(talk, reviewable):
	editor = talk.open_comments().compose()
	editor.write("Not to be lost")
	talk.page.context.set_offline(True)
	editor.press("Comment")
	expect(editor.error).to_contain_text("connection")
	talk.page.context.set_offline(False)
	expect(editor.text).to_have_text("Not to be lost")

	# neither Escape nor a reload loses anything
	editor.text.focus()
	talk.page.keyboard.press("Escape")
	expect(editor.root).to_have_count(0)
	talk.page.reload()
	talk.open_comments()
	expect(talk.compose().text).to_have_text("Not to be lost")
	talk.composer.press("Comment")
	expect(talk.comment("Not to be lost").text).to_be_visible()
	expect(talk.compose().text).to_have_text("")


def test_the_words_keep_their_moment(talk, reviewable):
	talk.page.evaluate("cur_frm.ci_review.seek(20)")
	ReviewPage(talk.page).play.focus()
	talk.page.keyboard.press("c")
	talk.page.keyboard.type("About this moment")
	talk.page.keyboard.press("Escape")
	expect(talk.composer.root).to_have_count(0)
	talk.page.reload()
	talk.open_comments()
	editor = talk.compose()
	expect(editor.text).to_have_text("About this moment")
	editor.press("Comment")
	expect(talk.comment("About this moment").time).to_have_text("0:20")


def test_what_is_being_sent_is_not_sent_twice(talk, reviewable):
	waiting = []
	talk.page.route("**/api/method/call_intelligence.api.comments.add", lambda route: waiting.append(route))
	editor = talk.open_comments().compose()
	editor.write("Only once")
	editor.press("Comment")
	expect(editor.root.get_by_role("button", name="Sending")).to_be_disabled()

	ReviewPage(talk.page).play.focus()
	talk.page.keyboard.press("c")
	editor.text.focus()
	talk.page.keyboard.press("Escape")
	expect(editor.root.get_by_role("button", name="Sending")).to_be_disabled()
	talk.page.keyboard.press("Control+Enter")

	[request] = waiting
	request.continue_()
	expect(talk.comment("Only once").text).to_be_visible()
	expect(talk.composer.root).to_have_count(0)
	expect(talk.compose().text).to_have_text("")
	assert len(stored(reviewable)) == 1


def test_a_pasted_picture_is_left_out_in_words(talk, reviewable):
	editor = talk.open_comments().compose()
	editor.write("Before ")
	editor.text.evaluate(
		"""element => {
			const data = new DataTransfer();
			data.setData("text/html", '<p>pasted <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" onerror="window.hurt = 1"></p>');
			element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
		}"""
	)
	expect(talk.page.get_by_text("Pictures cannot be added here")).to_be_visible()
	editor.press("Comment")
	expect(talk.comment("Before").text.locator("img")).to_have_count(0)
	assert not talk.page.evaluate("window.hurt")


def test_the_keyboard_alone_is_enough(talk):
	"""Tab leaves the editor; quotes and lists are buttons with names."""
	editor = talk.open_comments().compose()
	expect(editor.text).to_be_focused()
	talk.page.keyboard.type("By keys")
	talk.page.keyboard.press("Tab")
	expect(editor.text).not_to_be_focused()
	for name in ("Bold", "Italic", "Underline", "Numbered list", "List", "Quote", "Link"):
		expect(editor.root.get_by_role("button", name=name, exact=True)).to_be_visible()
