"""Playlists: a coach orders moments of calls, a rep listens to them."""

import json
import re
from zoneinfo import ZoneInfo

import frappe
import pytest
from playwright.sync_api import expect

from call_intelligence.api import clips, playlists
from tests import factories
from tests.ui.conftest import PHONE
from tests.ui.pages import AddToPlaylistDialog, CallListPage, PlaylistPage, ReviewPage

SEAT = "Everyone with the seat"
OPENING, PRICE = "A friendly opening", "The price question"


@pytest.fixture
def title(committed):
	"""Title of a playlist created in the dialog; it is deleted with the test"""
	name = factories.unique("Best discovery calls")
	yield name
	frappe.db.rollback()
	for playlist in frappe.get_all("Call Playlist", filters={"title": name}, pluck="name"):
		committed("Call Playlist", playlist)


@pytest.fixture
def playlist(reviewable, coach, committed):
	"""Two parts of 1.5 seconds, and a whole call; a coach's, for all with the seat"""
	name = factories.playlist(coach, visibility=SEAT, title=factories.unique("Onboarding"))
	committed("Call Playlist", name)
	for title, start, description in ((OPENING, 0.5, "Listen for his name."), (PRICE, 19.5, "")):
		factories.playlist_item(
			name,
			reviewable,
			coach,
			title=title,
			description=description,
			start_seconds=start,
			end_seconds=start + 1.5,
		)
	factories.playlist_item(name, reviewable, coach, title="All of it")
	frappe.db.commit()
	return name


def titles_of(playlist: str) -> list[str]:
	frappe.db.rollback()
	return frappe.get_all(
		"Call Playlist Item", filters={"playlist": playlist}, pluck="title", order_by="position"
	)


@pytest.fixture
def zone(site, rep):
	"""zone(name): sets the rep's time zone"""
	before = frappe.db.get_value("User", rep, "time_zone")

	def move(name):
		frappe.db.rollback()
		frappe.db.set_value("User", rep, "time_zone", name)
		frappe.db.commit()
		frappe.clear_cache(user=rep)

	yield move
	move(before)


# ---- creating one


def test_a_coach_makes_a_list_from_the_review(desk, coach, reviewable, spoken, title):
	page = desk(coach)
	review = ReviewPage(page).open(reviewable)

	review.root.get_by_role("button", name="Add to playlist").first.click()
	dialog = AddToPlaylistDialog(page).wait()
	dialog.take_part("0:19", "0:23")
	dialog.make("")
	dialog.describe("She asks for the price; he asks back.")
	dialog.press_add()
	expect(dialog.failure).to_have_text("Give the new playlist a title.")
	dialog.make(title)
	dialog.add()
	expect(dialog.outcome).to_have_text(title)

	frappe.db.rollback()
	assert frappe.db.get_value("Call Playlist", {"title": title}, "visibility") == "Only me"

	# the next part comes from an utterance, and is added to the last playlist
	expect(review.utterances.nth(1)).to_be_visible()
	review.utterances.nth(1).hover()
	review.actions(1).get_by_role("button", name="Add to playlist").click()
	dialog.wait()
	expect(dialog.chosen).to_contain_text(title)
	dialog.add()

	dialog.outcome.click()
	playlist = PlaylistPage(page).wait()
	expect(playlist.items).to_have_count(2)
	expect(playlist.head).to_contain_text(title)
	expect(playlist.items.first).to_contain_text("She asks for the price; he asks back.")
	expect(playlist.items.first).to_contain_text("0:19 – 0:23")
	expect(playlist.items.nth(1)).to_contain_text("Added by Carla Coach")
	frappe.db.rollback()
	name = frappe.db.get_value("Call Playlist", {"title": title})
	parts = frappe.get_all(
		"Call Playlist Item",
		filters={"playlist": name},
		fields=["start_seconds", "end_seconds"],
		order_by="position",
	)
	assert (parts[0].start_seconds, parts[0].end_seconds) == (19, 23)
	turn = spoken.turns[1]
	assert parts[1].start_seconds == pytest.approx(turn.start, abs=0.11)
	assert parts[1].end_seconds == pytest.approx(turn.end, abs=0.11)


def test_what_was_typed_is_there_when_the_dialog_is_opened_again(desk, coach, reviewable):
	page = desk(coach)
	review = ReviewPage(page).open(reviewable)
	open_dialog = review.root.get_by_role("button", name="Add to playlist").first
	open_dialog.click()
	dialog = AddToPlaylistDialog(page).wait()
	dialog.describe("Half a thought")
	dialog.close()

	open_dialog.click()

	expect(dialog.description).to_have_value("Half a thought")


