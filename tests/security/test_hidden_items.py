"""Playlist items whose call the owner no longer sees: they can be removed, and reveal nothing."""

import frappe
import pytest

from call_intelligence.api import playlists as api
from tests import factories

REMOVE = "/api/method/call_intelligence.api.playlists.remove_item"
LIST = "/api/method/call_intelligence.api.playlists.get"
SECRET = "Zanzibar"


@pytest.fixture
def hidden(people, committed):
	"""(playlist, item of a call that was shared with its owner and no longer is, item of their own call)"""
	own = committed("Call", factories.call(people["rep"]))
	call = committed("Call", factories.call(people["owner"], title=f"{SECRET} call"))
	playlist = committed("Call Playlist", factories.playlist(people["rep"]))
	frappe.share.add("Call", call, people["rep"], read=1)
	gone = factories.playlist_item(
		playlist, call, people["rep"], title=f"{SECRET} title", description=f"{SECRET} words"
	)
	kept = factories.playlist_item(playlist, own, people["rep"])
	frappe.share.remove("Call", call, people["rep"])
	frappe.db.commit()
	return playlist, gone, kept


def test_the_owner_takes_it_out_without_learning_anything(hidden, people, web):
	playlist, gone, kept = hidden
	rep = web(people["rep"])
	before = rep.get(LIST, params={"playlist": playlist}).json()["message"]
	assert before["hidden_items"] == [{"name": gone, "position": 1}] and before["hidden"] == 1
	answer = rep.post(REMOVE, data={"item": gone})
	assert answer.ok, answer.text
	assert [item["name"] for item in answer.json()["message"]["items"]] == [kept]
	assert answer.json()["message"]["hidden"] == 0 and answer.json()["message"]["hidden_items"] == []
	for text in (str(before), answer.text):
		assert SECRET not in text
	frappe.db.rollback()
	assert not frappe.db.exists("Call Playlist Item", gone)
	assert frappe.db.get_value("Call Playlist Item", kept, "position") == 1
	assert frappe.db.get_value("Call Playlist", playlist, "item_count") == 1


def test_no_other_door_opens_by_that(hidden, people, web, as_user):
	_playlist, gone, _kept = hidden
	rep = web(people["rep"])
	for answer in (
		rep.get(f"/api/resource/Call Playlist Item/{gone}"),
		rep.delete(f"/api/resource/Call Playlist Item/{gone}"),
		rep.post(
			"/api/method/call_intelligence.api.playlists.update_item", data={"item": gone, "title": "x"}
		),
		rep.post("/api/method/call_intelligence.api.playlists.move_item", data={"item": gone, "position": 2}),
		rep.post("/api/method/call_intelligence.api.playlists.progress", data={"item": gone, "seconds": 1}),
	):
		assert answer.status_code == 403 and SECRET not in answer.text, answer.text
	with as_user(people["rep"]):
		assert frappe.get_list("Call Playlist Item", filters={"name": gone}) == []


def test_others_are_told_the_same_as_of_what_does_not_exist(hidden, people, as_user):
	playlist, gone, kept = hidden
	frappe.share.add("Call Playlist", playlist, people["stranger"], read=1)
	refused = set()
	with as_user(people["stranger"]):
		# they see the playlist, but neither of its calls
		assert "hidden_items" not in api.get(playlist)
		for item in (gone, kept, "nothing"):
			with pytest.raises(frappe.PermissionError) as error:
				api.remove_item(item)
			refused.add(str(error.value))
	with as_user(people["other seat"]):
		for item in (gone, kept, "nothing"):
			with pytest.raises(frappe.PermissionError) as error:
				api.remove_item(item)
			refused.add(str(error.value))
	assert len(refused) == 1 and frappe.db.exists("Call Playlist Item", gone)


def test_a_former_adder_who_is_not_the_owner_may_not(hidden, people, as_user):
	"""A user who added an item but no longer sees it: only the playlist's owner may remove it."""
	playlist, _gone, _kept = hidden
	call = factories.call(people["owner"])
	item = factories.playlist_item(playlist, call, people["stranger"])
	with as_user(people["stranger"]), pytest.raises(frappe.PermissionError):
		api.remove_item(item)
	with as_user(people["rep"]):
		api.remove_item(item)
	assert not frappe.db.exists("Call Playlist Item", item)
