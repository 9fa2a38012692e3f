"""A share is not ownership, and an address that users can set themselves identifies nobody"""

import frappe
import pytest

from call_intelligence import permissions
from call_intelligence.api import clips, participants
from call_intelligence.integrations.registry import association_doctypes
from call_intelligence.queries import persons
from tests import factories


@pytest.fixture
def writer(call, people):
	"""A user without rights, with whom Frappe has shared the call for reading, writing and sharing."""
	frappe.share.add("Call", call.name, people["stranger"], read=1, write=1, share=1, notify=False)
	return people["stranger"]


CHANGES = {
	"a participant": lambda doc: doc.append(
		"participants", {"party_type": "User", "party": frappe.session.user}
	),
	"no associations": lambda doc: doc.set("associations", []),
	"the title": lambda doc: doc.set("title", "Mine"),
	"the owner": lambda doc: doc.set("call_owner", frappe.session.user),
	"the notes": lambda doc: doc.set("notes", "<p>Mine</p>"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_share_for_writing_changes_nothing(call, writer, as_user, change):
	before = frappe.get_doc("Call", call.name).as_dict()
	with as_user(writer):
		doc = frappe.get_doc("Call", call.name)
		CHANGES[change](doc)
		with pytest.raises(frappe.PermissionError):
			doc.save()
		with pytest.raises(frappe.PermissionError):
			doc.delete()
	after = frappe.get_doc("Call", call.name).as_dict()
	for field in ("title", "call_owner", "notes", "modified"):
		assert after[field] == before[field]
	assert [len(after[table]) for table in ("participants", "associations")] == [
		len(before[table]) for table in ("participants", "associations")
	]


def test_nor_by_rest(people, web, committed):
	name = committed("Call", factories.call(people["owner"], associations=[("Contact", factories.contact())]))
	frappe.share.add("Call", name, people["stranger"], read=1, write=1, share=1, notify=False)
	frappe.db.commit()
	stranger = web(people["stranger"])
	for method, path, body in (
		("PUT", f"/api/resource/Call/{name}", {"associations": []}),
		("PUT", f"/api/resource/Call/{name}", {"participants": [{"party_type": "User", "party": people["stranger"]}]}),
		("POST", "/api/method/frappe.client.set_value", {"doctype": "Call", "name": name, "fieldname": "title", "value": "x"}),
		("DELETE", f"/api/resource/Call/{name}", None),
	):  # fmt: skip
		answer = stranger.request(method, path, json=body)
		assert answer.status_code == 403, (path, answer.text)
	assert stranger.get(f"/api/resource/Call/{name}").status_code == 200


SHARED = (
	"Call Recording",
	"Call Comment",
	"Transcript Segment",
	"Term Mention",
	"Call Clip",
	"Call Playlist",
	"Call Playlist Item",
)


@pytest.mark.parametrize("doctype", SHARED)
def test_nor_of_what_belongs_to_a_call(call, people, as_user, doctype):
	factories.playlist(people["owner"], call.name)
	name = frappe.db.get_value(doctype, {"call": call.name} if doctype != "Call Playlist" else {})
	frappe.share.add(doctype, name, people["stranger"], read=1, write=1, notify=False)
	with as_user(people["stranger"]):
		doc = frappe.get_doc(doctype, name)
		with pytest.raises(frappe.PermissionError):
			doc.save()


def test_who_may_edit_still_does(call, people, as_user):
	for who in ("owner", "manager"):
		with as_user(people[who]):
			doc = frappe.get_doc("Call", call.name)
			doc.title = f"By {who}"
			doc.save()
	assert frappe.db.get_value("Call", call.name, "title") == "By manager"


def test_an_address_that_a_user_has_set_identifies_nobody(call, people, as_user):
	"""Otherwise they would be suggested as the only match for a customer, and see the call once the owner connects them."""
	customer = "sarah.miller@customer.example.com"
	frappe.db.set_value("User", people["stranger"], "email", customer)
	voice = call.participants[0].name
	with as_user(people["owner"]):
		for text in (customer, "sarah.miller@"):
			assert people["stranger"] not in [row["name"] for row in participants.search(call.name, text)]
			assert people["stranger"] not in [row["name"] for row in clips.people(call.name, text)]
	with as_user(people["sales manager"]):
		answer = participants.add_contact(call.name, voice, "Sarah", email=customer)
	assert people["stranger"] not in str(answer)
	assert "Sarah" in str(answer)
	assert not permissions.can_see(call.name, people["stranger"])


@pytest.mark.parametrize(("who", "sees"), [("crm user", True), ("stranger", False)])
def test_other_apps_are_asked_as_the_person(people, as_user, who, sees):
	"""Conditions may read the session, as Helpdesk's do: same result in a job, a console and the user's own request."""
	if "HD Ticket" not in association_doctypes():
		pytest.fail("The test site has no HD Ticket")
	ticket = frappe.get_doc({"doctype": "HD Ticket", "subject": "No water"}).insert().name
	name = factories.call(people["owner"], associations=[("HD Ticket", ticket)])
	if sees:
		frappe.get_doc("User", people[who]).add_roles("Agent")
	for asking in (people[who], "Administrator", people["owner"], "Guest"):
		with as_user(asking):
			assert permissions.can_see(name, people[who]) is sees, asking
			assert persons.may(people[who], "read", "HD Ticket", ticket) is sees, asking
			assert frappe.session.user == asking
