"""Frappe's generic functions write on calls only what the user may"""

import json
import sys

import frappe
import pytest
from frappe import client
from frappe.desk import like
from frappe.desk.doctype.tag import tag
from frappe.desk.form import assign_to, document_follow
from frappe.desk.form.utils import add_comment

from call_intelligence import guard, transcript
from call_intelligence.guard import requests
from call_intelligence.guard.rights import may_write_on
from call_intelligence.guard.tables import TABLES
from tests import factories
from tests.security.conftest import row

TAG = "guessed"
STRANGERS = ("stranger", "other seat", "portal user", "Guest")
READERS = ("participant", "shared with", "crm user")


@pytest.fixture(autouse=True)
def known_tag(site):
	"""Frappe refuses rows with an unknown tag before checking the permission."""
	if not frappe.db.exists("Tag", TAG):
		frappe.get_doc({"doctype": "Tag", "name": TAG}).insert(ignore_permissions=True)


def rows_about(doctype, name) -> dict[str, int]:
	"""{table: number of rows about the document}"""
	return {
		table: frappe.db.count(table, dict(zip(fields[0], (doctype, name), strict=True)))
		for table, fields in TABLES.items()
	}


def state_of(doctype, name) -> dict:
	fields = [
		field
		for field in ("modified", "_liked_by", "_user_tags", "_assign", "_comments", "_seen")
		if field in frappe.db.get_table_columns(doctype)
	]
	return {**frappe.db.get_value(doctype, name, fields, as_dict=True), **rows_about(doctype, name)}


def writes(doctype, name, user, colleague) -> dict:
	"""{name: a function that writes on the document, as requests do}"""
	about = {"doctype": doctype, "name": name}
	return {
		"add_tag": lambda: tag.add_tag(TAG, doctype, name),
		"add_tags": lambda: tag.add_tags(json.dumps([TAG]), doctype, json.dumps([name])),
		"toggle_like": lambda: like.toggle_like(doctype, name, add="Yes"),
		"assign": lambda: assign_to.add({**about, "assign_to": json.dumps([colleague])}),
		"assign to oneself": lambda: assign_to.add({**about, "assign_to": json.dumps([user])}),
		"assign several": lambda: assign_to.add_multiple(
			{"doctype": doctype, "name": json.dumps([name]), "assign_to": json.dumps([colleague])}
		),
		"share": lambda: frappe.share.add(doctype, name, user, write=1, share=1),
		"share with everyone": lambda: frappe.share.add(doctype, name, everyone=1),
		"set_permission": lambda: frappe.share.set_permission(doctype, name, user, "write"),
		"insert DocShare": lambda: client.insert(
			{"doctype": "DocShare", "share_doctype": doctype, "share_name": name, "user": user, "read": 1}
		),
		"comment": lambda: add_comment(doctype, name, "A word", user, user),
		"insert Comment": lambda: client.insert(
			{"doctype": "Comment", "comment_type": "Comment", "reference_doctype": doctype, "reference_name": name}
		),
		"insert Comment, permitted by other code": lambda: frappe.get_doc(
			{"doctype": "Comment", "comment_type": "Info", "reference_doctype": doctype, "reference_name": name}
		).insert(ignore_permissions=True),
		"e-mail": lambda: frappe.get_attr("frappe.core.doctype.communication.email.make")(
			doctype=doctype, name=name, subject="A", content="B", recipients=user
		),
		"insert Communication": lambda: frappe.get_doc(
			{"doctype": "Communication", "reference_doctype": doctype, "reference_name": name, "subject": "A"}
		).insert(ignore_permissions=True),
		"attach_file": lambda: client.attach_file("a.txt", "text", doctype, name, is_private=1),
		"insert File": lambda: client.insert(
			{
				"doctype": "File", "file_name": "a.txt", "content": "text", "is_private": 1,
				"attached_to_doctype": doctype, "attached_to_name": name,
			}
		),
		"insert Tag Link": lambda: client.insert(
			{"doctype": "Tag Link", "document_type": doctype, "document_name": name, "tag": TAG}
		),
		"insert ToDo": lambda: client.insert(
			{"doctype": "ToDo", "reference_type": doctype, "reference_name": name, "allocated_to": user, "description": "A"}
		),
		"insert Reminder": lambda: client.insert(
			{
				"doctype": "Reminder", "reminder_doctype": doctype, "reminder_docname": name, "user": user,
				"remind_at": "2099-01-01 10:00:00", "description": "A",
			}
		),
		"energy points": lambda: frappe.get_doc(
			{
				"doctype": "Energy Point Log", "reference_doctype": doctype, "reference_name": name, "user": user,
				"type": "Auto", "points": 1, "reason": "A",
			}
		).insert(ignore_permissions=True),
		"discussion": lambda: frappe.get_doc(
			{"doctype": "Discussion Topic", "title": "A", "reference_doctype": doctype, "reference_docname": name}
		).insert(ignore_permissions=True),
		"key for people outside": lambda: frappe.get_doc(
			{"doctype": "Document Share Key", "reference_doctype": doctype, "reference_docname": name}
		).insert(ignore_permissions=True),
		"link of a Contact": lambda: frappe.get_doc(
			{"doctype": "Contact", "first_name": "A", "links": [{"link_doctype": doctype, "link_name": name}]}
		).insert(ignore_permissions=True),
		"set_value": lambda: client.set_value(doctype, name, "title", "Another"),
		"save": lambda: client.save({**frappe.get_doc(doctype, name).as_dict(convert_dates_to_str=True), "title": "A"}),
		"delete": lambda: client.delete(doctype, name),
		"rename": lambda: client.rename_doc(doctype, name, "CALL-NEW"),
	}  # fmt: skip


