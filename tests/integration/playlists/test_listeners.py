"""Followers, listening positions, and hidden items"""

import frappe
import pytest
from frappe import client

from call_intelligence import permissions
from call_intelligence.api import playlists
from call_intelligence.playlists import audience
from call_intelligence.playlists import permissions as playlist_permissions
from tests import factories
from tests.integration.playlists.rows import EVERYBODY, allowed, first, listed, logs, told

# ------------------------------------------------------------------------------------------------ following


def test_followers_are_told_once_of_what_others_add(playlist, call, people, as_user):
	frappe.share.add("Call", call, people["other seat"], notify=False)
	for who in ("owner", "shared with", "other seat", "manager"):
		with as_user(people[who]):
			assert playlists.follow(playlist)["following"]
			playlists.follow(playlist)
	assert frappe.db.count("Call Playlist Follower", {"playlist": playlist}) == 4
	with as_user(people["manager"]):
		assert playlists.follow(playlist, "0") == {"following": False, "followers": 3}
	with as_user(people["owner"]):
		assert playlists.get(playlist)["following"] and playlists.get(playlist)["followers"] == 3
		playlists.add([{"call": call}, {"call": call}, {"call": call}], playlist=playlist)
	assert told(playlist) == sorted([people["shared with"], people["other seat"]])
	assert all(
		"3" in row.subject and "Price" not in row.subject and call not in row.subject
		for row in logs(playlist)
	)


def test_followers_hear_nothing_of_what_they_do_not_see(playlist, call, people, as_user):
	hidden = factories.call(people["owner"])
	for who in ("shared with", "other seat"):
		with as_user(people[who]):
			playlists.follow(playlist)
	with as_user(people["owner"]):
		playlists.add([{"call": hidden}], playlist=playlist)
		assert told(playlist) == []
		playlists.add([{"call": hidden}, {"call": call}], playlist=playlist)
	# one of the two is visible to them, and none to the other follower
	assert told(playlist) == [people["shared with"]]
	assert "a recording" in logs(playlist)[0].subject


def test_who_loses_sight_of_a_playlist_is_told_nothing_more(playlist, call, people, as_user):
	with as_user(people["shared with"]):
		playlists.follow(playlist)
	with as_user(people["owner"]):
		client.set_value("Call Playlist", playlist, "visibility", "Only me")
		playlists.add([{"call": call}], playlist=playlist)
	assert told(playlist) == []
	with as_user(people["shared with"]), pytest.raises(frappe.PermissionError):
		playlists.follow(playlist)


def test_an_item_made_over_rest_is_told_too(playlist, call, people, as_user):
	with as_user(people["shared with"]):
		playlists.follow(playlist)
	frappe.db.set_value("User", people["shared with"], "language", "pl")
	with as_user(people["owner"]):
		client.insert({"doctype": "Call Playlist Item", "playlist": playlist, "call": call})
	assert "playlisty" in logs(playlist)[0].subject


def test_followers_and_places_are_nobody_elses(playlist, people, as_user):
	for who in ("shared with", "owner"):
		with as_user(people[who]):
			playlists.follow(playlist)
			playlists.progress(first(playlist), 3)

	def seen(doctype):
		rows = frappe.get_list(doctype, filters={"playlist": playlist}, fields=["name", "user"])
		for row in rows:
			assert frappe.get_doc(doctype, row.name).has_permission("read")
			for right in ("write", "delete"):
				assert (
					not frappe.has_permission(doctype, right, doc=row.name)
					or frappe.session.user == "Administrator"
				)
		return sorted(row.user for row in rows)

	owner, other = people["owner"], people["shared with"]
	for who, followers, places in (
		("shared with", [other], [other]),
		("owner", [owner], [owner, other]),
		("manager", [owner, other], [owner, other]),
		("other seat", [], []),
		("stranger", [], []),
	):
		with as_user(people[who]):
			assert (seen("Call Playlist Follower"), seen("Call Playlist Listening")) == (followers, places), (
				who
			)
			for doctype in ("Call Playlist Follower", "Call Playlist Listening"):
				with pytest.raises(frappe.PermissionError):
					client.insert(
						{"doctype": doctype, "playlist": playlist, "item": first(playlist), "user": owner}
					)


