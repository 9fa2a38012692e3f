"""Who sees a playlist, and which of its items"""

import frappe
import pytest
from frappe import client

from call_intelligence.api import generic, playlists, search
from call_intelligence.playlists import items
from tests import factories, frappes
from tests.integration.playlists.rows import allowed, first, listed


def through_page(playlist):
	return bool(playlists.get(playlist))


def through_list(playlist):
	return playlist in frappe.get_list("Call Playlist", pluck="name")


def through_document(playlist):
	return bool(frappe.get_doc("Call Playlist", playlist).has_permission("read"))


def through_audience(playlist):
	return bool(
		client.get_list("Call Playlist Audience", filters={"parent": playlist}, parent="Call Playlist")
	)


def through_count(playlist):
	return bool(search.count("Call Playlist", {"name": playlist}))


def through_link_search(playlist):
	return playlist in str(frappes.link_search("Call Playlist", playlist))


def through_files(playlist):
	return bool(frappe.get_list("File", filters={"attached_to_name": playlist}, pluck="name"))


def through_mine(playlist):
	return playlist in [row["name"] for row in playlists.mine()["playlists"]]


WAYS = (
	through_page, through_list, through_document, through_audience, through_count, through_link_search, through_files,
	through_mine,
)  # fmt: skip


@pytest.mark.parametrize(
	("visibility", "sees"),
	[
		("Only me", ["owner", "manager"]),
		("Chosen people", ["owner", "manager", "shared with", "crm user", "rep"]),
		("Everyone with the seat", ["owner", "manager", "other seat", "rep"]),
	],
)
def test_who_sees_a_playlist(people, as_user, visibility, sees):
	group = factories.user_group(people["crm user"], people["portal user"])
	role = frappe.get_doc({"doctype": "Role", "role_name": factories.unique("Coach")}).insert().name
	frappe.get_doc("User", people["rep"]).add_roles(role)
	frappe.clear_cache(user=people["rep"])
	chosen = [("User", people["shared with"]), ("User Group", group), ("Role", role)]
	playlist = factories.playlist(people["owner"], audience=chosen, visibility=visibility)
	attach("Call Playlist", playlist)
	for way in WAYS:
		assert allowed(people, as_user, lambda way=way: way(playlist)) == sees, way


def attach(doctype, name):
	file = frappe.get_doc(
		{
			"doctype": "File", "file_name": "cover.txt", "file_url": "/private/files/cover.txt", "is_private": 1,
			"attached_to_doctype": doctype, "attached_to_name": name,
		}
	)  # fmt: skip
	file.set_new_name()
	file.db_insert()


def test_a_shared_playlist_is_seen_and_changed_by_nobody_else(people, as_user):
	playlist = factories.playlist(people["owner"])
	frappe.share.add("Call Playlist", playlist, people["stranger"], write=1, notify=False)
	with as_user(people["stranger"]):
		assert through_page(playlist) and through_list(playlist)
		with pytest.raises(frappe.PermissionError):
			client.set_value("Call Playlist", playlist, "title", "Mine")


def test_leaving_a_group_or_losing_the_seat_is_leaving_the_audience(people, as_user):
	group = factories.user_group(people["stranger"])
	chosen = factories.playlist(people["owner"], audience=[("User Group", group)])
	with as_user(people["stranger"]):
		assert through_page(chosen)
	frappe.db.delete("User Group Member", {"parent": group})
	assert allowed(people, as_user, lambda: through_page(chosen), ["stranger"]) == []


def test_a_deleted_member_leaves_no_place_to_somebody_of_the_same_name(people):
	leaver = factories.user(factories.SEAT)
	group = factories.user_group(leaver)
	call = factories.call(leaver)
	own = factories.playlist(leaver, call)
	playlist = factories.playlist(people["owner"], call, audience=[("User", leaver), ("User Group", group)])
	item = factories.playlist_item(playlist, call, leaver)
	frappe.set_user(leaver)
	playlists.follow(playlist)
	playlists.progress(item, 2)
	frappe.set_user("Administrator")

	frappe.delete_doc("User Group", group)
	frappe.delete_doc("User", leaver)

	assert frappe.get_doc("Call Playlist", playlist).audience == []
	assert not frappe.db.exists("Call Playlist Follower", {"user": leaver})
	assert not frappe.db.exists("Call Playlist Listening", {"user": leaver})
	row = next(row for row in listed(playlist) if row["name"] == item)
	assert (row["added_by"], row["added_by_name"]) == (None, leaver.split("@")[0].title())
	items.update(item, description="A manager goes on with it")
	assert playlists.get(own)["playlist"]["owner_name"] == ""
	doc = frappe.get_doc("Call Playlist", own)
	doc.playlist_owner = people["owner"]
	doc.save()


def test_an_item_shows_to_those_who_see_its_call_as_well(playlist, call, people, as_user):
	item = first(playlist)
	attach("Call Playlist Item", item)
	ways = {
		"page": lambda: item in [row["name"] for row in listed(playlist)],
		"list": lambda: item in frappe.get_list("Call Playlist Item", pluck="name"),
		"document": lambda: bool(frappe.get_doc("Call Playlist Item", item).has_permission("read")),
		"count": lambda: bool(search.count("Call Playlist Item", {"playlist": playlist})),
		"link search": lambda: bool(search.records("Call Playlist Item", item)),
		"values for a report": lambda: item in generic.custom_field_values("Call Playlist Item", "title"),
		"files": lambda: bool(frappe.get_list("File", filters={"attached_to_name": item}, pluck="name")),
		"progress": lambda: bool(playlists.progress(item, 1)),
	}
	for name, way in ways.items():
		assert allowed(people, as_user, way) == ["owner", "manager", "shared with"], name


def test_linked_documents_are_those_that_one_sees(playlist, people, as_user):
	def linked():
		found = generic.linked_documents("Call Playlist", playlist)
		return first(playlist) in str(found.get("Call Playlist Item"))

	assert allowed(people, as_user, linked) == ["owner", "manager", "shared with"]


def test_of_hidden_items_there_is_a_number_and_nothing_else(playlist, call, people, as_user):
	frappe.db.set_value("Call Playlist Item", first(playlist), {"title": "A zebra", "description": "A zebra"})
	frappe.db.set_value("Call", call, "title", "A zebra")
	with as_user(people["other seat"]):
		answer = playlists.get(playlist)
	assert (answer["hidden"], answer["items"]) == (1, [])
	assert answer["playlist"]["item_count"] == answer["playlist"]["total_seconds"] == 0
	assert "zebra" not in frappe.as_json(answer) and call not in frappe.as_json(answer)


def test_who_loses_sight_of_the_call_loses_the_item(playlist, call, people, as_user):
	with as_user(people["shared with"]):
		assert len(listed(playlist)) == 1
	frappe.share.remove("Call", call, people["shared with"])
	with as_user(people["shared with"]):
		assert listed(playlist) == []


def test_what_does_not_exist_looks_like_what_is_hidden(playlist, people, as_user):
	item = first(playlist)
	with as_user(people["stranger"]):
		for hidden, missing in (
			(lambda: playlists.get(playlist), lambda: playlists.get("none such")),
			(lambda: playlists.remove_item(item), lambda: playlists.remove_item("none such")),
			(lambda: playlists.follow(playlist), lambda: playlists.follow("x' or '1'='1")),
		):
			texts = []
			for request in (hidden, missing):
				with pytest.raises(frappe.PermissionError) as refusal:
					request()
				texts.append(str(refusal.value))
			assert texts[0] == texts[1]
