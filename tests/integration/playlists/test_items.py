"""Changing, moving and removing items; many items"""

import frappe
import pytest
from frappe import client

from call_intelligence.api import playlists
from call_intelligence.playlists import items
from tests import factories
from tests.integration.playlists.rows import allowed, counted, first, order


@pytest.fixture
def added(people):
	"""{adder: item} of a playlist whose audience may add to it and sees the one call of all items"""
	call = factories.call(people["owner"])
	for who in ("rep", "crm user"):
		frappe.share.add("Call", call, people[who], notify=False)
	playlist = factories.playlist(
		people["owner"], audience=[("User", people[who]) for who in ("rep", "crm user", "other seat")],
		who_may_add="Everyone who sees it",
	)  # fmt: skip
	made = {who: factories.playlist_item(playlist, call, people[who]) for who in ("owner", "rep", "crm user")}
	return frappe._dict(playlist=playlist, call=call, made=made)


CHANGES = (
	lambda item: playlists.update_item(item, title="Another"),
	lambda item: playlists.move_item(item, 1),
	lambda item: playlists.remove_item(item),
	lambda item: client.set_value("Call Playlist Item", item, "description", "Another"),
	lambda item: client.delete("Call Playlist Item", item),
)


@pytest.mark.parametrize(
	("adder", "others"), [("rep", ["crm user", "other seat"]), ("owner", ["rep", "crm user", "other seat"])]
)
def test_who_changes_an_item(added, people, as_user, adder, others):
	item = added.made[adder]
	for change in CHANGES:
		assert (
			allowed(people, as_user, lambda change=change: change(item), [*others, "stranger", "portal user"])
			== []
		)
		for who in dict.fromkeys((adder, "owner", "manager")):
			frappe.db.savepoint("unchanged")
			assert allowed(people, as_user, lambda change=change: change(item), [who]) == [who]
			frappe.db.rollback(save_point="unchanged")


def test_who_does_not_see_the_call_any_more_changes_nothing(added, people, as_user):
	frappe.share.remove("Call", added.call, people["rep"])
	with as_user(people["rep"]), pytest.raises(frappe.PermissionError):
		playlists.update_item(added.made["rep"], title="Another")


def test_what_is_given_changes_and_the_rest_stays(playlist, people, as_user):
	item = first(playlist)
	with as_user(people["owner"]):
		playlists.update_item(item, title="The price", description="Note the pause", start=1, end=4)
		row = playlists.update_item(item, end="5.5")["items"][0]
		assert (row["title"], row["description"], row["start"], row["end"]) == (
			"The price",
			"Note the pause",
			1,
			5.5,
		)
		assert counted(playlist) == (1, 4.5)
		row = playlists.update_item(item, description="", start="", end="")["items"][0]
		assert (row["title"], row["description"], row["start"], row["end"]) == ("The price", "", None, None)
	assert counted(playlist) == (1, 15)


@pytest.mark.parametrize(
	("field", "value"),
	[
		("playlist", "another"),
		("call", "another call"),
		("added_by", "rep"),
		("added_by_name", "Somebody"),
		("clip", "x"),
	],
)
def test_what_is_fixed_cannot_be_moved(playlist, people, as_user, field, value):
	another = {
		"another": factories.playlist(people["owner"]),
		"another call": factories.call(people["owner"]),
	}
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError):
		client.set_value(
			"Call Playlist Item", first(playlist), field, another.get(value, people.get(value, value))
		)


def test_over_rest_nobody_chooses_a_place_a_length_or_a_name(playlist, call, people, as_user):
	with as_user(people["owner"]):
		made = client.insert(
			{
				"doctype": "Call Playlist Item", "playlist": playlist, "call": call, "position": 1, "seconds": 9999,
				"added_by": people["rep"], "added_by_name": "Somebody",
			}
		)  # fmt: skip
		client.set_value("Call Playlist Item", made.name, {"position": 1, "seconds": 9999})
	doc = frappe.get_doc("Call Playlist Item", made.name)
	assert (doc.position, doc.seconds, doc.added_by) == (2, 15, people["owner"])
	assert order(playlist)[0] == [1, 2]
	assert counted(playlist) == (2, 30)


@pytest.mark.parametrize(
	("item", "position", "expected"),
	[(0, 3, "bcad"), (3, 1, "dabc"), (1, 2, "abcd"), (2, 99, "abdc"), (2, -5, "cabd"), (1, 3, "acbd")],
)
def test_items_move_and_the_others_make_room(people, as_user, item, position, expected):
	call = factories.call(people["owner"])
	playlist = factories.playlist(people["owner"], *[call] * 4)
	names = dict(zip(order(playlist)[1], "abcd", strict=True))
	with as_user(people["owner"]):
		playlists.move_item(list(names)[item], position)
	positions, now = order(playlist)
	assert positions == [1, 2, 3, 4]
	assert "".join(names[name] for name in now) == expected


@pytest.mark.parametrize("over_rest", [False, True])
def test_what_is_taken_out_leaves_no_gap(people, as_user, over_rest):
	call = factories.call(people["owner"])
	playlist = factories.playlist(people["owner"], *[call] * 3)
	_positions, (one, two, three) = order(playlist)
	with as_user(people["owner"]):
		playlists.update_item(two, description="A zebra", start=1, end=3)
		playlists.progress(two, 2)
		client.delete("Call Playlist Item", two) if over_rest else playlists.remove_item(two)
	assert order(playlist) == ([1, 2], [one, three])
	assert counted(playlist) == (2, 30)
	assert not frappe.db.exists("Call Playlist Listening", {"item": two})
	assert "zebra" not in str(frappe.get_all("Deleted Document", filters={"deleted_name": two}, pluck="data"))


def test_a_full_playlist_says_so(playlist, call, people, as_user, monkeypatch):
	monkeypatch.setattr(items, "MOST_ITEMS", 1)
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="at most 1"):
		playlists.add([{"call": call}], playlist=playlist)


# ------------------------------------------------------------------------------------------------ many


def test_a_long_playlist_takes_no_more_queries_than_a_short_one(people, as_user):
	calls = [factories.call(people["owner"]) for _number in range(4)]
	for call in calls:
		frappe.share.add("Call", call, people["rep"], notify=False)
	short = factories.playlist(people["owner"], calls[0], audience=[("User", people["rep"])])
	long = factories.playlist(people["owner"], *calls * 10, audience=[("User", people["rep"])])
	for who in ("owner", "rep"):
		with as_user(people[who]):
			playlists.get(short), playlists.get(long)
			assert queries(lambda: playlists.get(long)) == queries(lambda: playlists.get(short)) < 40


def queries(action):
	asked = 0
	before = frappe.db.sql

	def sql(*args, **kwargs):
		nonlocal asked
		asked += 1
		return before(*args, **kwargs)

	frappe.db.sql = sql
	try:
		action()
	finally:
		frappe.db.sql = before
	return asked
