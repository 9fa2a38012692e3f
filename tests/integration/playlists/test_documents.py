"""Who creates, changes and deletes playlists, and dependent records"""

import frappe
import pytest
from frappe import client
from frappe.core.doctype.deleted_document.deleted_document import restore

from call_intelligence.api import playlists
from tests import factories
from tests.integration.playlists.rows import EVERYBODY, allowed, counted, first, listed, logs, order

# ------------------------------------------------------------------------------------------------ creating and changing


def test_the_seat_makes_playlists(people, as_user):
	def over_rest():
		return bool(client.insert({"doctype": "Call Playlist", "title": "Best calls"}))

	assert allowed(people, as_user, over_rest) == ["owner", "manager", "other seat", "rep"]


def test_a_new_playlist_is_made_with_its_first_items(call, people, as_user):
	parts = [{"call": call}, {"call": call, "start": 1, "end": "4.5", "title": "The price"}]
	with as_user(people["owner"]):
		made = playlists.add(
			parts, new={"title": "Best", "visibility": "Everyone with the seat", "owner": "x"}
		)
		answer = playlists.get(made["playlist"])
	assert [(row["start"], row["end"], row["seconds"]) for row in answer["items"]] == [
		(None, None, 15),
		(1, 4.5, 3.5),
	]
	assert answer["playlist"]["owner"] == people["owner"]
	assert answer["playlist"]["visibility"] == "Everyone with the seat"
	assert counted(made["playlist"]) == (2, 18.5)


def test_a_new_playlist_is_nobody_elses_until_its_owner_says_so(call, people, as_user):
	with as_user(people["owner"]):
		made = playlists.add([{"call": call}], new={"title": "Best"})["playlist"]
		over_rest = client.insert({"doctype": "Call Playlist", "title": "Best calls"})
		assert playlists.get(made)["playlist"]["visibility"] == over_rest.visibility == "Only me"


def test_without_the_seat_or_a_title_nothing_is_made(call, people, as_user):
	with as_user(people["shared with"]), pytest.raises(frappe.PermissionError):
		playlists.add([{"call": call}], new={"title": "Mine"})
	before = frappe.db.count("Call Playlist")
	with as_user(people["owner"]):
		for new in (None, {}, {"title": " "}, {"title": "x" * 141}, {"title": "x", "cover_colour": "url(x)"}):
			with pytest.raises(frappe.ValidationError):
				playlists.add([{"call": call}], new=new)
		with pytest.raises(frappe.ValidationError):
			playlists.add([{"call": call}], new={"title": "x", "visibility": "Everyone"})
	assert frappe.db.count("Call Playlist") == before


def test_only_the_owner_and_managers_change_and_delete(people, as_user):
	everybody = [("Role", "All", True)]

	def playlist():
		return factories.playlist(people["owner"], audience=everybody, who_may_add="Everyone who sees it")

	shown = playlist()
	for right in ("write", "delete"):
		doc = frappe.get_doc("Call Playlist", shown)
		may = allowed(
			people,
			as_user,
			lambda doc=doc, right=right: bool(frappe.has_permission("Call Playlist", right, doc=doc)),
		)
		assert may == ["owner", "manager"]
	for attempt in (
		lambda name: client.set_value("Call Playlist", name, "title", "Another"),
		lambda name: client.set_value("Call Playlist", name, "visibility", "Only me"),
		lambda name: client.delete("Call Playlist", name),
	):
		for who in ("manager", "owner", "other seat", "crm user"):
			name = playlist()
			assert allowed(people, as_user, lambda attempt=attempt, name=name: attempt(name), [who]) == (
				[who] if who in ("manager", "owner") else []
			)


def test_a_changed_copy_makes_nobody_the_owner(playlist, people, as_user):
	doc = frappe.get_doc("Call Playlist", playlist).as_dict()
	doc.update({"playlist_owner": people["other seat"], "title": "Mine now"})
	with as_user(people["other seat"]), pytest.raises(frappe.PermissionError):
		client.save(doc)


def test_managers_give_a_playlist_to_somebody_else(playlist, people, as_user):
	give = lambda: client.set_value("Call Playlist", playlist, "playlist_owner", people["rep"])  # noqa: E731
	others = [who for who in EVERYBODY if who != "rep"]
	assert allowed(people, as_user, give, others) == ["manager"]
	with as_user(people["rep"]):
		assert playlists.get(playlist)["permissions"] == {"write": True, "add": True, "delete": True}
	with as_user(people["owner"]), pytest.raises(frappe.PermissionError):
		playlists.get(playlist)
	with as_user(people["other seat"]), pytest.raises(frappe.PermissionError):
		client.insert({"doctype": "Call Playlist", "title": "x", "playlist_owner": people["rep"]})


def test_an_owner_without_the_seat_changes_nothing(people, as_user):
	leaver = factories.user(factories.SEAT, "Blogger")
	playlist = factories.playlist(leaver)
	frappe.get_doc("User", leaver).remove_roles(factories.SEAT)
	frappe.clear_cache(user=leaver)
	with as_user(leaver):
		assert playlists.get(playlist)["permissions"]["write"] is False
		with pytest.raises(frappe.PermissionError):
			client.set_value("Call Playlist", playlist, "title", "Another")


