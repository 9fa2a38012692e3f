"""Who may add what to which playlist"""

import frappe
import pytest
from frappe import client

from call_intelligence.api import playlists
from call_intelligence.playlists import describe, items
from tests import factories
from tests.integration.playlists.rows import EVERYBODY, allowed, counted, first, listed


@pytest.mark.parametrize(
	("who_may_add", "adds"),
	[
		("Only me", ["owner", "manager"]),
		("Everyone who sees it", ["owner", "manager", "shared with", "other seat"]),
		("Chosen people", ["owner", "manager", "other seat"]),
	],
)
def test_who_adds(people, as_user, who_may_add, adds):
	chosen = [("User", people["shared with"]), ("User", people["other seat"], True)]
	playlist = factories.playlist(people["owner"], audience=chosen, who_may_add=who_may_add)
	own = {who: factories.call(people[who]) for who in EVERYBODY if who != "Guest"}

	def add(over_rest):
		call = next((name for who, name in own.items() if people[who] == frappe.session.user), "")
		if over_rest:
			return bool(client.insert({"doctype": "Call Playlist Item", "playlist": playlist, "call": call}))
		return bool(playlists.add([{"call": call}], playlist=playlist))

	for over_rest in (False, True):
		assert allowed(people, as_user, lambda over_rest=over_rest: add(over_rest)) == adds
	assert counted(playlist)[0] == 2 * len(adds)
	shown = [who for who in adds if who != "manager"]
	for who in shown:
		with as_user(people[who]):
			row = next(row for row in playlists.mine()["playlists"] if row["name"] == playlist)
			assert row["may_add"]


def test_who_may_add_but_does_not_see_adds_nothing(people, as_user):
	"""Chosen to add to a playlist for the seat, without having the seat"""
	call = factories.call(people["crm user"])
	playlist = factories.playlist(
		people["owner"], audience=[("User", people["crm user"], True)], visibility="Everyone with the seat",
		who_may_add="Chosen people",
	)  # fmt: skip
	with as_user(people["crm user"]), pytest.raises(frappe.PermissionError):
		playlists.add([{"call": call}], playlist=playlist)


def test_nobody_adds_a_call_that_they_do_not_see(call, people, as_user):
	mine = factories.playlist(people["other seat"])
	with as_user(people["other seat"]):
		for add in (
			lambda: playlists.add([{"call": call}], playlist=mine),
			lambda: playlists.add([{"call": "CALL-1999-00001"}], playlist=mine),
			lambda: playlists.add([{"call": call}], new={"title": "Peeping"}),
			lambda: client.insert({"doctype": "Call Playlist Item", "playlist": mine, "call": call}),
		):
			with pytest.raises(frappe.PermissionError):
				add()
	assert not frappe.db.exists("Call Playlist", {"title": "Peeping"})
	assert counted(mine) == (0, 0)


def test_all_or_nothing_is_added(call, people, as_user):
	playlist = factories.playlist(people["owner"])
	with as_user(people["owner"]), pytest.raises(frappe.PermissionError):
		playlists.add([{"call": call}, {"call": factories.call(people["rep"])}], playlist=playlist)
	assert counted(playlist) == (0, 0)


@pytest.mark.parametrize("parts", ["", "[]", '{"call": "x"}', "[1]", [{}] * 201])
def test_parts_are_a_list_of_some(people, as_user, parts, playlist):
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="part"):
		playlists.add(parts, playlist=playlist)


@pytest.mark.parametrize(
	("start", "end"),
	[(5, 4), (4, 4), (-1, 4), (0, 17), (3, None), ("soon", 4), (0, "nan"), (0, "inf"), (1, "1e300")],
)
def test_times_outside_the_call_are_refused(playlist, call, people, as_user, start, end):
	item = first(playlist)
	with as_user(people["owner"]):
		with pytest.raises(frappe.ValidationError):
			playlists.add([{"call": call, "start": start, "end": end}], playlist=playlist)
		with pytest.raises(frappe.ValidationError):
			playlists.update_item(item, start=start, end=end if end is not None else "")
	assert counted(playlist) == (1, 15)


@pytest.mark.parametrize("end", [1e300, float("nan"), 10_000_001])
def test_no_column_overflows_where_the_length_is_not_known_yet(people, as_user, end):
	call = factories.call(people["owner"], transcript=[], duration=0)
	playlist = factories.playlist(people["owner"], call)
	item = {"doctype": "Call Playlist Item", "playlist": playlist, "call": call, "end_seconds": end}
	with as_user(people["owner"]):
		for add in (
			lambda: playlists.add([{"call": call, "start": 1, "end": end}], playlist=playlist),
			lambda: client.insert({**item, "start_seconds": 1}),
			lambda: playlists.update_item(first(playlist), start=1, end=end),
		):
			with pytest.raises(
				frappe.ValidationError,
				match=r"(is not|must be) a (time in seconds|number)|number is too large",
			):
				add()
	assert counted(playlist) == (1, 0)


def test_the_end_may_be_rounded(playlist, call, people, as_user):
	with as_user(people["owner"]):
		playlists.add([{"call": call, "start": 14, "end": 15.9}], playlist=playlist)
	assert counted(playlist) == (2, 16.9)


def test_an_unfinished_call_is_as_long_as_it_turns_out(people, as_user):
	call = factories.call(people["owner"], transcript=[], duration=0)
	playlist = factories.playlist(people["owner"], call)
	assert counted(playlist) == (1, 0)
	frappe.db.set_value("Call", call, "duration", 42)
	items.call_measured(call, 42)
	assert counted(playlist) == (1, 42)
	assert listed(playlist)[0]["seconds"] == 42


def test_the_newest_are_offered_and_the_others_searched_for(people, as_user, monkeypatch):
	monkeypatch.setattr(describe, "MOST_PLAYLISTS", 2)
	old, *_newer = [
		factories.playlist(people["owner"], title=title)
		for title in ("Old 50% and a\\b_c", "Old 50 and a/b c", "Newest")
	]
	frappe.db.set_value("Call Playlist", old, "modified", "2020-01-01", update_modified=False)

	def offered(text=None):
		answer = playlists.mine(text=text)
		return [row["name"] for row in answer["playlists"]], answer["complete"]

	with as_user(people["owner"]):
		names, complete = offered()
		assert len(names) == 2 and old not in names and not complete
		for text in ("old and 50%", "A\\B", "b_c"):
			assert offered(text) == ([old], True), text
		assert offered("' or '1'='1") == ([], True)
		assert offered("old 50")[0][-1] == old


def test_what_one_only_listens_to_leaves_the_choice_complete(people, as_user, monkeypatch):
	monkeypatch.setattr(describe, "MOST_PLAYLISTS", 2)
	for _number in range(2):
		factories.playlist(people["owner"], audience=[("User", people["crm user"])])
	mine = factories.playlist(
		people["owner"], audience=[("User", people["crm user"])], who_may_add="Everyone who sees it"
	)
	with as_user(people["crm user"]):
		answer = playlists.mine()
	assert answer["complete"] and answer["playlists"][0]["name"] == mine
