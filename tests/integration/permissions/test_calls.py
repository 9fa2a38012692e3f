"""Who sees and changes a call, through every way in"""

import frappe
import pytest
from frappe import client
from frappe.desk import search as desk_search

from call_intelligence import permissions, transcript
from call_intelligence.api import calls, review
from call_intelligence.api import transcript as editing
from call_intelligence.desk import timeline
from call_intelligence.jobs import results
from tests import factories, frappes
from tests.integration.permissions.rule import EDITS, SEES, SEES_NOT


def through_list(call):
	return call.name in frappe.get_list("Call", filters={"name": call.name}, pluck="name")


def through_document(call):
	return bool(frappe.get_doc("Call", call.name).has_permission("read"))


def through_rule(call):
	return permissions.can_see(call.name)


def through_segments(call):
	return bool(frappe.get_list("Transcript Segment", filters={"call": call.name}))


def through_recording(call):
	return bool(frappe.get_list("Call Recording", filters={"call": call.name}))


def through_history(call):
	return bool(frappe.get_list("Transcript Edit", filters={"call": call.name}))


def through_comments(call):
	return bool(frappe.get_list("Call Comment", filters={"call": call.name}))


def through_a_comment(call):
	comment = frappe.get_doc("Call Comment", {"call": call.name})
	return bool(comment.has_permission("read"))


def through_link_search_of_comments(call):
	return call.name in str(frappes.link_search("Call Comment", call.name))


def through_mentions(call):
	return bool(frappe.get_list("Term Mention", filters={"call": call.name}))


def through_a_mention(call):
	return bool(frappe.get_doc("Term Mention", {"call": call.name}).has_permission("read"))


def through_link_search_of_mentions(call):
	filters = {"call": call.name}
	return bool(frappes.link_search("Term Mention", "", filters=filters, filter_fields='["text"]'))


def through_link_search_of_segments(call):
	filters = {"call": call.name}
	return bool(frappes.link_search("Transcript Segment", "", filters=filters, filter_fields='["text"]'))


def through_participants(call):
	"""Rows of a child table, requested directly"""
	return bool(client.get_list("Call Participant", filters={"parent": call.name}, parent="Call"))


def through_associations(call):
	return bool(client.get_list("Call Association", filters={"parent": call.name}, parent="Call"))


def through_link_search(call):
	"""Like the search of a link field that ignores User Permissions"""
	return call.name in str(frappes.link_search("Call", call.name))


@pytest.mark.parametrize(
	"way",
	[
		through_list,
		through_document,
		through_rule,
		through_participants,
		through_link_search,
		through_comments,
		through_a_comment,
		through_link_search_of_comments,
	],
)
def test_who_sees_a_call(call, people, as_user, way):
	for who in (*SEES, *SEES_NOT):
		assert sees(call, people[who], as_user, way) is (who in SEES), who


def test_who_lists_what_a_call_is_associated_with(call, people, as_user):
	"""The row is the name of the record: users who may read it see the call as well."""
	for who in (*SEES, *SEES_NOT):
		assert sees(call, people[who], as_user, through_associations) is (who == "crm user"), who
	frappe.share.add("Contact", call.associations[0].link_name, people["manager"], notify=False)
	assert sees(call, people["manager"], as_user, through_associations)


def sees(call, user: str, as_user, way) -> bool:
	with as_user(user):
		try:
			return way(call)
		except frappe.PermissionError:
			return False


@pytest.mark.parametrize(
	"way",
	[
		through_segments,
		through_recording,
		through_history,
		through_link_search_of_segments,
		through_mentions,
		through_a_mention,
		through_link_search_of_mentions,
	],
)
def test_who_reads_what_belongs_to_it(call, people, as_user, way):
	editing.rename_speaker(call.name, "S1", "Daniel")
	for who in ("owner", "manager", *SEES_NOT):
		assert sees(call, people[who], as_user, way) is (who in EDITS), who