def test_calls_are_added_in_bulk_from_the_list(desk, rep, reviewable, committed, title):
	other = committed("Call", factories.call(rep, title=factories.unique("Second call")))
	frappe.db.commit()
	titles = frappe.get_all("Call", filters={"name": ["in", [reviewable, other]]}, pluck="title")
	page = desk(rep)
	calls = CallListPage(page).open()
	for call in titles:
		calls.row(call).locator(".list-row-checkbox").check()
	page.get_by_role("button", name="Actions").click()
	page.locator(".actions-btn-group .dropdown-menu").get_by_text("Add to playlist").click()
	dialog = AddToPlaylistDialog(page).wait()
	expect(dialog.root).to_contain_text("2 calls, each as a whole")
	dialog.make(title)
	dialog.add()

	dialog.outcome.click()

	playlist = PlaylistPage(page).wait()
	expect(playlist.items).to_have_count(2)
	assert {words.split("\n")[0] for words in playlist.titles.all_inner_texts()} == set(titles)
	expect(playlist.items.first).to_contain_text("Whole call")


def test_what_is_too_much_for_one_request_is_added_by_several(desk, rep, reviewable, title):
	page = desk(rep)
	ReviewPage(page).open(reviewable)
	requests = []

	def lose_the_second(route):
		requests.append(route.request.post_data)
		route.abort() if len(requests) == 2 else route.continue_()

	page.route("**/call_intelligence.api.playlists.add", lose_the_second)
	page.evaluate(
		"call => call_intelligence.add_to_playlist({ parts: Array.from({ length: 120 }, () => ({ call })) })",
		reviewable,
	)
	dialog = AddToPlaylistDialog(page).wait()
	dialog.make(title)
	dialog.press_add()
	expect(dialog.failure).not_to_be_empty()
	frappe.db.rollback()
	(playlist,) = frappe.get_all("Call Playlist", filters={"title": title}, pluck="name")
	assert len(titles_of(playlist)) == 50

	dialog.add()

	expect(dialog.outcome).to_have_text(title)
	assert len(titles_of(playlist)) == 120
	assert len(requests) == 4


def test_a_clip_is_added_as_it_is(desk, rep, coach, reviewable, title):
	frappe.set_user(rep)
	shared = clips.share(reviewable, 8, 14.5, users=[coach], title="Her question")["clip"]
	frappe.set_user("Administrator")
	frappe.db.commit()
	page = desk(rep)
	review = ReviewPage(page).open(reviewable, f"?shared={shared['name']}")
	expect(review.root).to_contain_text("Show the whole call")

	review.root.get_by_role("button", name="Add to playlist").first.click()
	dialog = AddToPlaylistDialog(page).wait()
	dialog.make(title)
	dialog.add()

	dialog.outcome.click()
	playlist = PlaylistPage(page).wait()
	expect(playlist.titles).to_have_text(["Her question"])
	frappe.db.rollback()
	added = frappe.get_last_doc("Call Playlist Item", {"call": reviewable})
	assert (added.start_seconds, added.end_seconds, added.clip) == (8, 14.5, shared["name"])


@pytest.fixture
def guest(outsider, reviewable, coach, committed):
	"""A user without the seat who sees the call and may add to no playlist, including the coach's"""
	frappe.share.add("Call", reviewable, outsider, notify=False)
	committed("Call Playlist", factories.playlist(coach, audience=[("User", outsider)]))
	frappe.db.commit()
	return outsider


def test_who_has_not_got_the_seat_adds_where_they_may(desk, guest, coach, reviewable, committed):
	title = factories.unique("For all of us")
	name = factories.playlist(
		coach, title=title, audience=[("User", guest)], who_may_add="Everyone who sees it"
	)
	committed("Call Playlist", name)
	frappe.db.commit()
	page = desk(guest)
	review = ReviewPage(page).open(reviewable)
	expect(review.root.get_by_role("button", name="Share", exact=True)).to_have_count(0)

	review.root.get_by_role("button", name="Add to playlist").first.click()
	dialog = AddToPlaylistDialog(page).wait()
	expect(dialog.playlists).to_have_count(1)
	expect(dialog.new_button).to_have_count(0)
	dialog.add()
	expect(dialog.outcome).to_have_text(title)

	expect(review.utterances.nth(1)).to_be_visible()
	review.utterances.nth(1).hover()
	review.actions(1).get_by_role("button", name="Add to playlist").click()
	dialog.wait().add()

	page.goto("/app/call")
	calls = CallListPage(page)
	calls.row(frappe.db.get_value("Call", reviewable, "title")).locator(".list-row-checkbox").check()
	page.get_by_role("button", name="Actions").click()
	page.locator(".actions-btn-group .dropdown-menu").get_by_text("Add to playlist").click()
	dialog.wait().add()
	assert len(titles_of(name)) == 3


