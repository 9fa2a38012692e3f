"""Rows of child tables cannot be written directly, nor moved from another document."""

import frappe
import pytest
from frappe import client
from frappe.model.base_document import get_controller

from call_intelligence.core.rows import KeepsToItsRows, WrittenWithParent
from tests import factories

MODULE = "Call Intelligence"
CHILDREN = (
	"Call Association",
	"Call Clip Recipient",
	"Call Participant",
	"Call Playlist Audience",
	"CRM Object Mapping",
	"Processing Run Stage",
	"Recording Source User",
	"Tracked Term Phrase",
)


@pytest.fixture
def call(people):
	name = factories.call(
		people["owner"],
		associations=[("Contact", factories.contact())],
		participants=[{"display_name": "Anna", "email": "anna@customer.example"}],
	)
	frappe.share.add("Call", name, people["rep"], notify=False)
	return frappe.get_doc("Call", name)


def row_of(doctype, call):
	"""A row of this child table"""
	if doctype == "Call Participant":
		return call.participants[-1]
	if doctype == "Call Association":
		return call.associations[0]
	if doctype == "Tracked Term Phrase":
		return frappe.get_doc("Tracked Term", factories.term("premium plan")).phrases[0]
	if doctype == "Call Clip Recipient":
		clip = factories.clip(call.name, call.call_owner, recipients=[frappe.session.user])
		return frappe.get_doc("Call Clip", clip).recipients[0]
	if doctype == "Call Playlist Audience":
		playlist = factories.playlist(call.call_owner, audience=[("Role", factories.SEAT)])
		return frappe.get_doc("Call Playlist", playlist).audience[0]
	if doctype == "Recording Source User":
		source, _delivery = factories.source_with_delivery(users=[{"number": "101", "user": call.call_owner}])
		return frappe.get_doc("Recording Source", source).users[0]
	if doctype == "Processing Run Stage":
		parent, field, values = "Processing Run", "stages", {"stage": "Transcribe", "state": "Done"}
		name = frappe.get_doc({"doctype": parent, "call": call.name, "recording": "x", "status": "Succeeded"})
		name.set_new_name()
		name.db_insert()
		name = name.name
	else:
		parent = name = "Call Intelligence Settings"
		field, values = "crm_objects", {"link_doctype": "ToDo", "kind": "Ticket"}
	row = frappe.get_doc(
		{"doctype": doctype, "parent": name, "parenttype": parent, "parentfield": field, "idx": 1, **values}
	)
	row.db_insert()
	return row


def test_all_our_tables_follow_these_rules(site):
	ours = frappe.get_all("DocType", filters={"module": MODULE}, fields=["name", "istable"])
	assert sorted((row.name for row in ours if row.istable), key=str.lower) == sorted(CHILDREN, key=str.lower)
	for row in ours:
		if row.istable:
			assert issubclass(get_controller(row.name), WrittenWithParent), row.name
		elif frappe.get_meta(row.name).get_table_fields():
			assert issubclass(get_controller(row.name), KeepsToItsRows), row.name


@pytest.mark.parametrize("who", ["other seat", "owner", "manager"])
@pytest.mark.parametrize("doctype", CHILDREN)
def test_nobody_writes_a_row_by_itself(call, people, as_user, doctype, who):
	row = row_of(doctype, call)
	values = row.as_dict(no_nulls=True)
	with as_user(people[who]):
		attempts = {
			"insert": lambda: frappe.get_doc({**values, "name": None}).insert(),
			"update": lambda: frappe.get_doc(doctype, row.name).update({"idx": 9}).save(),
			"save": lambda: client.save({**values, "idx": 9}),
			"delete": lambda: frappe.delete_doc(doctype, row.name),
		}
		for what, attempt in attempts.items():
			with pytest.raises(frappe.PermissionError):
				attempt()
				pytest.fail(what)
	assert frappe.db.get_value(doctype, row.name, ["parent", "idx"]) == (row.parent, row.idx)
	assert frappe.db.count(doctype, {"parent": row.parent}) == 1 + (len(call.participants) - 1) * (
		doctype == "Call Participant"
	)


@pytest.mark.parametrize("doctype", ["Call Participant", "Call Association"])
def test_who_may_not_edit_a_call_gets_no_row_into_it(call, people, as_user, doctype):
	"""Frappe's own functions for rows save the call, so its rules apply."""
	row = row_of(doctype, call)
	with as_user(people["other seat"]):
		assert not frappe.has_permission("Call", "create", doc=call.name)
		place = {key: row.get(key) for key in ("doctype", "parent", "parenttype", "parentfield")}
		with pytest.raises(frappe.PermissionError):
			client.insert({**place, "party_type": "User", "party": people["other seat"]})
		with pytest.raises(frappe.PermissionError):
			client.set_value(doctype, row.name, {"idx": 9})
		with pytest.raises(frappe.PermissionError):
			client.delete(doctype, row.name)
	with as_user(people["owner"]):
		assert frappe.has_permission("Call", "create", doc=call.name)