def test_only_who_sees_a_playlist_follows_its_document(playlist, people):
	def follow(user):
		return frappe.get_doc(
			{
				"doctype": "Document Follow",
				"ref_doctype": "Call Playlist",
				"ref_docname": playlist,
				"user": user,
			}
		).insert(ignore_permissions=True)

	assert not frappe.db.exists("Document Follow", follow(people["stranger"]).name)
	kept, lost = follow(people["owner"]), follow(people["shared with"])
	frappe.db.set_value("Call Playlist", playlist, "visibility", "Only me")
	playlist_permissions.forget_followers_of_playlists()
	assert frappe.db.exists("Document Follow", kept.name)
	assert not frappe.db.exists("Document Follow", lost.name)


# ------------------------------------------------------------------------------------------------ listening


def test_a_place_is_remembered_and_a_mark_stays(playlist, people, as_user):
	item = first(playlist)
	with as_user(people["shared with"]):
		assert playlists.progress(item, "7.25") == {"listened": False, "place": 7.25}
		assert playlists.progress(item, 15, 1) == {"listened": True, "place": 15}
		marked = frappe.db.get_value("Call Playlist Listening", {"item": item}, "listened_on")
		assert playlists.progress(item, 2) == {"listened": True, "place": 2}
		playlists.progress(item, 15, 1)
		assert frappe.db.get_value("Call Playlist Listening", {"item": item}, "listened_on") == marked
		row = listed(playlist)[0]
		assert (row["listened"], row["place"], row["heard_by"]) == (True, 15, None)
		assert playlists.progress(item, 15, -1) == {"listened": False, "place": 15}
		for bad in ("nan", "soon", 1e300, "-1e300"):
			with pytest.raises(frappe.ValidationError):
				playlists.progress(item, bad)
	with as_user(people["manager"]):
		row = listed(playlist)[0]
		assert (row["listened"], row["place"], row["heard_by"]) == (False, 0, 0)
	assert frappe.db.count("Call Playlist Listening", {"item": item}) == 1


def test_owner_and_managers_are_told_who_has_heard_what(playlist, people, as_user):
	with as_user(people["shared with"]):
		playlists.progress(first(playlist), 15, 1)
	assert allowed(people, as_user, lambda: playlists.heard(playlist) is not None) == ["owner", "manager"]
	with as_user(people["owner"]):
		(row,) = playlists.heard(playlist)
		assert (row["user"], row["listened"], row["place"]) == (people["shared with"], True, 15)
		assert row["item"] == first(playlist) and row["full_name"] and row["listened_on"]
		assert listed(playlist)[0]["heard_by"] == 1


def test_an_owner_who_does_not_see_a_call_is_not_told_who_has_heard_it(people, as_user):
	call = factories.call(people["rep"])
	playlist = factories.playlist(
		people["other seat"], audience=[("User", people["rep"])], who_may_add="Everyone who sees it"
	)
	item = factories.playlist_item(playlist, call, people["rep"])
	with as_user(people["rep"]):
		playlists.progress(item, 1, 1)
	with as_user(people["other seat"]):
		assert playlists.heard(playlist) == []
		assert playlists.get(playlist)["hidden"] == 1


# ------------------------------------------------------------------------------------------------ hidden items