WRITES = list(writes("Call", "", "", ""))
# the same requests succeed for users with the right to edit
EDITING = {
	"assign", "assign several", "share", "set_permission", "attach_file", "insert File", "set_value", "save",
}  # fmt: skip
READING = {"toggle_like", "comment", "insert Tag Link", "insert ToDo", "assign to oneself", "insert Reminder"}


@pytest.mark.parametrize("what", WRITES)
def test_nobody_writes_on_a_hidden_call(call, people, as_user, what):
	before = state_of("Call", call.name)
	for who in STRANGERS:
		frappe.db.savepoint("attempt")
		# Frappe's own message for users who may not rename
		refusals = (
			frappe.PermissionError,
			frappe.ValidationError if what == "rename" else frappe.LinkValidationError,
		)
		with as_user(people[who]), pytest.raises(refusals):
			writes("Call", call.name, people[who], people["manager"])[what]()
		frappe.db.rollback(save_point="attempt")
	assert state_of("Call", call.name) == before


@pytest.mark.parametrize("what", sorted(EDITING))
def test_who_only_sees_the_call_does_not_do_what_takes_the_right_to_edit(call, people, as_user, what):
	before = state_of("Call", call.name)
	for who in READERS:
		frappe.db.savepoint("attempt")
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			writes("Call", call.name, people["stranger"], people["manager"])[what]()
		frappe.db.rollback(save_point="attempt")
	assert state_of("Call", call.name) == before


@pytest.mark.parametrize("what", sorted(EDITING | READING))
@pytest.mark.parametrize("who", ["owner", "manager"])
def test_who_edits_the_call_does_what_frappe_lets_them(call, people, as_user, what, who):
	before = state_of("Call", call.name)
	with as_user(people[who]):
		writes("Call", call.name, people[who], people["participant"])[what]()
	assert state_of("Call", call.name) != before


@pytest.mark.parametrize("what", sorted(READING))
def test_who_sees_the_call_likes_and_comments_and_keeps_a_list(call, people, as_user, what):
	for who in READERS:
		before = state_of("Call", call.name)
		with as_user(people[who]):
			writes("Call", call.name, people[who], people[who])[what]()
		assert state_of("Call", call.name) != before, who


