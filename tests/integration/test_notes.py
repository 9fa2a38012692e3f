"""Notes on a call: others' changes are not overwritten unseen, and earlier versions can be restored."""

import json

import frappe
import pytest
from frappe import client

from call_intelligence.api import notes
from tests import factories
from tests.factories import mention

SEES = ("owner", "manager", "participant", "shared with", "crm user")


@pytest.fixture
def call(people):
	name = factories.call(
		people["owner"],
		associations=[("Contact", factories.contact())],
		participants=[{"party_type": "User", "party": people["participant"], "display_name": "A colleague"}],
	)
	frappe.share.add("Call", name, people["shared with"], notify=False)
	return name


def stored(call):
	return frappe.get_doc("Call", call)


def versions(call):
	rows = frappe.get_all(
		"Version", filters={"ref_doctype": "Call", "docname": call}, pluck="data", order_by="creation"
	)
	changes = [change for data in rows for change in json.loads(data)["changed"]]
	return [(before, after) for field, before, after in changes if field == "notes"]


@pytest.mark.parametrize("who", SEES)
def test_whoever_sees_the_call_writes_notes(call, people, as_user, who):
	with as_user(people[who]):
		answer = notes.save(call, "<p>Asks for <strong>a discount</strong></p>", 0)
		assert answer == {"saved": True, **notes.get(call)}
	assert (answer["version"], answer["by"]) == (1, people[who])
	assert stored(call).notes == "<p>Asks for <strong>a discount</strong></p>"


def test_newer_notes_are_not_overwritten(call, people, as_user):
	with as_user(people["owner"]):
		notes.save(call, "<p>Mine</p>", 0)
	frappe.local.response = frappe._dict()
	with as_user(people["crm user"]):
		answer = notes.save(call, "<p>Theirs</p>", 0)
		assert frappe.local.response.http_status_code == 409
		assert (answer["saved"], answer["content"], answer["version"]) == (False, "<p>Mine</p>", 1)
		assert answer["by_name"] == frappe.db.get_value("User", people["owner"], "full_name")
		assert stored(call).notes == "<p>Mine</p>"
		# after seeing them, one may overwrite
		assert notes.save(call, "<p>Mine</p><p>Theirs</p>", 1)["version"] == 2


def test_the_same_words_are_no_conflict_and_no_new_version(call, people, as_user):
	with as_user(people["owner"]):
		notes.save(call, "<p>Same</p>", 0)
	with as_user(people["crm user"]):
		answer = notes.save(call, "<p>Same</p>", 0)
	assert (answer["saved"], answer["version"], answer["by"]) == (True, 1, people["owner"])


def test_the_text_before_can_be_got_back(call, people, as_user):
	with as_user(people["owner"]):
		notes.save(call, "<p>One</p>", 0)
		notes.save(call, "<p>One two</p>", 1)
		notes.save(call, "<p>One two three</p>", 2)
	with as_user(people["manager"]):
		notes.save(call, "<p>Gone</p>", 3)
	# one version for consecutive saves by one user
	assert versions(call) == [("", "<p>One two three</p>"), ("<p>One two three</p>", "<p>Gone</p>")]


def test_the_open_form_can_still_be_saved_and_takes_no_notes_away(call, people, as_user):
	with as_user(people["owner"]):
		opened = stored(call)
		notes.save(call, "<p>Written in the review</p>", 0)
		opened.title = "Renamed"
		opened.save()
	doc = stored(call)
	assert (doc.title, doc.notes, doc.notes_version) == ("Renamed", "<p>Written in the review</p>", 1)


def test_an_owner_writes_notes_over_rest(call, people, as_user):
	with as_user(people["owner"]):
		notes.save(call, "<p>First</p>", 0)
		client.set_value("Call", call, "notes", '<p onclick="x()">Over REST<script>x()</script></p>')
		assert notes.get(call) | {"on": ""} == {
			"content": "<p>Over REST</p>", "version": 2, "by": people["owner"],
			"by_name": frappe.db.get_value("User", people["owner"], "full_name"), "on": "",
		}  # fmt: skip
	with as_user(people["crm user"]), pytest.raises(frappe.PermissionError):
		client.set_value("Call", call, "notes", "Not mine")


def test_who_wrote_them_cannot_be_forged(call, people, as_user):
	with as_user(people["owner"]):
		doc = stored(call)
		doc.update({"notes": "<p>Words</p>", "notes_by": people["manager"], "notes_on": "2001-01-01"})
		doc.save()
	assert stored(call).notes_by == people["owner"]
	assert stored(call).notes_on.year > 2001


def test_notes_of_a_new_call_are_made_safe(people, as_user):
	name = factories.call(
		people["owner"], notes='<p>Called <a href="javascript:x()">back</a><svg onload=x()></svg></p>'
	)
	assert notes.get(name)["content"] == "<p>Called back</p>"
	assert notes.get(name)["version"] == 1


def test_notes_can_be_emptied_and_are_not_endless(call, people, as_user):
	with as_user(people["owner"]):
		notes.save(call, "<p>Something</p>", 0)
		assert notes.save(call, "<p><br></p>", 1)["content"] == ""
		with pytest.raises(frappe.ValidationError, match="too long"):
			notes.save(call, "word " * 200_000, 2)


def test_a_mention_in_the_notes_is_told_once(call, people, as_user):
	logs = {"document_type": "Call", "document_name": call}
	with as_user(people["owner"]):
		notes.save(call, f"<p>{mention(people['manager'])} {mention(people['stranger'])}</p>", 0)
		notes.save(call, f"<p>{mention(people['manager'])} more</p>", 1)
		notes.save(call, "<p>more</p>", 2)
		notes.save(call, f"<p>{mention(people['manager'])} again</p>", 3)
	assert frappe.get_all("Notification Log", filters=logs, pluck="for_user") == [people["manager"]]
	assert "notes" in frappe.get_all("Notification Log", filters=logs, pluck="subject")[0]


def test_notes_of_a_deleted_user_stay(call, people, as_user):
	leaver = factories.user(factories.MANAGER)
	with as_user(leaver):
		notes.save(call, "<p>Well done</p>", 0)
	frappe.delete_doc("User", leaver)
	with as_user(people["owner"]):
		assert notes.get(call)["content"] == "<p>Well done</p>"
		doc = stored(call)
		doc.title = "Still to be saved"
		doc.save()