@pytest.mark.parametrize(("right", "allowed"), [("write", EDITS), ("share", EDITS), ("delete", ("manager",))])
def test_who_changes_a_call(call, people, as_user, right, allowed):
	for who in (*SEES, *SEES_NOT):
		with as_user(people[who]):
			assert bool(frappe.has_permission("Call", right, doc=call)) is (who in allowed), who


def test_who_creates_calls(people, site, as_user):
	for who in (*SEES, *SEES_NOT):
		with as_user(people[who]):
			may = bool(frappe.has_permission("Call", "create"))
		assert may is (who in ("owner", "manager", "other seat")), who


def test_results_of_processing_cannot_be_written_by_hand(call, people, as_user):
	with as_user(people["owner"]):
		doc = frappe.get_doc("Call", call.name)
		doc.update({"status": "Failed", "duration": 1, "title": "Renamed"})
		doc.save()
	doc.reload()
	assert (doc.title, doc.status, doc.duration) == ("Renamed", "Ready", call.duration)


def test_nobody_associates_a_record_they_cannot_read(call, people, as_user):
	note = frappe.get_doc({"doctype": "Contact", "first_name": factories.unique("Hidden")}).insert()
	with as_user(people["owner"]):
		doc = frappe.get_doc("Call", call.name)
		doc.append("associations", {"link_doctype": "Contact", "link_name": note.name})
		with pytest.raises(frappe.PermissionError):
			doc.save()


def test_a_call_is_given_away_by_managers_only(call, people, as_user):
	with as_user(people["owner"]):
		doc = frappe.get_doc("Call", call.name)
		doc.call_owner = people["other seat"]
		with pytest.raises(frappe.PermissionError):
			doc.save()
	with as_user(people["manager"]):
		doc = frappe.get_doc("Call", call.name)
		doc.call_owner = people["other seat"]
		doc.save()
	with as_user(people["other seat"]):
		assert permissions.can_see(call.name)


def test_losing_the_record_loses_the_call(call, people, as_user):
	"""User Permissions of the associated record count, even if added later."""
	other = factories.contact()
	with as_user(people["crm user"]):
		assert permissions.can_see(call.name)
	frappe.get_doc(
		{"doctype": "User Permission", "user": people["crm user"], "allow": "Contact", "for_value": other}
	).insert(ignore_permissions=True)
	with as_user(people["crm user"]):
		assert not permissions.can_see(call.name)
		assert not through_list(call)


def test_neither_selecting_a_record_nor_a_user_permission_is_reading_it(call, people, as_user):
	contact = call.associations[0].link_name
	frappe.get_doc(
		{"doctype": "User Permission", "user": people["stranger"], "allow": "Contact", "for_value": contact}
	).insert(ignore_permissions=True)
	with as_user(people["stranger"]):
		assert not frappe.has_permission("Contact", "read", doc=contact)
		assert not permissions.can_see(call.name)


def test_the_title_of_a_hidden_call_is_nobodys_business(call, people, as_user):
	with as_user(people["stranger"]):
		assert desk_search.get_link_title("Call", call.name) == call.name


def test_files_of_hidden_calls_are_not_listed(call, people, as_user):
	recording = transcript.recording_of(call.name)
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "opaque.wav",
			"file_url": "/private/files/opaque.wav",
			"is_private": 1,
			"attached_to_doctype": "Call Recording",
			"attached_to_name": recording,
		}
	)
	file.set_new_name()
	file.db_insert()
	for who, allowed in {"owner": True, "manager": True, "other seat": False, "stranger": False}.items():
		with as_user(people[who]):
			files = frappe.get_list(
				"File", filters={"attached_to_doctype": "Call Recording"}, pluck="attached_to_name"
			)
			assert (recording in files) is allowed, who