def test_who_may_add_to_none_is_told(desk, guest, reviewable):
	page = desk(guest)
	review = ReviewPage(page).open(reviewable)

	review.root.get_by_role("button", name="Add to playlist").first.click()

	dialog = AddToPlaylistDialog(page).wait()
	expect(dialog.root.get_by_role("status")).to_contain_text("There is no playlist that you can add to.")
	dialog.press_add()
	expect(dialog.failure).to_contain_text("There is no playlist that you can add to.")


def test_of_very_many_playlists_the_older_ones_are_searched_for(desk, rep, reviewable):
	old = factories.unique("Ångström & 50%")
	rows = [("9999-01-01", factories.unique("Newer")) for _number in range(200)]
	fields = ["name", "creation", "modified", "owner", "modified_by", "title", "playlist_owner"]
	frappe.db.bulk_insert(
		"Call Playlist",
		fields,
		[
			[factories.unique("pl"), "2020-01-01", modified, rep, rep, title, rep]
			for modified, title in [("2020-01-01", old), *rows]
		],
	)
	frappe.db.commit()
	try:
		page = desk(rep)
		review = ReviewPage(page).open(reviewable)
		review.root.get_by_role("button", name="Add to playlist").first.click()
		dialog = AddToPlaylistDialog(page).wait()
		expect(dialog.playlists).to_have_count(200)
		expect(dialog.root).to_contain_text("Only the newest are listed here.")
		dialog.search("angstrom 50%")
		expect(dialog.playlists).to_have_count(1)
		expect(dialog.chosen).to_contain_text(old)
	finally:
		frappe.db.delete("Call Playlist", {"playlist_owner": rep, "creation": "2020-01-01"})
		frappe.db.commit()


def test_an_empty_playlist_says_what_to_do(desk, coach, committed):
	name = committed("Call Playlist", factories.playlist(coach, title=factories.unique("Empty")))
	frappe.db.commit()

	playlist = PlaylistPage(desk(coach)).open(name)

	expect(playlist.root).to_contain_text("Add the first call")
	expect(playlist.root.get_by_role("link", name="Go to the calls")).to_have_attribute("href", "/app/call")


# ---- order and items


def test_items_are_put_in_order_by_mouse_and_by_keyboard(desk, coach, playlist, eventually):
	page = PlaylistPage(desk(coach)).open(playlist)
	expect(page.titles).to_have_text([OPENING, PRICE, "All of it"])

	page.drag(OPENING, onto="All of it")
	expect(page.titles).to_have_text([PRICE, "All of it", OPENING])
	eventually(lambda: titles_of(playlist) == [PRICE, "All of it", OPENING], 10, "the server knows")

	# given up with Escape
	page.take(OPENING, onto=PRICE)
	page.page.keyboard.press("Escape")
	expect(page.titles).to_have_text([PRICE, "All of it", OPENING])
	page.page.mouse.up()

	page.handle(OPENING).focus()
	page.page.keyboard.press("ArrowUp")
	expect(page.titles).to_have_text([PRICE, OPENING, "All of it"])
	expect(page.handle(OPENING)).to_be_focused()
	page.more(PRICE, "Move down")
	expect(page.titles).to_have_text([OPENING, PRICE, "All of it"])
	eventually(lambda: titles_of(playlist) == [OPENING, PRICE, "All of it"], 10, "the server knows")


def test_keys_may_be_faster_than_the_server(desk, coach, playlist, eventually):
	page = PlaylistPage(desk(coach)).open(playlist)
	asked = []
	page.page.route("**/call_intelligence.api.playlists.move_item", lambda route: asked.append(route))
	page.handle("All of it").focus()
	page.page.keyboard.press("ArrowUp")
	page.page.keyboard.press("ArrowUp")
	for order in ([OPENING, "All of it", PRICE], ["All of it", OPENING, PRICE]):
		expect(page.titles).to_have_text(order)
		# Playwright handles requests only during its own calls
		eventually(lambda: page.page.evaluate("1") and asked, 10, "the server is asked")
		asked.pop().continue_()
	eventually(lambda: titles_of(playlist) == ["All of it", OPENING, PRICE], 10, "the server knows")
	expect(page.handle("All of it")).to_be_focused()


