"""The sound of a call is accessible only by its stream, not by another File, copy or archive"""

import json
from pathlib import Path

import frappe
import pytest
from frappe import client

from call_intelligence import transcript
from call_intelligence.core import storage
from call_intelligence.guard import files
from tests import factories
from tests.security.conftest import row

SOUND = b"RIFF....WAVEfmt the sound of a call"


@pytest.fixture
def media(call, tmp_path):
	"""The File of the call's recording"""
	recording = transcript.recording_of(call.name)
	file = tmp_path / "call.wav"
	file.write_bytes(SOUND)
	factories.sound(recording, file, 15.0)
	return frappe.get_doc("File", frappe.db.get_value("Call Recording", recording, "file"))


def copies() -> list[Path]:
	"""Files of the site with this sound, except the recordings' own"""
	found = []
	for folder in ("public", "private"):
		for path in Path(frappe.get_site_path(folder, "files")).glob("*"):
			if path.is_file() and not files.OPAQUE.match(path.name) and path.read_bytes() == SOUND:
				found.append(path)
	return found


def addresses(media) -> list[dict]:
	"""Values of File fields with which Frappe reads the recording's bytes"""
	name = Path(media.file_url).name
	return [
		{"file_url": media.file_url},
		{"file_url": media.file_url, "file_name": "x.wav"},
		{"file_url": f"/private/files/../files/{name}"},
		{"file_url": f"/private/files/%2e/{name}"},
		{"file_url": f"{frappe.utils.get_url()}{media.file_url}"},
		{"file_url": f"/private/files/{name} "},
		{"file_name": name},
	]


@pytest.mark.parametrize("private", [1, 0])
@pytest.mark.parametrize("number", range(7))
def test_no_second_file_with_a_recordings_bytes(media, people, as_user, number, private):
	fields = {"doctype": "File", "is_private": private, **addresses(media)[number]}
	for who in ("stranger", "other seat", "participant", "portal user", "owner", "manager"):
		with as_user(people[who]):
			frappe.db.savepoint("attempt")
			with pytest.raises((frappe.PermissionError, OSError, frappe.ValidationError)):
				client.insert(fields)
			frappe.db.rollback(save_point="attempt")
	frappe.db.rollback()
	assert copies() == []


def test_nor_is_an_own_file_turned_into_one(media, people, as_user):
	with as_user(people["stranger"]):
		mine = frappe.get_doc(
			{"doctype": "File", "file_name": "mine.txt", "content": "mine", "is_private": 1}
		).insert()
		for fields in addresses(media):
			for right in ({}, {"ignore_permissions": True}):
				mine.reload()
				mine.update(fields)
				if not mine.file_url.endswith(("wav", "wav ")):
					continue
				frappe.db.savepoint("attempt")
				with pytest.raises((frappe.PermissionError, OSError, frappe.ValidationError)):
					mine.save(**right)
				frappe.db.rollback(save_point="attempt")
		mine.delete()


def test_a_file_as_the_client_describes_it_opens_nothing(media, people, as_user):
	"""run_doc_method takes the document from the request: its owner and URL are the sender's claims."""
	with as_user(people["stranger"]):
		for fields in addresses(media):
			sent = frappe.get_doc(
				{"doctype": "File", "name": "mine", "is_private": 0, "owner": people["stranger"], **fields}
			)
			assert not sent.has_permission("read"), fields


def test_a_row_from_before_is_read_by_those_who_hear_the_call(media, people, as_user):
	old = row("File", file_name="old.wav", file_url=media.file_url, is_private=1, owner=people["stranger"])
	with as_user(people["stranger"]):
		assert not frappe.has_permission("File", "read", doc=old)
		with pytest.raises(frappe.PermissionError):
			storage.file_document(media.file_url)
	with as_user(people["owner"]):
		assert frappe.has_permission("File", "read", doc=media.name)
		assert storage.file_document(media.file_url)


def test_files_of_others_are_left_alone(people, as_user):
	with as_user(people["stranger"]):
		mine = frappe.get_doc(
			{"doctype": "File", "file_name": "mine.txt", "content": "mine", "is_private": 1}
		).insert()
		again = client.insert({"doctype": "File", "file_url": mine.file_url, "is_private": 1})
		assert frappe.has_permission("File", "read", doc=again["name"])
		frappe.delete_doc("File", again["name"])
		mine.delete()