def belonging(call) -> dict[str, str]:
	recording = transcript.recording_of(call.name)
	playlist = factories.playlist(call.call_owner, call.name)
	return {
		"Call Recording": recording,
		"Transcript Segment": frappe.db.get_value("Transcript Segment", {"recording": recording}),
		"Call Comment": frappe.db.get_value("Call Comment", {"call": call.name}),
		"Call Clip": frappe.db.get_value("Call Clip", {"call": call.name}),
		"Call Playlist": playlist,
		"Call Playlist Item": frappe.db.get_value("Call Playlist Item", {"playlist": playlist}),
		"Call Participant": call.participants[0].name,
	}


def test_nor_on_what_belongs_to_a_hidden_call(call, people, as_user):
	for doctype, name in belonging(call).items():
		for who in ("stranger", "other seat"):
			for what in (
				"insert Comment, permitted by other code",
				"insert File",
				"insert ToDo",
				"insert Tag Link",
				"share",
			):
				before = rows_about(doctype, name)
				frappe.db.savepoint("attempt")
				with (
					as_user(people[who]),
					pytest.raises((frappe.PermissionError, frappe.LinkValidationError)),
				):
					writes(doctype, name, people[who], people["manager"])[what]()
				frappe.db.rollback(save_point="attempt")
				assert rows_about(doctype, name) == before, (doctype, who, what)


def test_no_share_reaches_around_the_call(call, people, as_user):
	"""Frappe lets a share overrule the rule: only calls and playlists can be shared."""
	mine = row("File", file_name="a.txt", attached_to_doctype="Call", attached_to_name=call.name)
	for doctype, name in {**belonging(call), "File": mine}.items():
		if doctype in ("Call Playlist", "Call Participant"):
			continue
		for who in ("owner", "manager"):
			with as_user(people[who]), pytest.raises(frappe.PermissionError):
				frappe.share.add_docshare(
					doctype, name, people["stranger"], flags={"ignore_permissions": True}
				)


@pytest.mark.parametrize("who", ["stranger", "other seat", "portal user"])
def test_tags_are_not_removed_by_strangers(call, people, as_user, ask, who):
	frappe.db.set_value("Call", call.name, "_user_tags", ",vip", update_modified=False)
	link = row("Tag Link", document_type="Call", document_name=call.name, tag="vip")
	with as_user(people[who]), pytest.raises(frappe.PermissionError):
		ask("frappe.desk.doctype.tag.tag.remove_tag", tag="vip", dt="Call", dn=call.name)
	assert frappe.db.get_value("Call", call.name, "_user_tags") == ",vip"
	assert frappe.db.exists("Tag Link", link)


def test_tags_of_others_documents_are_removed_as_ever(people, as_user, ask):
	contact = factories.contact()
	with as_user(people["crm user"]):
		ask("frappe.desk.doctype.tag.tag.add_tag", tag="vip", dt="Contact", dn=contact)
		assert frappe.db.exists("Tag Link", {"document_name": contact})
		ask("frappe.desk.doctype.tag.tag.remove_tag", tag="vip", dt="Contact", dn=contact)
	assert not frappe.db.exists("Tag Link", {"document_name": contact})


def test_who_edits_the_call_tags_it(call, people, as_user, ask):
	with as_user(people["owner"]):
		ask("frappe.desk.doctype.tag.tag.add_tag", tag="vip", dt="Call", dn=call.name)
		assert frappe.db.exists("Tag Link", {"document_name": call.name, "tag": "vip"})
		ask("frappe.desk.doctype.tag.tag.remove_tag", tag="vip", dt="Call", dn=call.name)
	assert not frappe.db.exists("Tag Link", {"document_name": call.name})


def test_a_row_is_not_moved_onto_a_hidden_call(call, people, as_user):
	with as_user(people["stranger"]):
		mine = client.insert({"doctype": "ToDo", "description": "A", "allocated_to": people["stranger"]})
		with pytest.raises(frappe.PermissionError):
			client.set_value(
				"ToDo", mine["name"], json.dumps({"reference_type": "Call", "reference_name": call.name})
			)


def test_nor_off_it(call, people, as_user):
	task = row("ToDo", reference_type="Call", reference_name=call.name, allocated_to=people["stranger"])
	with as_user(people["stranger"]), pytest.raises(frappe.PermissionError):
		client.set_value("ToDo", task, json.dumps({"reference_type": None, "reference_name": None}))
	with as_user(people["stranger"]), pytest.raises(frappe.PermissionError):
		client.delete("ToDo", task)