def test_an_item_is_removed_and_brought_back(desk, coach, playlist, eventually):
	page = PlaylistPage(desk(coach)).open(playlist)

	page.more(PRICE, "Remove")
	expect(page.items).to_have_count(2)
	page.undo.click()
	expect(page.titles).to_have_text([OPENING, PRICE, "All of it"])
	assert PRICE in titles_of(playlist)

	page.more(PRICE, "Remove")
	eventually(lambda: titles_of(playlist) == [OPENING, "All of it"], 15, "it is gone after a while")
	expect(page.titles).to_have_text([OPENING, "All of it"])


def test_an_item_gets_other_words_and_times(desk, coach, playlist):
	page = PlaylistPage(desk(coach)).open(playlist)
	page.more(OPENING, "Edit")
	page.dialog.get_by_label("Description", exact=True).fill("Count his questions.")
	page.dialog.get_by_label("To", exact=True).fill("0:04")
	page.dialog.get_by_label("To", exact=True).press("Tab")
	page.dialog.locator(".btn-modal-primary").click()

	expect(page.item(OPENING)).to_contain_text("Count his questions.")
	expect(page.item(OPENING)).to_contain_text("0:00 – 0:04")


# ---- listening


def test_a_new_rep_listens_through_on_a_phone(desk, rep, coach, playlist, eventually):
	last = frappe.db.get_value("Call Playlist Item", {"playlist": playlist, "title": "All of it"})
	frappe.delete_doc("Call Playlist Item", last, ignore_permissions=True)
	frappe.db.commit()
	page = PlaylistPage(desk(rep, viewport=PHONE)).open(playlist).wait_for_sound()
	expect(page.now).to_contain_text("Item 1 of 2")
	expect(page.now).to_contain_text(OPENING)

	page.button("Play all").click()

	expect(page.now).to_contain_text(PRICE)
	expect(page.tick(OPENING)).to_have_attribute("aria-pressed", "true")
	expect(page.now).to_contain_text("That was the last item.")
	expect(page.head).to_contain_text("You have listened to all of it")
	assert page.sound["paused"]
	assert page.sound["time"] == pytest.approx(21, abs=0.6)
	eventually(
		lambda: (
			not frappe.db.rollback()
			and frappe.db.count("Call Playlist Listening", {"playlist": playlist, "user": rep, "listened": 1})
			== 2
		),
		10,
		"both are marked",
	)
	# the transcript of the part is one tap away
	page.button("Transcript").click()
	expect(page.review.get_by_role("list", name="Transcript")).to_be_visible()
	expect(page.items.first).to_be_hidden()

	# and the coach sees it
	seen = PlaylistPage(desk(coach)).open(playlist)
	seen.button("Who has listened").click()
	expect(seen.head.get_by_role("region", name="Who has listened")).to_contain_text("Rita Rep")
	expect(seen.head.get_by_role("region", name="Who has listened")).to_contain_text("2 of 2")
	seen.item(OPENING).get_by_role("button", name="Heard by 1 person").click()
	expect(seen.item(OPENING)).to_contain_text("Rita Rep")


def test_the_place_is_remembered(desk, rep, playlist):
	page = PlaylistPage(desk(rep)).open(playlist).wait_for_sound()
	page.play_item("All of it")
	expect(page.now).to_contain_text("Item 3 of 3")
	page.page.wait_for_function("document.querySelector('.ci-playlist audio').currentTime > 3")
	with page.page.expect_response(lambda response: "playlists.progress" in response.url):
		page.page.keyboard.press("k")

	page.open(playlist).wait_for_sound()

	expect(page.now).to_contain_text("Item 3 of 3")
	assert page.sound["time"] > 2.5
	# screen readers get it as text
	expect(page.item("All of it").get_by_role("button").nth(0)).to_contain_text("% heard")


