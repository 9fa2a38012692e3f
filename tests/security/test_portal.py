"""Portal users get nothing of the app, whatever they are: owners, participants, recipients, members, role holders"""

import frappe
import pytest
from frappe import client
from frappe.desk.search import search_link

from call_intelligence import transcript
from call_intelligence.guard.ours import doctypes
from call_intelligence.permissions import can_see, has_seat, is_manager
from tests import factories
from tests.integration.permissions.endpoints import ENDPOINTS, FOR_GUESTS, requests_for
from tests.security.conftest import row


@pytest.fixture
def everything(people):
	"""A call with all dependent documents, to which the portal user is linked in every way"""
	user = people["portal user"]
	for role in (factories.SEAT, factories.MANAGER):
		row("Has Role", parenttype="User", parentfield="roles", parent=user, role=role)
	frappe.clear_cache(user=user)
	contact = factories.contact()
	name = factories.call(
		people["owner"],
		associations=[("Contact", contact)],
		participants=[{"party_type": "User", "party": user, "email": user, "display_name": "A customer"}],
	)
	comment = factories.comment(name, people["owner"])
	clip = factories.clip(name, people["owner"], recipients=[user], only_this_part=1)
	playlist = factories.playlist(people["owner"], name, audience=[("User", user), ("Role", "All")])
	frappe.db.set_value("Call", name, "call_owner", user)
	frappe.db.set_value("Call Comment", comment, "author", user)
	frappe.db.set_value("Call Clip", clip, "shared_by", user)
	frappe.db.set_value("Call Playlist", playlist, "playlist_owner", user)
	yield frappe.get_doc("Call", name)
	frappe.db.rollback()
	frappe.clear_cache(user=user)


def one_of_each(call) -> dict[str, str]:
	"""{DocType of the app: name of a document}, where one exists"""
	return {doctype: name for doctype in doctypes().values() if (name := document(doctype))}


def document(doctype):
	meta = frappe.get_meta(doctype)
	return None if meta.issingle else frappe.db.get_value(doctype, {}, "name")


def test_no_role_makes_one_of_them_somebody_who_works_here(everything, people):
	assert not is_manager(people["portal user"])
	assert not has_seat(people["portal user"])
	assert not can_see(everything.name, people["portal user"])


def test_they_read_and_write_no_document(everything, people, as_user):
	found = one_of_each(everything)
	assert {
		"Call",
		"Call Clip",
		"Call Comment",
		"Call Playlist",
		"Call Playlist Item",
		"Call Recording",
	} <= set(found)
	for doctype in found:
		names = frappe.get_all(doctype, pluck="name", limit=20, order_by="creation desc")
		meta = frappe.get_meta(doctype)
		for name in names:
			with as_user(people["portal user"]):
				for right in (
					"read",
					"write",
					"create",
					"delete",
					"share",
					"print",
					"email",
					"export",
					"report",
				):
					if not meta.istable:
						allowed = frappe.has_permission(doctype, right, doc=name)
						assert allowed is False, (doctype, name, right)
				if not meta.istable:
					with pytest.raises(frappe.PermissionError):
						client.get(doctype, name)


def test_they_list_and_find_nothing(everything, people, as_user):
	parents = {
		child: meta.name for meta in map(frappe.get_meta, doctypes().values()) for child in tables(meta)
	}
	for doctype in doctypes().values():
		meta = frappe.get_meta(doctype)
		if meta.issingle:
			continue
		with as_user(people["portal user"]):
			try:
				rows = client.get_list(doctype, parent=parents.get(doctype), limit_page_length=5)
			except frappe.PermissionError:
				rows = []
			assert rows == [], doctype
			if not meta.istable:
				frappe.local.response.results = []
				try:
					found = search_link(doctype, "") or frappe.local.response.results
				except frappe.PermissionError:
					found = []
				assert not found, doctype
			frappe.clear_messages()


def tables(meta) -> list[str]:
	return [field.options for field in meta.get_table_fields()]


def test_settings_are_not_theirs(everything, people, as_user):
	with as_user(people["portal user"]), pytest.raises(frappe.PermissionError):
		client.get("Call Intelligence Settings")


@pytest.mark.parametrize("endpoint", [name for name in ENDPOINTS if name not in FOR_GUESTS])
def test_no_function_answers_them(everything, people, as_user, endpoint):
	request = requests_for(everything)[endpoint]
	with as_user(people["portal user"]):
		try:
			answer = request()
		except frappe.PermissionError:
			return
		assert not answer, answer


def test_they_make_no_documents(everything, people, as_user):
	playlist = frappe.db.get_value("Call Playlist", {"playlist_owner": people["portal user"]})
	for values in (
		{"doctype": "Call", "title": "A"},
		{"doctype": "Call Comment", "call": everything.name, "content": "A"},
		{"doctype": "Call Playlist", "title": "A"},
		{"doctype": "Call Playlist Item", "playlist": playlist, "call": everything.name},
	):
		with as_user(people["portal user"]), pytest.raises(frappe.PermissionError):
			client.insert(values)


def test_calls_are_shared_with_nobody_of_the_portal(everything, people):
	"""Frappe lets a share overrule the rule."""
	playlist = frappe.db.get_value("Call Playlist", {"playlist_owner": people["portal user"]})
	for doctype, name in (("Call", everything.name), ("Call Playlist", playlist)):
		with pytest.raises(frappe.ValidationError):
			frappe.share.add(doctype, name, people["portal user"], notify=False)
		with pytest.raises(frappe.ValidationError):
			frappe.share.add(doctype, name, everyone=1, notify=False)
		assert not frappe.db.exists("DocShare", {"share_doctype": doctype, "share_name": name})


def test_the_rule_holds_for_a_share_from_before(everything, people, as_user):
	row(
		"DocShare",
		share_doctype="Call",
		share_name=everything.name,
		user=people["portal user"],
		read=1,
		write=1,
	)
	with as_user(people["portal user"]):
		assert not can_see(everything.name)
		assert frappe.get_list("Call") == []


def test_files_of_calls_are_not_theirs(everything, people, as_user, tmp_path):
	recording = transcript.recording_of(everything.name)
	(tmp_path / "call.wav").write_bytes(b"RIFF")
	factories.sound(recording, tmp_path / "call.wav", 1.0)
	file = frappe.db.get_value("Call Recording", recording, "file")
	with as_user(people["portal user"]):
		assert not frappe.has_permission("File", "read", doc=file)
		assert frappe.get_list("File", filters={"name": file}) == []