def test_e_mails_are_not_moved_to_or_from_a_hidden_call(call, people, as_user, ask):
	about = {"communication_type": "Communication", "communication_medium": "Email", "subject": "A"}
	theirs = row("Communication", reference_doctype="Call", reference_name=call.name, **about)
	other = row("Communication", **about)
	contact = factories.contact()
	with as_user(people["stranger"]):
		for name, target in ((theirs, ("Contact", contact)), (other, ("Call", call.name))):
			with pytest.raises(frappe.PermissionError):
				ask("frappe.email.relink", name=name, reference_doctype=target[0], reference_name=target[1])
		ask("frappe.email.relink", name=other, reference_doctype="Contact", reference_name=contact)
	assert frappe.db.get_value("Communication", theirs, "reference_name") == call.name
	assert frappe.db.get_value("Communication", other, "reference_name") == contact


@pytest.fixture
def following(people):
	for user in people.values():
		if user != "Guest":
			frappe.db.set_value("User", user, "document_follow_notify", 1)
	frappe.clear_cache()


def test_nobody_follows_a_hidden_call(call, people, as_user, following):
	for who, follows in {"owner": True, "participant": True, "stranger": False, "other seat": False}.items():
		with as_user(people[who]):
			document_follow.update_follow("Call", call.name, True)
		assert bool(document_follow.is_document_followed("Call", call.name, people[who])) is follows, who
	with as_user(people["stranger"]):
		with pytest.raises(frappe.PermissionError):
			document_follow.follow_document("Call", call.name, people["manager"])
		with pytest.raises(frappe.PermissionError):
			document_follow.unfollow_document("Call", call.name, people["owner"])
		document_follow.unfollow_document("Call", call.name, people["stranger"])
	assert not document_follow.is_document_followed("Call", call.name, people["manager"])
	assert document_follow.is_document_followed("Call", call.name, people["owner"])


def test_nor_moves_what_they_follow_there(call, people, as_user, following):
	term = factories.term("quokka")
	mine = row("Document Follow", ref_doctype="Tracked Term", ref_docname=term, user=people["other seat"])
	with as_user(people["other seat"]):
		doc = frappe.get_doc("Document Follow", mine)
		doc.update({"ref_doctype": "Call", "ref_docname": call.name})
		with pytest.raises(frappe.PermissionError):
			doc.save()
		# other code may have allowed it
		doc.save(ignore_permissions=True)
	assert not frappe.db.exists("Document Follow", mine)


def test_who_follows_a_hidden_call_is_not_told(call, people, as_user, ask):
	row("Document Follow", ref_doctype="Call", ref_docname=call.name, user=people["owner"])
	with as_user(people["stranger"]), pytest.raises(frappe.PermissionError):
		ask("frappe.desk.form.document_follow.get_follow_users", doctype="Call", doc_name=call.name)
	with as_user(people["owner"]):
		found = ask("frappe.desk.form.document_follow.get_follow_users", doctype="Call", doc_name=call.name)
	assert [follower.user for follower in found] == [people["owner"]]


def test_an_assignment_rule_goes_on_for_people_who_cannot_assign(call, people, as_user):
	rule = frappe.get_doc(
		{
			"doctype": "Assignment Rule", "name": "Reviews", "document_type": "Call", "assign_condition": "True",
			"rule": "Round Robin", "users": [{"user": people["manager"]}],
			"assignment_days": [{"day": frappe.utils.get_weekday()}], "description": "Review it",
		}
	).insert()  # fmt: skip
	with as_user(people["shared with"]):
		todo = frappe.get_doc(
			{
				"doctype": "ToDo", "reference_type": "Call", "reference_name": call.name, "description": "A",
				"allocated_to": people["manager"], "assignment_rule": rule.name,
			}
		).insert(ignore_permissions=True)  # fmt: skip
		assert todo.name
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc({**todo.as_dict(), "name": None, "allocated_to": people["other seat"]}).insert(
				ignore_permissions=True
			)