def test_what_has_been_heard_begins_anew(desk, rep, playlist, eventually):
	def places() -> list[float]:
		frappe.db.rollback()
		return frappe.get_all(
			"Call Playlist Listening", filters={"user": rep, "playlist": playlist}, pluck="seconds"
		)

	first, second, last = frappe.get_all(
		"Call Playlist Item", filters={"playlist": playlist}, pluck="name", order_by="position"
	)
	frappe.delete_doc("Call Playlist Item", last, ignore_permissions=True)
	frappe.db.set_value("Call Playlist Item", second, {"end_seconds": 24, "seconds": 4.5})
	frappe.set_user(rep)
	# both are heard, and the second one stopped a second before its end again
	playlists.progress(first, 0, 1)
	playlists.progress(second, 22.2, 1)
	frappe.set_user("Administrator")
	frappe.db.commit()
	page = PlaylistPage(desk(rep)).open(playlist).wait_for_sound()
	page.root.locator("audio").evaluate(
		"media => { window.sought = []; media.addEventListener('seeking', () => sought.push(media.currentTime)); }"
	)

	page.button("Play all").click()

	expect(page.now).to_contain_text("That was the last item.")
	sought = page.page.evaluate("sought")
	assert any(time == pytest.approx(19.5, abs=0.1) for time in sought), sought
	assert not any(time == pytest.approx(22.2, abs=0.1) for time in sought), sought
	eventually(lambda: places() == [0, 0], 10, "no place near an end is kept")


def test_an_address_leads_to_an_item_once(desk, rep, playlist):
	item = frappe.db.get_value("Call Playlist Item", {"playlist": playlist, "title": PRICE})
	page = PlaylistPage(desk(rep)).open(playlist, f"?item={item}").wait_for_sound()
	expect(page.now).to_contain_text("Item 2 of 3")
	page.root.focus()
	page.page.keyboard.press("n")
	page.page.wait_for_function(
		"(() => { const { currentTime } = document.querySelector('.ci-playlist audio'); return currentTime > 1 && currentTime < 15; })()"
	)
	page.page.keyboard.press("k")

	page.button("Play on").click()

	expect(page.review.get_by_role("button", name="Pause", exact=True)).to_be_visible()
	expect(page.now).to_contain_text("Item 3 of 3")


def test_one_begins_with_what_has_sound(desk, rep, reviewable, committed):
	silent = committed("Call", factories.call(rep, title=factories.unique("On its way")))
	name = committed("Call Playlist", factories.playlist(rep, silent, reviewable))
	frappe.db.commit()
	page = PlaylistPage(desk(rep)).open(name)
	expect(page.items.first).to_contain_text("no sound yet")

	expect(page.now).to_contain_text("Item 2 of 2")


def test_keys_lead_from_item_to_item(desk, rep, playlist):
	page = PlaylistPage(desk(rep)).open(playlist).wait_for_sound()
	page.root.focus()

	page.page.keyboard.press("n")
	expect(page.now).to_contain_text("Item 2 of 3")
	expect(page.review.get_by_role("button", name="Pause", exact=True)).to_be_visible()
	page.page.keyboard.press("p")
	expect(page.now).to_contain_text("Item 1 of 3")
	page.page.keyboard.press("k")
	expect(page.review.get_by_role("button", name="Play", exact=True)).to_be_visible()
	page.page.keyboard.press("?")
	expect(page.dialog).to_contain_text("Next or previous item of the playlist")


def test_nothing_goes_on_by_itself_where_that_is_not_wanted(desk, rep, playlist):
	page = PlaylistPage(desk(rep)).open(playlist).wait_for_sound()
	page.root.get_by_label("Play on by itself").uncheck()

	page.button("Play all").click()

	expect(page.tick(OPENING)).to_have_attribute("aria-pressed", "true")
	expect(page.review.get_by_role("button", name="Play", exact=True)).to_be_visible()
	expect(page.now).to_contain_text("Item 1 of 3")


def test_a_mark_is_set_and_taken_away_by_hand(desk, rep, playlist, eventually):
	def marked() -> int:
		frappe.db.rollback()
		return frappe.db.count("Call Playlist Listening", {"user": rep, "playlist": playlist, "listened": 1})

	page = PlaylistPage(desk(rep)).open(playlist)
	page.tick(PRICE).click()
	eventually(lambda: marked() == 1, 10, "marked")
	expect(page.head).to_contain_text("1 of 3 listened")
	page.tick(PRICE).click()
	eventually(lambda: marked() == 0, 10, "not marked any more")
	# listeners can change nothing else
	expect(page.handle(PRICE)).to_have_count(0)
	expect(page.page.get_by_role("tab", name="Settings")).to_be_hidden()


