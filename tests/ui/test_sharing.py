"""Sharing a part of a call as a new user, and the views of its recipients."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.utils import get_datetime, get_system_timezone, now_datetime
from playwright.sync_api import expect

from tests import factories
from tests.ui.conftest import PHONE
from tests.ui.pages.sharing import SharePage


@pytest.fixture
def review(desk, rep, reviewable):
	return SharePage(desk(rep)).open(reviewable)


@pytest.fixture
def foreign(reviewable, coach):
	"""The same call owned by a colleague: the rep sees it by its contact, and may not share it"""
	frappe.db.set_value("Call", reviewable, "call_owner", coach)
	frappe.db.commit()
	return reviewable


@pytest.fixture
def clip(reviewable, rep, coach, outsider, as_user):
	"""clip(**options) -> URL of a Call Clip shared by the rep with the coach and the outsider"""
	from call_intelligence.clips import describe, make

	def share(start=8.1, end=14.2, users=(coach, outsider), **options):
		with as_user(rep):
			made, _told, _left_out = make.share(
				reviewable, start, end, users=list(users), groups=[], notify=False, **options
			)
		frappe.db.commit()
		return made.name, describe.address(made)

	return share


# where the date usually differs from that of the site
FAR = "Pacific/Kiritimati"


@pytest.fixture
def far_rep(site, rep):
	"""The rep, working in another time zone than the site"""

	def move(zone):
		frappe.db.set_value("User", rep, "time_zone", zone)
		frappe.db.commit()
		frappe.clear_cache(user=rep)

	before = frappe.db.get_value("User", rep, "time_zone")
	move(FAR)
	yield rep
	frappe.db.rollback()
	move(before)


@pytest.fixture
def unmentioned(outsider):
	"""The outsider, whom Frappe does not offer for mentions"""
	frappe.db.set_value("User", outsider, "allowed_in_mentions", 0)
	frappe.db.commit()
	yield outsider
	frappe.db.rollback()
	frappe.db.set_value("User", outsider, "allowed_in_mentions", 1)
	frappe.db.commit()


def stored(call, **filters):
	frappe.db.rollback()
	names = frappe.get_all("Call Clip", filters={"call": call, **filters}, order_by="creation", pluck="name")
	return [frappe.get_doc("Call Clip", name) for name in names]


def path_of(address: str) -> str:
	"""Path of a URL of the site, whatever its host name"""
	return re.sub(r"^https?://[^/]+", "", address)


# ---------------------------------------------------------------------------------------------------- the part


def test_a_part_is_chosen_by_handles(review, spoken):
	review.open_sharing().settle()
	picker = review.picker
	expect(picker.root.locator(".ci-part-lane")).to_have_count(2)

	picker.drag(picker.start, 15.2)
	picker.drag(picker.end, 30)
	start, end = picker.times
	assert start == pytest.approx(15.2, abs=0.3) and end == pytest.approx(30, abs=0.3)
	inside = [turn for turn in spoken.turns if turn.start >= start and turn.end <= end]
	for turn in inside:
		expect(picker.words).to_contain_text(turn.text)
	expect(picker.words).not_to_contain_text(spoken.turns[0].text)
	expect(picker.start_time).to_have_value(re.compile("^0:15"))
	expect(picker.length).to_have_text(re.compile(r"^1[45] s$"))

	# the words follow the handle
	picker.drag(picker.start, 0)
	expect(picker.words).to_contain_text(spoken.turns[0].text)
	# neither passes the other
	picker.drag(picker.start, 45)
	start, after = picker.times
	assert after == end and start == pytest.approx(end - 1, abs=0.05)

	# by keys, also finely
	picker.start.focus()
	review.press("Home", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "PageUp", "ArrowLeft")
	assert picker.times == [pytest.approx(11.1), end]
	expect(picker.start).to_have_attribute("aria-valuetext", "0:11.1")
	picker.end.focus()
	review.press("End")
	expect(picker.end).to_have_attribute("aria-valuetext", re.compile("^0:50"))

	# a click elsewhere moves the nearer handle
	x = picker.x_of(20)
	box = picker.root.locator(".ci-part-wave").bounding_box()
	review.page.mouse.click(x, box["y"] + 10)
	assert picker.times[0] == pytest.approx(20, abs=0.3)
	picker.button("Whole call").click()
	assert picker.times[0] == 0


def test_a_part_is_typed(review):
	picker = review.open_sharing().picker
	picker.start_time.fill("0:19")
	review.press("Tab")
	picker.end_time.fill("23,5")
	review.press("Enter")
	assert picker.times == [19, 23.5]
	expect(picker.length).to_have_text("4.5 s")

	for typed, complaint in (
		("0:75", "Write a time as 1:23"),
		("soon", "Write a time as 1:23"),
		("9:59", "The call ends at 0:50"),
		("0:05", "must be after its start"),
		("19.2", "at least one second"),
	):
		picker.end_time.fill(typed)
		review.press("Enter")
		expect(picker.complaint).to_contain_text(complaint)
		expect(picker.end_time).to_have_attribute("aria-invalid", "true")
		expect(picker.end_time).to_have_value(typed)
		assert picker.times == [19, 23.5]
	review.send("Copy link")
	expect(review.failure).to_contain_text("correct the times")

	picker.end_time.fill("0:22")
	review.press("Enter")
	expect(picker.complaint).to_have_count(0)
	assert picker.times == [19, 22]


def test_just_the_part_is_heard(review, eventually):
	review.page.evaluate("cur_frm.ci_review.seek(40)")
	picker = review.open_sharing().picker
	picker.start_time.fill("0:10")
	picker.end_time.fill("0:11.5")
	review.press("Enter")
	review.note_places()
	picker.button("Play the part").click()
	expect(picker.button("Stop")).to_be_visible()
	expect(picker.button("Play the part")).to_be_visible()
	places = [place for place in review.places if place < 39]
	assert places and min(places) >= 9.9 and max(places) < 12
	# the review keeps its position
	eventually(lambda: review.read("paused"), 5)
	assert review.seconds == pytest.approx(40, abs=0.1)


def test_by_finger(desk, rep, reviewable):
	review = SharePage(desk(rep, viewport=PHONE, has_touch=True)).open(reviewable)
	review.open_sharing().settle()
	picker = review.picker
	box = picker.root.locator(".ci-part-wave").bounding_box()
	review.page.touchscreen.tap(picker.x_of(3), box["y"] + 20)
	assert picker.times[0] == pytest.approx(3, abs=0.6)

	finger = review.page.context.new_cdp_session(review.page)
	handle = picker.end.bounding_box()
	x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
	to = x + picker.x_of(40) - handle["x"]
	for kind, at in (("touchStart", x), ("touchMove", x + 9), ("touchMove", to), ("touchEnd", None)):
		points = [] if at is None else [{"x": at, "y": y}]
		finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
	assert picker.times[1] == pytest.approx(40, abs=0.6)
	assert review.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_handles_are_precise_in_a_long_call(desk, rep, committed):
	call = committed("Call", factories.long_call(rep, 3600, 900))
	frappe.db.commit()
	review = SharePage(desk(rep))
	review.page.goto(f"/app/call/{call}?t=1800")
	review.share_button.wait_for()
	review.open_sharing().settle()
	picker = review.picker
	start, end = picker.times
	assert 1785 <= start <= 1800 < end <= 1830
	view = picker.root.get_by_role("slider", name="Visible part of the call")
	expect(view).to_be_visible()
	picker.drag(picker.end, 1822)
	assert picker.times == [start, pytest.approx(1822, abs=0.3)]
	# after scrolling, the handles wait at the edge; typing shows them again
	view.evaluate("element => { element.value = 0; element.dispatchEvent(new Event('input')); }")
	expect(picker.start).to_have_class(re.compile("ci-is-away"))
	picker.end_time.fill("50:00")
	review.press("Enter")
	expect(picker.words).to_contain_text("more utterances")
	expect(picker.start).not_to_have_class(re.compile("ci-is-away"))


# ---------------------------------------------------------------------------------------------------- sharing


def test_shared_by_handles(review, reviewable, coach, eventually):
	review.open_sharing().settle()
	picker = review.picker
	picker.drag(picker.start, 19)
	picker.drag(picker.end, 29)
	times = picker.times
	expect(review.people).to_be_visible()
	# the keyboard alone is enough
	review.people.focus()
	review.page.keyboard.type("carla")
	expect(review.found.filter(has_text="Carla Coach")).to_be_visible()
	review.press("Enter")
	expect(review.chosen).to_have_text([re.compile("Carla Coach")])
	review.message.fill("Listen to the pause")
	expect(review.dialog).to_contain_text("anyone who opens it can play the whole recording")
	review.send("Share")
	expect(review.page.get_by_text("Shared with Carla Coach.")).to_be_visible()
	expect(review.dialog).to_have_count(0)

	[made] = stored(reviewable)
	assert [made.start_seconds, made.end_seconds] == times
	assert made.message == "Listen to the pause" and not made.only_this_part
	assert [row.user for row in made.recipients] == [coach]

	# shared clips are listed
	review.open_sharing()
	expect(review.clips).to_have_count(1)
	expect(review.clips.first).to_contain_text("Carla Coach")
	expect(review.clips.first).to_contain_text("Not opened yet")
	expect(review.message).to_have_value("")


def test_an_utterance_is_shared(review, spoken):
	review.utterances.nth(2).hover()
	review.actions(2).get_by_role("button", name="Share").click()
	review.people.wait_for()
	turn = spoken.turns[2]
	start, end = review.picker.times
	assert start == pytest.approx(turn.start, abs=0.11) and end == pytest.approx(turn.end, abs=0.11)
	expect(review.picker.words).to_contain_text(turn.text)


def test_the_key_and_what_is_shared_by_it(review, desk, rep, reviewable):
	review.focus()
	review.press("l", "s")
	review.people.wait_for()
	start, end = review.picker.times
	assert start <= 15 < end <= 45
	review.settle()
	expect(review.people).to_be_focused()
	review.press("Escape")
	expect(review.dialog).to_have_count(0)
	expect(review.keys).to_be_focused()
	review.press("?")
	expect(review.help).to_contain_text("Share a part of the call")

	# the loop is the default part
	review = SharePage(desk(rep)).open(reviewable, "?clip=10-20")
	review.open_sharing()
	assert review.picker.times == [10, 20]


def test_who_cannot_see_the_call_gets_it(review, reviewable, unmentioned, coach, committed):
	outsider, group = unmentioned, factories.unique("Sales")
	members = [{"user": user} for user in (outsider, coach)]
	frappe.get_doc({"doctype": "User Group", "name": group, "user_group_members": members}).insert()
	committed("User Group", group)
	frappe.db.commit()
	review.open_sharing().choose(group[:9], group)
	# of the members, only one cannot see it
	expect(review.note).to_contain_text("will get access to all of it: Otto Outsider")
	review.dialog.get_by_role("button", name=f"Remove {group}").click()
	expect(review.chosen).to_have_count(0)
	expect(review.note).to_have_count(0)

	review.choose("otto", "Otto Outsider")
	expect(review.note).to_contain_text("will get access to all of it: Otto Outsider")
	review.only_this_part.check()
	expect(review.note).to_contain_text("will get only this part: Otto Outsider")
	review.only_this_part.uncheck()
	review.send("Share")
	expect(review.page.get_by_text("Shared with Otto Outsider.")).to_be_visible()
	assert frappe.db.exists("DocShare", {"share_name": reviewable, "user": outsider, "read": 1})


def test_only_this_part(review, reviewable, outsider):
	review.open_sharing().choose("otto", "Otto Outsider")
	review.only_this_part.check()
	expect(review.dialog).to_contain_text("Nothing else of the call can be heard")
	review.send("Share")
	expect(review.page.get_by_text("Shared with Otto Outsider.")).to_be_visible()
	[made] = stored(reviewable)
	assert made.only_this_part
	assert not frappe.db.exists("DocShare", {"share_name": reviewable, "user": outsider})
	review.open_sharing()
	expect(review.clips.first).to_contain_text("only this part, for Otto Outsider")


def test_who_will_not_get_it(desk, rep, foreign, coach, outsider):
	review = SharePage(desk(rep)).open(foreign)
	review.open_sharing().choose("otto", "Otto Outsider")
	expect(review.note).to_contain_text("Will not get it, because they cannot see this call: Otto Outsider")
	review.send("Share")
	expect(review.failure).to_contain_text("Otto Outsider")
	expect(review.chosen).to_have_count(1)
	assert stored(foreign) == []

	review.choose("carla", "Carla Coach")
	review.send("Share")
	expect(review.failure).to_have_text("Not shared with Otto Outsider, who cannot see this call.")
	[made] = stored(foreign)
	assert [row.user for row in made.recipients] == [coach]
	assert not frappe.db.exists("DocShare", {"share_name": foreign, "user": outsider})


def test_the_link_is_copied(review, reviewable):
	review.open_sharing()
	review.send("Copy link")
	expect(review.link).to_be_visible()
	expect(review.dialog.get_by_text("The link has been copied.")).to_be_visible()
	[made] = stored(reviewable)
	assert review.copied_text == review.link.input_value()
	assert path_of(review.copied_text) == f"/app/call/{reviewable}?shared={made.name}"
	# again: it is the same
	review.send("Copy link")
	expect(review.dialog.get_by_role("button", name="Copy link", exact=True)).to_be_enabled()
	assert len(stored(reviewable)) == 1
	expect(review.clips.first).to_contain_text("a link")

	# the link of a revoked clip is not given out again
	review.revoke(review.clips.first)
	expect(review.link).to_have_count(0)
	review.send("Copy link")
	expect(review.clips).to_have_count(2)
	again = stored(reviewable)[1]
	assert not again.ended
	expect(review.link).to_have_value(re.compile(f"shared={again.name}$"))


def test_nothing_typed_is_lost(review, reviewable):
	review.open_sharing().choose("carla", "Carla Coach")
	review.message.fill("Not to be lost")
	review.page.context.set_offline(True)
	review.send("Share")
	expect(review.failure).to_contain_text("connection")
	review.page.context.set_offline(False)
	expect(review.message).to_have_value("Not to be lost")
	expect(review.chosen).to_have_count(1)

	# nor when the dialog is closed in between
	review.settle()
	review.press("Escape")
	expect(review.dialog).to_have_count(0)
	review.open_sharing()
	expect(review.message).to_have_value("Not to be lost")
	review.send("Share")
	expect(review.dialog).to_have_count(0)
	assert [made.message for made in stored(reviewable)] == ["Not to be lost"]


def test_the_end_is_that_of_the_day_where_one_is(far_rep, desk, reviewable):
	review = SharePage(desk(far_rep)).open(reviewable)
	review.open_sharing()
	review.dialog.get_by_label("Can be opened").select_option("1")
	review.send("Copy link")
	expect(review.link).to_be_visible()
	[made] = stored(reviewable)
	left = get_datetime(made.expires_on) - now_datetime()
	assert timedelta(days=1, minutes=-3) < left <= timedelta(days=1)

	here = datetime.now(ZoneInfo(FAR))
	review.dialog.get_by_label("Can be opened").select_option("date")
	day = review.dialog.get_by_label("Last day")
	expect(day).to_have_attribute("min", str(here.date()))
	tomorrow = here.date() + timedelta(days=1)
	day.fill(str(tomorrow))
	review.send("Copy link")
	expect(review.clips).to_have_count(2)
	made = stored(reviewable)[1]
	end = get_datetime(made.expires_on).replace(tzinfo=ZoneInfo(get_system_timezone()))
	assert end == datetime(tomorrow.year, tomorrow.month, tomorrow.day, 23, 59, 59, tzinfo=ZoneInfo(FAR))


def test_what_is_live_does_not_depend_on_where_one_is(far_rep, desk, reviewable):
	hour = timedelta(hours=1)
	for title, expires_on in (("Well asked", now_datetime() + hour), ("Asked before", now_datetime() - hour)):
		name = factories.clip(reviewable, far_rep, title=title)
		frappe.db.set_value("Call Clip", name, "expires_on", expires_on)
	frappe.db.commit()
	page = desk(far_rep)
	page.goto("/app/call-clip")
	rows = page.locator(".list-row-container")
	expect(rows.filter(has_text="Asked before")).to_contain_text("Expired")
	live = rows.filter(has_text="Well asked")
	expect(live).to_contain_text("Active")
	expect(live.get_by_role("button", name="Revoke")).to_be_visible()
	[name] = frappe.get_all("Call Clip", filters={"call": reviewable, "title": "Well asked"}, pluck="name")
	page.goto(f"/app/call-clip/{name}")
	expect(page.get_by_role("button", name="Revoke", exact=True)).to_be_visible()


def test_an_external_link(desk, rep, reviewable):
	frappe.db.set_single_value("Call Intelligence Settings", "external_links", 1)
	frappe.db.commit()
	frappe.clear_document_cache("Call Intelligence Settings", "Call Intelligence Settings")
	try:
		review = SharePage(desk(rep)).open(reviewable)
		review.open_sharing()
		review.dialog.get_by_role("tab", name="External link").click()
		expect(review.people).to_have_count(0)
		expect(review.dialog).to_contain_text(
			"It shows your name, your title and message, the date of the call"
		)
		review.dialog.get_by_label("Password (optional)").fill("abc")
		review.send("Create link")
		expect(review.failure).to_contain_text("too short")
		review.dialog.get_by_label("Password (optional)").fill("correct horse")
		review.dialog.get_by_label("Valid for days").fill("3")
		review.send("Create link")
		expect(review.link).to_have_value(re.compile("/clip/[0-9a-f]{64}$"))
		expect(review.dialog.get_by_text("It is shown only now")).to_be_visible()
		[made] = stored(reviewable)
		assert made.external and made.has_password
		# the list does not have the link
		expect(review.clips.first).to_contain_text("a link for people outside")
		expect(review.clips.first.get_by_role("button", name="Copy")).to_have_count(0)
	finally:
		frappe.db.rollback()
		frappe.db.set_single_value("Call Intelligence Settings", "external_links", 0)
		frappe.db.commit()
		frappe.clear_document_cache("Call Intelligence Settings", "Call Intelligence Settings")


def test_no_section_for_outsiders_where_it_is_off(review):
	review.open_sharing()
	expect(review.dialog.get_by_role("tab")).to_have_count(0)


# ---------------------------------------------------------------------------------------------------- as a recipient


def test_a_clip_opens_at_its_part(desk, outsider, reviewable, clip, spoken):
	name, address = clip(message="Listen to the pause", title="Well asked")
	review = SharePage(desk(outsider)).open(reviewable, path_of(address).partition(reviewable)[2])
	expect(review.banner).to_contain_text("Rita Rep shared this part")
	expect(review.banner).to_contain_text("Listen to the pause")
	expect(review.banner).to_contain_text("Well asked")
	expect(review.banner).to_contain_text("0:08 – 0:14")
	expect(review.shades).to_have_count(2)
	expect(review.dimmed.first).to_contain_text(spoken.turns[0].text)
	assert review.seconds == pytest.approx(8.1, abs=0.1)
	frappe.db.rollback()
	assert frappe.db.get_value("Call Clip", name, "opened") == 1

	# looped
	review.note_places()
	review.page.evaluate("cur_frm.ci_review.playback.seek(13.4)")
	review.start()
	review.until("media => media.currentTime < 10")
	assert max(review.places) < 14.9
	# the part is not left by accident
	review.focus()
	review.stop()
	review.press("l")
	assert 8 <= review.seconds < 14.2

	review.banner.get_by_role("button", name="Show the whole call").click()
	expect(review.dimmed).to_have_count(0)
	expect(review.shades).to_have_count(0)
	review.press("l")
	assert review.seconds > 20
	review.banner.get_by_role("button", name="Show only the part").click()
	assert review.seconds == pytest.approx(8.1, abs=0.1)
	expect(review.shades).to_have_count(2)


def test_revoked_in_one_click(review, desk, coach, reviewable, clip):
	_name, address = clip()
	query = path_of(address).partition(reviewable)[2]
	opened = SharePage(desk(coach)).open(reviewable, query)
	expect(opened.banner).to_be_visible()

	review.open_sharing()
	expect(review.clips.first).to_contain_text("Opened by Carla Coach")
	review.revoke(review.clips.first)
	expect(review.clips.first).to_contain_text("Revoked")
	expect(review.clips.first.get_by_role("button")).to_have_count(0)
	[made] = stored(reviewable)
	assert made.ended and made.end_reason == "Revoked"

	# she sees the call anyway, and is told why no part is shown
	opened.open(reviewable, query)
	expect(opened.error).to_contain_text("here is all of it")
	expect(opened.dimmed).to_have_count(0)
	opened.root.get_by_role("button", name="Close").click()
	expect(opened.error).to_have_count(0)


# ---------------------------------------------------------------------------------------------------- list and form


def test_the_list_of_shared_clips(desk, rep, coach, reviewable, clip):
	name, _address = clip(title="Well asked")
	page = desk(rep)
	page.goto("/app/call-clip")
	row = page.locator(".list-row-container").filter(has_text="Well asked")
	expect(row).to_be_visible()
	ways = page.get_by_role("group", name="Whose clips are shown")
	ways.get_by_role("button", name="Shared with me").click()
	expect(row).to_have_count(0)
	expect(ways.get_by_role("button", name="Shared with me")).to_have_attribute("aria-pressed", "true")
	ways.get_by_role("button", name="Shared by me").click()
	expect(row).to_contain_text("Active")
	row.get_by_role("button", name="Revoke").click()
	expect(row).to_contain_text("Revoked")
	expect(row.get_by_role("button", name="Revoke")).to_have_count(0)
	[made] = stored(reviewable)
	assert (made.name, made.ended) == (name, 1)


def test_the_owner_of_the_call_ends_what_a_colleague_has_shared(desk, rep, reviewable, coach, outsider):
	shared = [
		factories.clip(reviewable, coach, [outsider], title=title) for title in ("Well asked", "Badly asked")
	]
	frappe.db.commit()
	page = desk(rep)
	page.goto("/app/call-clip")
	row = page.locator(".list-row-container").filter(has_text="Well asked")
	row.get_by_role("button", name="Revoke").click()
	expect(row).to_contain_text("Revoked")
	page.goto(f"/app/call-clip/{shared[1]}")
	page.get_by_role("button", name="Revoke", exact=True).click()
	expect(page.get_by_text("This part is no longer shared.")).to_be_visible()
	assert [made.end_reason for made in stored(reviewable)] == ["Revoked", "Revoked"]


def test_a_recipient_ends_nothing(desk, outsider, rep, reviewable, clip):
	clip(title="Well asked")
	page = desk(outsider)
	page.goto("/app/call-clip")
	row = page.locator(".list-row-container").filter(has_text="Well asked")
	expect(row).to_contain_text("Active")
	expect(row.get_by_role("button", name="Revoke")).to_have_count(0)


def test_a_notification_leads_to_the_clip(desk, rep, coach, reviewable, clip):
	name, _address = clip()
	opened = SharePage(desk(coach))
	opened.page.goto(f"/app/call-clip/{name}")
	expect(opened.banner).to_contain_text("Rita Rep shared this part")
	expect(opened.page).to_have_url(re.compile(f"/app/call/{reviewable}"))

	# the sharer sees its state and openings
	mine = desk(rep)
	mine.goto(f"/app/call-clip/{name}")
	mine.get_by_role("button", name="Open", exact=True).click()
	expect(SharePage(mine).banner).to_contain_text("You shared this part")


# ---------------------------------------------------------------------------------------------------- for other pages


def test_a_review_within_another_page(desk, rep, reviewable):
	page = desk(rep, path="/app")
	page.evaluate(
		"""async (call) => {
			await frappe.require(["call_review.bundle.css", "call_review.bundle.js"]);
			const element = document.createElement("div");
			document.querySelector("#body").prepend(element);
			window.ended = 0;
			window.review = call_intelligence.mount_review(element, call, {
				lean: true,
				part: { start: 8.1, end: 9.3 },
				on_part_ended: () => (window.ended += 1),
			});
		}""",
		reviewable,
	)
	review = SharePage(page).wait()
	review.media.wait_for(state="attached")
	expect(review.utterances.first).to_be_visible()
	for name in ("Notes", "Insights", "Stats"):
		expect(review.root.get_by_role("tab", name=name)).to_have_count(0)
	expect(review.root.get_by_role("tab", name="Comments")).to_be_visible()
	expect(review.share_button).to_have_count(0)
	expect(review.root.get_by_role("region", name="Participants")).to_have_count(0)
	expect(review.shades).to_have_count(2)

	review.start()
	page.wait_for_function("window.ended === 1")
	assert review.read("paused") and review.seconds == pytest.approx(9.3, abs=0.4)
	page.evaluate("review.set_part({ start: 20, end: 21 })")
	assert review.seconds == pytest.approx(20, abs=0.1)
	review.start()
	page.wait_for_function("window.ended === 2")
	# the whole call has an end as well
	page.evaluate("review.set_part(null)")
	expect(review.shades).to_have_count(0)
	page.evaluate("review.seek(review.playback.duration - 0.8); review.playback.play()")
	page.wait_for_function("window.ended === 3")
	page.evaluate("review.destroy()")