@pytest.mark.parametrize(("who", "may"), [("owner", True), ("manager", True), ("participant", False)])
def test_files_are_attached_to_a_call_by_those_who_edit_it(call, people, as_user, who, may):
	with as_user(people[who]):
		attach = lambda: client.attach_file("note.txt", "text", "Call", call.name, is_private=1)  # noqa: E731
		if not may:
			with pytest.raises(frappe.PermissionError):
				attach()
			return
		file = attach()
	for reader, sees in {"participant": True, "stranger": False}.items():
		with as_user(people[reader]):
			assert bool(frappe.has_permission("File", "read", doc=file.name)) is sees
			assert bool(frappe.get_list("File", filters={"name": file.name})) is sees
	with as_user(people["participant"]), pytest.raises(frappe.PermissionError):
		frappe.delete_doc("File", file.name)
	with as_user(people[who]):
		frappe.delete_doc("File", file.name)


def test_files_of_calls_are_private(call, people, as_user):
	with as_user(people["owner"]):
		with pytest.raises(frappe.ValidationError):
			client.attach_file("note.txt", "text", "Call", call.name, is_private=0)
		frappe.db.rollback()


def test_the_names_of_other_files_cost_no_query(site):
	before = frappe.db.sql("show session status like 'Questions'")[0][1]
	for address in ("/files/a.png", "/private/files/report.pdf", "", None, "https://example.com/x.wav"):
		assert files.holders_of(address) == []
	assert int(frappe.db.sql("show session status like 'Questions'")[0][1]) - int(before) == 1


# ------------------------------------------------------------------------------------------------ over HTTP


@pytest.fixture
def published(call, media, people, committed):
	"""The recording's File, committed, and a stranger's File with the same URL, as could exist from earlier"""
	committed("Call", call.name)
	old = row("File", file_name="old.wav", file_url=media.file_url, is_private=1, owner=people["stranger"])
	frappe.db.commit()
	yield media
	frappe.db.delete("File", {"name": old})
	frappe.db.commit()


def test_nobody_gets_the_bytes_around_the_stream(published, call, people, web):
	ticket = factories.contact()
	frappe.db.commit()
	address, name = published.file_url, published.name
	requests = {
		"its address": ("GET", address, {}),
		"in other letters": ("GET", address.upper().replace("/PRIVATE/FILES", "/private/files"), {}),
		"download_file": ("GET", "/api/method/download_file", {"file_url": address}),
		"handler's": ("GET", "/api/method/frappe.handler.download_file", {"file_url": address}),
		"file_manager's": ("GET", "/api/method/frappe.utils.file_manager.download_file", {"file_url": address}),
		"zip_files": ("GET", "/api/method/frappe.core.api.file.zip_files", {"files": json.dumps([name])}),
		"zip_files, its other name": (
			"GET", "/api/method/frappe.core.doctype.file.file.zip_files", {"files": json.dumps([name])},
		),
		"upload_file": ("POST", "/api/method/upload_file", {"file_url": address, "is_private": 1}),
		"public": ("POST", "/api/method/upload_file", {"file_url": address, "is_private": 0}),
		"as command": ("POST", "/", {"cmd": "upload_file", "file_url": address, "is_private": 0}),
		"REST": ("POST", "/api/resource/File", {"file_url": address, "is_private": 1}),
		"add_attachments": (
			"POST", "/api/method/frappe.utils.file_manager.add_attachments",
			{"doctype": "Contact", "name": ticket, "attachments": json.dumps([name])},
		),
		"e-mail": (
			"POST", "/api/method/frappe.core.doctype.communication.email.make",
			{"subject": "A", "content": "B", "recipients": "a@example.com", "attachments": json.dumps([name])},
		),
		"unzip": ("POST", "/api/method/frappe.core.api.file.unzip_file", {"name": name}),
		"optimize": (
			"POST", "/api/method/run_doc_method",
			{
				"method": "optimize_file",
				"docs": json.dumps(
					{
						"doctype": "File", "name": "x", "owner": people["stranger"], "file_name": "x.png", "file_size": 1,
						"file_url": address, "is_private": 0,
					}
				),
			},
		),
	}  # fmt: skip
	try:
		for who in ("stranger", "other seat", None):
			session = web(who and people[who])
			# otherwise Frappe answers some refusals with a page and 200
			session.headers["Accept"] = "application/json"
			for what, (method, path, arguments) in requests.items():
				sent = {"params": arguments} if method == "GET" else {"data": arguments}
				answer = session.request(method, path, **sent)
				assert answer.status_code >= 400, (who, what)
				assert SOUND not in answer.content, (who, what)
				assert answer.status_code < 500, (who, what, answer.text[-800:])
		assert copies() == []
		assert frappe.db.count("File", {"file_url": address}) == 2
		session = web(people["owner"])
		answer = session.get(address)
		assert answer.content == SOUND, answer.text[-1500:]
		zipped = session.get(
			"/api/method/frappe.core.api.file.zip_files", params={"files": json.dumps([name])}
		)
		assert zipped.content.startswith(b"PK")
	finally:
		frappe.db.rollback()
		frappe.delete_doc("Contact", ticket, force=True)
		frappe.db.commit()