def test_hidden_and_missing_are_refused_in_the_same_words(call, people, as_user):
	said = set()
	for name in (call.name, "CALL-1999-99999"):
		with as_user(people["other seat"]), pytest.raises(frappe.PermissionError) as refusal:
			frappe.get_doc(
				{
					"doctype": "File", "file_name": "a.txt", "content": "text", "is_private": 1,
					"attached_to_doctype": "Call", "attached_to_name": name,
				}
			).insert(ignore_permissions=True)  # fmt: skip
		said.add(str(refusal.value).replace(name, "NAME"))
	assert said == {"Call NAME does not exist, or you may not see it."}


def test_the_one_place_that_decides(call, people):
	for who, rights in {
		"owner": {"read", "write", "share"},
		"manager": {"read", "write", "share"},
		"participant": {"read"},
		"shared with": {"read"},
		"crm user": {"read"},
		"other seat": set(),
		"stranger": set(),
		"portal user": set(),
		"Guest": set(),
	}.items():
		found = {
			right
			for right in ("read", "write", "share")
			if may_write_on("Call", call.name, people[who], right)
		}
		assert found == rights, who
	assert not may_write_on("Call", "CALL-1999-99999", people["manager"])


# ------------------------------------------------------------------------------------------------ functions under other names


def other_names() -> dict[str, str]:
	"""{name by which Frappe finds an overridden function: its original name}"""
	overridden = {
		name: frappe.get_attr(name)
		for name, hooks in frappe.get_hooks("override_whitelisted_methods").items()
		if hooks[0].startswith("call_intelligence.")
	}
	found = {}
	for module in [module for module in sys.modules.values() if module]:
		if module.__name__.split(".")[0] not in frappe.get_installed_apps():
			continue
		for attribute, value in list(vars(module).items()):
			for first_name, function in overridden.items():
				name = f"{module.__name__}.{attribute}"
				if value is function and name != first_name:
					found[name] = first_name
	return found


@pytest.fixture
def imported_elsewhere(site, monkeypatch):
	"""A function of Frappe, imported by another module"""
	monkeypatch.setattr(guard, "counted", client.get_count, raising=False)
	return "call_intelligence.guard.counted"


@pytest.mark.parametrize("path", ["/api/method/{}", "/api/v1/method/{}", "/api/v2/method/{}"])
def test_functions_that_ours_stand_in_for_are_not_reached_by_other_names(
	imported_elsewhere, request_for, path
):
	assert imported_elsewhere in other_names()
	for name in other_names():
		request_for(path.format(name))
		with pytest.raises(frappe.PermissionError):
			requests.check()
		request_for("/", cmd=name)
		with pytest.raises(frappe.PermissionError):
			requests.check()


@pytest.mark.parametrize(
	("function", "parameter"),
	[
		("frappe.desk.treeview.get_all_nodes", "tree_method"),
		("upload_file", "method"),
		("frappe.desk.search.search_widget", "query"),
	],
)
@pytest.mark.parametrize("name", ["frappe.client.get_count", "call_intelligence.guard.counted"])
def test_nor_through_functions_that_run_others(imported_elsewhere, request_for, function, parameter, name):
	request_for("/", cmd=function, **{parameter: name})
	with pytest.raises(frappe.PermissionError):
		requests.check()


def test_functions_by_their_own_names_and_all_others_pass(site, request_for):
	for name in (
		"frappe.client.get_count",
		"frappe.desk.doctype.tag.tag.remove_tag",
		"frappe.desk.form.load.getdoc",
		"frappe.no.such.function",
		"ping",
	):
		request_for(f"/api/method/{name}")
		requests.check()


def test_each_override_is_named_as_frappe_names_the_function(site):
	for name, hooks in frappe.get_hooks("override_whitelisted_methods").items():
		if hooks[0].startswith("call_intelligence."):
			function = frappe.get_attr(name)
			# read_only wraps the function without keeping its name
			decorated = function.__qualname__.startswith("read_only.")
			assert decorated or f"{function.__module__}.{function.__qualname__}" == name