def test_one_follows_and_stops(desk, rep, playlist, eventually):
	def following() -> bool:
		frappe.db.rollback()
		return bool(frappe.db.exists("Call Playlist Follower", {"playlist": playlist, "user": rep}))

	page = PlaylistPage(desk(rep)).open(playlist)
	page.button("Follow").click()
	expect(page.button("Following")).to_be_visible()
	expect(page.head).to_contain_text("1 follower")
	eventually(following, 10, "followed")
	show_list(page.page, "Following")
	title = frappe.db.get_value("Call Playlist", playlist, "title")
	expect(row(page.page, title)).to_contain_text("3 · ")
	page.page.get_by_role("button", name="Mine", exact=True).click()
	expect(row(page.page, title)).to_have_count(0)
	page.open(playlist)
	page.button("Following").click()
	expect(page.button("Follow")).to_be_visible()
	eventually(lambda: not following(), 10, "not followed any more")


def show_list(page, whose: str) -> None:
	page.goto("/app/call-playlist")
	button = page.get_by_role("button", name=whose, exact=True)
	button.click()
	expect(button).to_have_attribute("aria-pressed", "true")


def row(page, title: str):
	return page.locator(".list-row-container:visible").filter(has_text=title)


# ---- hidden items


def test_hidden_items_are_counted_and_can_be_shared(desk, rep, outsider, reviewable, committed):
	name = factories.playlist(
		rep,
		title=factories.unique("For Otto"),
		visibility="Chosen people",
		audience=[("User", outsider)],
	)
	committed("Call Playlist", name)
	for title in ("Nobody's business", "The same call again"):
		factories.playlist_item(name, reviewable, rep, title=title)
	frappe.db.commit()

	outside = PlaylistPage(desk(outsider)).open(name)
	expect(outside.notes).to_contain_text("2 items are hidden from you")
	expect(outside.root).to_contain_text("Ask the owner")
	assert "Nobody's business" not in outside.page.content()

	owner = PlaylistPage(desk(rep)).open(name)
	expect(owner.notes).to_contain_text("Hidden for Otto Outsider: 2")
	owner.notes.get_by_role("button", name=re.compile("^Share")).click()
	expect(owner.page.locator(".desk-alert")).to_contain_text("Otto Outsider now sees 2 more items.")
	expect(owner.notes).to_be_hidden()

	outside.open(name)
	expect(outside.item("Nobody's business")).to_be_visible()
	expect(outside.notes).to_be_hidden()


def test_the_owner_removes_an_item_that_became_hidden(desk, rep, coach, reviewable, committed):
	hidden = committed("Call", factories.call(coach, title="Nobody's business"))
	name = committed("Call Playlist", factories.playlist(rep, reviewable))
	frappe.share.add("Call", hidden, rep, read=1)
	factories.playlist_item(name, hidden, rep, title="Nobody's business")
	frappe.share.remove("Call", hidden, rep)
	frappe.db.commit()

	page = PlaylistPage(desk(rep)).open(name)
	expect(page.notes).to_contain_text("1 item is hidden from you")
	assert "Nobody's business" not in page.page.content()
	page.button("Remove item 2").click()
	expect(page.notes).to_be_hidden()
	expect(page.items).to_have_count(1)


# ---- many items


def test_of_two_hundred_items_only_what_is_heard_is_loaded(desk, rep, coach, playlist, reviewable):
	items = [
		{"call": reviewable, "start": 1 + i / 10, "end": 3 + i / 10, "title": f"Part {i}"} for i in range(197)
	]
	frappe.set_user(coach)
	for first in range(0, len(items), 50):
		playlists.add(json.dumps(items[first : first + 50]), playlist=playlist)
	frappe.set_user("Administrator")
	frappe.db.commit()
	page = desk(rep, path=f"/app/call-playlist/{playlist}")
	expect(page.locator(".ci-item")).to_have_count(200)
	expect(page.locator(".ci-playlist .ci-review")).to_have_count(1)


@pytest.mark.parametrize("place", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_day_of_a_call_is_that_of_the_reader(desk, rep, playlist, reviewable, zone, place):
	"""West of the site as well as east of it"""
	zone(place)
	site_zone = frappe.db.get_single_value("System Settings", "time_zone")
	start = frappe.db.get_value("Call", reviewable, "start_time").replace(tzinfo=ZoneInfo(site_zone))
	day = start.astimezone(ZoneInfo(place)).date()
	page = PlaylistPage(desk(rep)).open(playlist)
	format_of_user = page.page.evaluate("frappe.datetime.get_user_date_fmt()")
	written = (
		format_of_user.replace("yyyy", f"{day:%Y}").replace("mm", f"{day:%m}").replace("dd", f"{day:%d}")
	)
	expect(page.items.first).to_contain_text(written)