def test_files_attached_to_hidden_calls_are_not_listed(call, people, as_user):
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "offer.txt",
			"file_url": "/private/files/offer.txt",
			"is_private": 1,
			"attached_to_doctype": "Call",
			"attached_to_name": call.name,
		}
	)
	file.set_new_name()
	file.db_insert()
	for who, allowed in {"owner": True, "crm user": True, "other seat": False, "stranger": False}.items():
		with as_user(people[who]):
			files = frappe.get_list("File", filters={"attached_to_doctype": "Call"}, pluck="name")
		assert (file.name in files) is allowed, who


def test_a_form_that_was_opened_earlier_takes_no_results_away(call, people, as_user):
	opened = frappe.get_doc("Call", call.name)
	results.replace_speakers(call.name, [{"key": "S9", "talk_seconds": 3}], same={})
	frappe.db.set_value("Call", call.name, {"status": "Failed", "error": "Oh"}, update_modified=False)
	opened.notes = "A note"
	opened.save()
	call.reload()
	assert (call.notes, call.status, call.error) == ("A note", "Failed", "Oh")
	assert "S9" in [row.speaker_key for row in call.participants]


def test_a_shared_record_shows_its_calls(call, people, as_user):
	contact = call.associations[0].link_name
	frappe.share.add("Contact", contact, people["stranger"], notify=False)
	with as_user(people["stranger"]):
		assert permissions.can_see(call.name)


def test_a_name_with_a_percent_sign_or_quote_breaks_nothing(people, as_user):
	contact = factories.contact(first_name='100% O\'Brien \\ "x"')
	name = factories.call(people["owner"], associations=[("Contact", contact)])
	with as_user(people["crm user"]):
		assert permissions.can_see(name)
		cards = timeline.get_timeline_cards("Contact", contact)
	assert [card["template_data"]["name"] for card in cards] == [name]
	assert not permissions.can_see("CALL-2026-00001' or '1'='1", people["stranger"])


@pytest.mark.parametrize("who", ["stranger", "other seat", "portal user", "Guest"])
def test_the_timeline_shows_nothing_to_those_who_may_not_see(call, people, as_user, who):
	contact = call.associations[0].link_name
	with as_user(people[who]):
		assert timeline.get_timeline_cards("Contact", contact) == []


def test_only_who_sees_a_call_follows_it(call, people):
	def follow(user):
		return frappe.get_doc(
			{"doctype": "Document Follow", "ref_doctype": "Call", "ref_docname": call.name, "user": user}
		).insert(ignore_permissions=True)

	refused = follow(people["stranger"])
	assert not frappe.db.exists("Document Follow", refused.name)
	kept, lost = follow(people["owner"]), follow(people["shared with"])
	frappe.share.remove("Call", call.name, people["shared with"])

	permissions.forget_followers()

	assert frappe.db.exists("Document Follow", kept.name)
	assert not frappe.db.exists("Document Follow", lost.name)


def test_a_deleted_call_leaves_nothing_that_was_written_on_it(call, people):
	frappe.db.set_value("Call", call.name, "notes", "<p>a secret zebra</p>", update_modified=False)
	frappe.delete_doc("Call", call.name, force=True)
	kept = frappe.get_all("Deleted Document", filters={"deleted_name": call.name}, pluck="data")
	assert kept and "zebra" not in "".join(kept)


def test_a_call_that_does_not_exist_looks_like_a_hidden_one(call, people, as_user):
	with as_user(people["stranger"]):
		with pytest.raises(frappe.PermissionError) as hidden:
			calls.status(call.name)
		with pytest.raises(frappe.PermissionError) as missing:
			calls.status("CALL-1999-00001")
	assert str(hidden.value) == str(missing.value)


def test_without_the_seat_the_review_is_read_only(call, people, as_user):
	with as_user(people["crm user"]):
		answer = review.get(call.name)
	assert answer["permissions"] == {"write": False, "retry": False}
	assert [row[4] for row in answer["segments"]] == [row[3] for row in factories.TRANSCRIPT]