def test_a_form_that_was_opened_earlier_forgets_no_item(playlist, call, people, as_user):
	with as_user(people["owner"]):
		opened = frappe.get_doc("Call Playlist", playlist)
		playlists.add([{"call": call}], playlist=playlist)
		opened.title = "Another title"
		opened.item_count = 99
		opened.save()
	assert counted(playlist) == (2, 30)


def test_texts_hold_no_markup(playlist, call, people, as_user):
	hostile = "<img src=x onerror=alert(1)>"
	with as_user(people["owner"]):
		made = playlists.add([{"call": call, "title": hostile, "description": hostile}], playlist=playlist)
		client.set_value("Call Playlist", playlist, {"title": hostile, "description": hostile})
		answer = playlists.get(playlist)
		assert made["title"]
	assert "<" not in frappe.as_json(answer)
	assert "‹img" in answer["playlist"]["title"] and "‹img" in answer["items"][1]["description"]


def test_a_member_is_named_once(people):
	playlist = factories.playlist(
		people["owner"], audience=[("User", people["rep"]), ("User", people["rep"], True)]
	)
	assert [row.may_add for row in frappe.get_doc("Call Playlist", playlist).audience] == [1]


# ------------------------------------------------------------------------------------------------ dependent records


def test_items_go_with_their_call(people, as_user):
	call, other = factories.call(people["owner"]), factories.call(people["owner"])
	playlist = factories.playlist(people["owner"], call, other, call)
	second = factories.playlist(people["owner"], call)
	with as_user(people["owner"]):
		playlists.progress(first(playlist), 3, 1)
	frappe.delete_doc("Call", call)
	assert order(playlist)[0] == [1]
	assert (counted(playlist), counted(second)) == ((1, 15), (0, 0))
	assert not frappe.db.exists("Call Playlist Item", {"call": call})
	assert not frappe.db.exists("Call Playlist Listening", {"playlist": playlist})


def test_everything_goes_with_a_playlist_and_its_settings_can_be_restored(playlist, people, as_user):
	with as_user(people["shared with"]):
		playlists.follow(playlist)
		playlists.progress(first(playlist), 3, 1)
	with as_user(people["owner"]):
		title = playlists.get(playlist)["playlist"]["title"]
		playlists.add([{"call": listed(playlist)[0]["call"]}], playlist=playlist)
		assert logs(playlist)
		client.delete("Call Playlist", playlist)
	for doctype in ("Call Playlist Item", "Call Playlist Follower", "Call Playlist Listening"):
		assert not frappe.db.exists(doctype, {"playlist": playlist})
	assert not frappe.db.exists("Call Playlist Audience", {"parent": playlist})
	assert not logs(playlist)

	restore(frappe.get_all("Deleted Document", filters={"deleted_name": playlist}, pluck="name")[0])
	doc = frappe.get_doc("Call Playlist", {"title": title})
	assert (doc.playlist_owner, len(doc.audience)) == (people["owner"], 2)
	assert counted(doc.name) == (0, 0)


def deleted(call) -> str:
	return frappe.get_all("Deleted Document", filters={"deleted_name": call}, pluck="name")[0]


def test_a_restored_call_is_back_where_it_was(people, call):
	before, after = factories.call(people["owner"]), factories.call(people["owner"])
	name = factories.playlist(people["owner"], before)
	part = {"title": "The price", "description": "Listen!", "start_seconds": 5, "end_seconds": 8}
	factories.playlist_item(name, call, people["manager"], **part)
	factories.playlist_item(name, after, people["owner"])
	gone = factories.playlist(people["owner"], call)
	numbers = counted(name)

	frappe.delete_doc("Call", call, force=True)
	assert order(name)[0] == [1, 2]
	frappe.delete_doc("Call Playlist", gone, force=True)
	restore(deleted(call))

	restored = frappe.db.get_value("Deleted Document", deleted(call), "new_name")
	assert restored and frappe.db.get_value("Call", restored, "kept_items") is None
	assert order(name)[0] == [1, 2, 3]
	rows = [frappe.get_doc("Call Playlist Item", item) for item in order(name)[1]]
	assert [row.call for row in rows] == [before, restored, after]
	assert {field: rows[1].get(field) for field in part} == part
	assert rows[1].added_by == people["manager"]
	assert counted(name) == numbers


def test_nobody_puts_a_call_into_a_playlist_by_pretending_to_restore_one(people, call, as_user):
	name = factories.playlist(people["owner"], call)
	frappe.delete_doc("Call", call, force=True)
	kept = frappe.parse_json(
		frappe.parse_json(frappe.db.get_value("Deleted Document", deleted(call), "data"))["kept_items"]
	)
	for made_up in (
		"[]",
		'{"key": "%", "items": []}',
		frappe.as_json({**kept, "key": "0" * 32}),
		frappe.as_json({**kept, "items": [{**kept["items"][0], "title": "Other words"}]}),
	):
		with as_user(people["other seat"]):
			client.insert(
				{
					"doctype": "Call",
					"title": "Mine",
					"call_owner": people["other seat"],
					"kept_items": made_up,
				}
			)
		assert counted(name)[0] == 0
