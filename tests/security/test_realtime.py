"""What realtime tells, and to whom: rooms of a DocType hear no names, rooms of a document hear no content"""

import json

import frappe
import pytest
from frappe.model.base_document import get_controller
from frappe.utils.background_jobs import get_redis_connection_without_auth

from call_intelligence import transcript
from call_intelligence.api.search import MODULE
from call_intelligence.jobs import progress
from call_intelligence.live import ToldWithoutNames
from tests import factories


@pytest.fixture
def heard(site):
	"""`heard()`: [(event, message, room)] that this site has published since the last call"""
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


def test_open_pages_hear_that_a_call_has_moved_and_not_how(people, committed, heard):
	contact = committed("Contact", factories.contact())
	call = committed("Call", factories.call(people["owner"], associations=[("Contact", contact)]))
	frappe.db.commit()
	heard()
	progress.show(call, transcript.recording_of(call), "Failed", error="The secret zebra is damaged")
	frappe.db.commit()
	told = [(message, room) for event, message, room in heard() if event == progress.EVENT]
	assert sorted(told, key=str) == sorted(
		[({"call": call}, f"doc:Call/{call}"), ({"call": call}, f"doc:Contact/{contact}")], key=str
	)


def test_no_doctype_of_ours_tells_names_to_lists(site):
	for doctype in frappe.get_all(
		"DocType", filters={"module": MODULE, "istable": 0, "issingle": 0}, pluck="name"
	):
		assert issubclass(get_controller(doctype), ToldWithoutNames), doctype
