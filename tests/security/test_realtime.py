"""Realtime events and their receivers: DocType rooms get no names, viewers of a document get no content"""

import json

import frappe
import pytest
from frappe.model.base_document import get_controller
from frappe.utils.background_jobs import get_redis_connection_without_auth

from call_intelligence import transcript
from call_intelligence.api import playlists, review
from call_intelligence.api import transcript as transcript_api
from call_intelligence.api.search import MODULE
from call_intelligence.core import live
from call_intelligence.core.live import ToldWithoutNames
from call_intelligence.desk.timeline import get_timeline_cards
from call_intelligence.discussion import comments, notes
from call_intelligence.guard import requests
from call_intelligence.playlists import items
from call_intelligence.queue import progress
from tests import factories


@pytest.fixture
def heard(site):
	"""`heard()`: [(event, message, room)] published by this site since the last call"""
	channel = get_redis_connection_without_auth().pubsub(ignore_subscribe_messages=True)
	channel.subscribe("events")
	channel.get_message(timeout=5)

	def messages():
		found = []
		while message := channel.get_message(timeout=0.3):
			told = json.loads(message["data"])
			if told["namespace"] == site:
				found.append((told["event"], told["message"], told["room"]))
		return found

	yield messages
	channel.close()


def test_lists_hear_no_names(people, as_user, committed, heard):
	call = committed("Call", factories.call(people["owner"]))
	recording = transcript.recording_of(call)
	frappe.db.commit()
	heard()
	with as_user(people["owner"]):
		doc = frappe.get_doc("Call", call)
		doc.title = "A secret zebra"
		doc.save()
		progress.show(call, recording, "Transcribing", 0.5)
		frappe.db.commit()
	told = heard()
	lists = [(event, message) for event, message, room in told if not room or room.startswith("doctype:")]
	assert ("call_intelligence_list", {"doctype": "Call"}) in lists
	assert call not in json.dumps(lists) and people["owner"] not in json.dumps(lists)
	assert "zebra" not in json.dumps(told)


def told_of(event: str, heard) -> list[tuple]:
	return sorted(((message, room) for name, message, room in heard() if name == event), key=str)


def test_open_pages_hear_that_a_call_has_moved_and_not_how(people, as_user, committed, heard):
	contact = committed("Contact", factories.contact())
	call = committed("Call", factories.call(people["owner"], associations=[("Contact", contact)]))
	frappe.db.commit()
	with as_user(people["owner"]):
		review.get(call)
	for who in ("rep", "stranger"):
		with as_user(people[who]):
			get_timeline_cards("Contact", contact)
	heard()
	progress.show(call, transcript.recording_of(call), "Failed", error="The secret zebra is damaged")
	frappe.db.commit()
	# the stranger has the record open, and does not see its calls
	assert told_of(progress.EVENT, heard) == sorted(
		[({"call": call}, f"user:{people[who]}") for who in ("owner", "rep")], key=str
	)


def change_everything(call: str, playlist: str) -> None:
	live.call_changed(call)
	progress.publish(call)
	comments.publish(call)
	notes.publish(call)
	items.publish(playlist)
	for doctype, name in (("Call", call), ("Call Playlist", playlist)):
		frappe.get_doc(doctype, name).notify_update()
	first = transcript.segments(transcript.recording_of(call))[0]
	transcript_api.correct_text(call, first[0], f"{first[4]} indeed")
	frappe.db.commit()


def test_who_may_not_see_any_more_hears_nothing_any_more(people, as_user, committed, heard):
	call = committed("Call", factories.call(people["owner"]))
	playlist = committed(
		"Call Playlist", factories.playlist(people["owner"], call, audience=[("User", people["stranger"])])
	)
	frappe.share.add("Call", call, people["stranger"], notify=False)
	frappe.db.commit()
	for who in ("owner", "stranger"):
		with as_user(people[who]):
			review.get(call)
			playlists.get(playlist)
	heard()
	change_everything(call, playlist)
	before = heard()
	frappe.share.remove("Call", call, people["stranger"])
	doc = frappe.get_doc("Call Playlist", playlist)
	doc.audience = []
	doc.save()
	frappe.db.commit()
	heard()
	change_everything(call, playlist)
	after = heard()

	def events(told, who):
		return {event for event, _message, room in told if room == f"user:{people[who]}"}

	assert len(events(before, "owner")) == 7
	assert events(before, "stranger") == events(before, "owner") == events(after, "owner")
	assert events(after, "stranger") == set()
	rooms = {room.split(":")[0] for _event, _message, room in (*before, *after)}
	assert "doc" not in rooms


@pytest.mark.parametrize(
	"doctype", ["Call", "CALL", "Call Playlist", "Call Clip", "Call Intelligence Settings"]
)
def test_nobody_enters_the_room_of_a_document_of_ours(people, committed, web, doctype):
	call = committed("Call", factories.call(people["rep"]))
	contact = committed("Contact", factories.contact())
	frappe.db.commit()
	client = web(people["rep"])
	ask = "/api/method/frappe.realtime.can_subscribe_doc"
	assert client.get(ask, params={"doctype": "Contact", "docname": contact}).status_code == 200
	assert client.get(ask, params={"doctype": doctype, "docname": call}).status_code in (403, 404)


def test_from_16_on_lists_are_entered_by_the_same_question(site):
	function = "frappe.realtime.has_permission"
	requests.check_room([function], {"doctype": "Call", "name": ""})
	with pytest.raises(frappe.PermissionError):
		requests.check_room([function], {"doctype": "Call", "name": "CALL-2026-00001"})


def test_what_cannot_be_told_breaks_nothing_off(people, as_user, committed, heard, monkeypatch):
	"""Another app's rule fails"""
	ticket = frappe.get_doc(
		{"doctype": "HD Ticket", "subject": "The pump", "raised_by": people["owner"]}
	).insert()
	committed("HD Ticket", ticket.name)
	call = committed("Call", factories.call(people["owner"], associations=[("HD Ticket", ticket.name)]))
	frappe.db.commit()
	with as_user(people["owner"]):
		review.get(call)
	heard()
	done = []
	monkeypatch.setattr("demo_helpdesk.permissions.ticket_query", lambda *args, **kwargs: 1 / 0)
	live.call_changed(call)
	frappe.db.after_commit.add(lambda: done.append("what waits behind it"))
	frappe.db.commit()
	assert done and told_of(live.EVENT, heard) == []
	monkeypatch.undo()
	live.call_changed(call)
	frappe.db.commit()
	assert len(told_of(live.EVENT, heard)) == 1


def test_a_form_that_is_opened_hears_of_changes(people, as_user, committed, heard):
	call = committed("Call", factories.call(people["owner"]))
	frappe.db.commit()
	with as_user(people["owner"]):
		frappe.get_doc("Call", call).run_method("onload")
	heard()
	frappe.get_doc("Call", call).notify_update()
	frappe.db.commit()
	((message, room),) = told_of("doc_update", heard)
	assert (message["name"], room) == (call, f"user:{people['owner']}")


def test_no_doctype_of_ours_tells_names_to_lists(site):
	for doctype in frappe.get_all(
		"DocType", filters={"module": MODULE, "istable": 0, "issingle": 0}, pluck="name"
	):
		assert issubclass(get_controller(doctype), ToldWithoutNames), doctype