def test_the_owner_is_told_how_many_are_hidden_for_whom_and_shares_them(people, as_user):
	mine, others = factories.call(people["owner"]), factories.call(people["rep"])
	frappe.share.add("Call", others, people["owner"], notify=False)
	playlist = factories.playlist(
		people["owner"], mine, mine, others, audience=[("User", people["crm user"]), ("User", people["rep"])]
	)
	assert allowed(people, as_user, lambda: bool(playlists.hidden_for(playlist))) == ["owner", "manager"]
	with as_user(people["owner"]):
		answer = playlists.hidden_for(playlist)
		assert {row["user"]: (row["count"], row["may_share"]) for row in answer["people"]} == {
			people["crm user"]: (3, 2),
			people["rep"]: (2, 2),
		}
		assert answer["complete"]
		assert playlists.share_hidden(playlist, people["crm user"]) == {"shared": 2, "not_shared": 1}
		assert playlists.share_hidden(playlist, people["crm user"]) == {"shared": 0, "not_shared": 1}
	assert permissions.can_see(mine, people["crm user"]) and not permissions.can_see(
		others, people["crm user"]
	)
	with as_user(people["manager"]):
		assert playlists.share_hidden(playlist, people["crm user"]) == {"shared": 1, "not_shared": 0}
		people_left = [row["user"] for row in playlists.hidden_for(playlist)["people"]]
		assert people_left == [people["rep"]]


def test_where_the_site_does_not_let_one_share_no_hidden_call_is_shared(no_sharing, people, as_user):
	mine = factories.call(people["owner"])
	playlist = factories.playlist(people["owner"], mine, audience=[("User", people["crm user"])])
	with as_user(people["owner"]):
		(row,) = playlists.hidden_for(playlist)["people"]
		assert (row["count"], row["may_share"]) == (1, 0)
		assert playlists.share_hidden(playlist, people["crm user"]) == {"shared": 0, "not_shared": 1}


def test_a_call_that_frappe_lets_one_not_share_is_left_out(people, as_user):
	mine = [factories.call(people["owner"]) for _number in range(2)]
	playlist = factories.playlist(people["owner"], *mine, audience=[("User", people["crm user"])])
	permission = {
		"doctype": "User Permission",
		"user": people["owner"],
		"allow": "Call",
		"for_value": mine[0],
	}
	frappe.get_doc(permission).insert(ignore_permissions=True)
	with as_user(people["owner"]):
		assert playlists.share_hidden(playlist, people["crm user"]) == {"shared": 1, "not_shared": 1}


def test_calls_are_shared_with_the_audience_only_and_by_no_others(playlist, call, people, as_user):
	for who, whom in (
		("owner", "stranger"),
		("owner", "portal user"),
		("owner", "Guest"),
		("shared with", "other seat"),
	):
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			playlists.share_hidden(playlist, people[whom])
	assert not permissions.can_see(call, people["stranger"])


@pytest.mark.parametrize(
	("visibility", "chosen", "seen_by"),
	[
		("Only me", [], ["owner"]),
		("Everyone with the seat", [], ["owner", "other seat", "rep"]),
		("Chosen people", [("Role", "All")], ["owner", "participant", "shared with", "crm user", "other seat", "rep", "stranger"]),
		("Chosen people", [("Role", factories.SEAT)], ["owner", "other seat", "rep"]),
	],
)  # fmt: skip
def test_the_people_who_see_it_are_those_whom_the_rule_lets(people, as_user, visibility, chosen, seen_by):
	playlist = factories.playlist(people["owner"], audience=chosen, visibility=visibility)
	with as_user(people["manager"]):
		found = {row["user"] for row in audience.people(playlist)[0]}
	by_rule = {people[who] for who in EVERYBODY if audience.sees(playlist, people[who])}
	assert found & set(people.values()) == {people[who] for who in seen_by}
	assert by_rule - {people["manager"]} == {people[who] for who in seen_by}


def test_only_so_many_people_are_looked_at(people, as_user, monkeypatch):
	monkeypatch.setattr(audience, "MOST_PEOPLE", 1)
	playlist = factories.playlist(
		people["owner"],
		factories.call(people["owner"]),
		audience=[("User", people["rep"]), ("User", people["crm user"])],
	)
	with as_user(people["owner"]):
		answer = playlists.hidden_for(playlist)
	assert (len(answer["people"]), answer["complete"]) == (1, False)