def test_an_owner_brings_nobody_into_his_call_whom_he_may_not_read(call, people, as_user):
	row = row_of("Call Participant", call)
	place = {key: row.get(key) for key in ("doctype", "parent", "parenttype", "parentfield")}
	hidden = factories.contact(first_name="Topsecret")
	with as_user(people["owner"]), pytest.raises(frappe.PermissionError):
		client.insert({**place, "party_type": "Contact", "party": hidden})


def test_rows_are_not_taken_out_of_another_call(call, people, as_user):
	mine = frappe.get_doc("Call", factories.call(people["rep"]))
	anna, association = call.participants[-1], call.associations[0]
	with as_user(people["rep"]):
		mine = frappe.get_doc("Call", mine.name)
		values = mine.as_dict()
		mine.update(
			{
				"participants": [*values["participants"], {"name": anna.name, "display_name": "Anna"}],
				"associations": [
					{"name": association.name, "link_doctype": "Contact", "link_name": association.link_name}
				],
			}
		)
		mine.save()
	after = frappe.get_doc("Call", call.name)
	assert [row.name for row in after.participants] == [row.name for row in call.participants]
	assert [row.name for row in after.associations] == [association.name]
	# the intended row exists nevertheless
	mine.reload()
	assert mine.participants[-1].display_name == "Anna"
	assert mine.participants[-1].name != anna.name
	assert [row.link_name for row in mine.associations] == [association.link_name]


@pytest.mark.parametrize("way", ["insert", "set_value"])
def test_nor_through_frappes_functions_for_rows(call, people, as_user, way):
	mine = frappe.get_doc("Call", factories.call(people["owner"], participants=[{"display_name": "Own"}]))
	stolen = row_of("Call Participant", call)
	place = {"parent": mine.name, "parenttype": "Call", "parentfield": "participants"}
	with as_user(people["owner"]):
		if way == "insert":
			client.insert({"doctype": "Call Participant", "name": stolen.name, "display_name": "X", **place})
		else:
			client.set_value("Call Participant", mine.participants[-1].name, {"name": stolen.name})
	assert frappe.db.get_value("Call Participant", stolen.name, ["parent", "display_name"]) == (
		call.name,
		"Anna",
	)


def test_nor_out_of_another_term(people, as_user):
	one, other = (frappe.get_doc("Tracked Term", factories.term(phrase)) for phrase in ("premium", "plan"))
	with as_user(people["manager"]):
		one.append("phrases", {"name": other.phrases[0].name, "phrase": "basic"})
		one.save()
	assert [row.phrase for row in frappe.get_doc("Tracked Term", other.name).phrases] == ["plan"]
	assert [row.phrase for row in frappe.get_doc("Tracked Term", one.name).phrases] == ["premium", "basic"]


def test_a_row_that_is_gone_does_not_come_back_with_an_older_form(call, people, as_user):
	with as_user(people["owner"]):
		older = frappe.get_doc("Call", call.name)
		frappe.db.delete("Call Participant", {"name": older.participants[-1].name})
		older.title = "Another title"
		older.save()
	call.reload()
	assert call.title == "Another title"
	assert "Anna" not in [row.display_name for row in call.participants]


def test_a_copied_row_is_no_second_voice(call, people, as_user):
	with as_user(people["owner"]):
		doc = frappe.get_doc("Call", call.name)
		doc.append("participants", {"speaker_key": "S1", "display_name": "Twin"})
		doc.save()
	call.reload()
	assert [row.speaker_key for row in call.participants].count("S1") == 1
	assert call.participants[-1].display_name == "Twin"


def test_nobody_lets_themselves_into_a_playlist(people, as_user):
	mine, other = (
		factories.playlist(people[who], audience=[("User", people["rep"])]) for who in ("rep", "owner")
	)
	stolen = frappe.get_doc("Call Playlist", other).audience[0]
	with as_user(people["rep"]):
		with pytest.raises(frappe.PermissionError):
			client.insert(
				{
					"doctype": "Call Playlist Audience", "parent": other, "parenttype": "Call Playlist",
					"parentfield": "audience", "member_doctype": "User", "member": people["rep"], "may_add": 1,
				}
			)  # fmt: skip
		with pytest.raises(frappe.PermissionError):
			client.set_value("Call Playlist Audience", stolen.name, "may_add", 1)
		doc = frappe.get_doc("Call Playlist", mine)
		doc.append("audience", {"name": stolen.name, "member_doctype": "User", "member": people["stranger"]})
		doc.save()
	assert [row.name for row in frappe.get_doc("Call Playlist", other).audience] == [stolen.name]
