"""create_call() and the endpoints that use it."""

import io
import re

import frappe
import pytest
from werkzeug.datastructures import FileStorage

from call_intelligence.api import calls, uploads
from call_intelligence.core import storage
from call_intelligence.ingest.create import create_call
from call_intelligence.ingest.details import read_details
from call_intelligence.patches import tell_sources_apart
from tests import factories, speech


@pytest.fixture
def wav():
	return speech.spoken_call("premium_plan").stereo


def create(path, **details):
	return create_call(storage.stage_path(path), read_details(details))


def test_a_call_a_recording_and_a_queued_run(people, as_user, wav):
	contact = factories.contact()
	with as_user(people["rep"]):
		created = create(
			wav,
			title="Premium plan",
			direction="Inbound",
			language="en",
			speakers="2",
			associations=f'[{{"doctype": "Contact", "name": "{contact}"}}]',
			participants=[{"display_name": "Sarah", "email": "sarah@example.com", "side": "Customer"}],
		)
	call = frappe.get_doc("Call", created.call)
	recording = frappe.get_doc("Call Recording", created.recording)
	run = frappe.get_doc("Processing Run", {"recording": recording.name})
	assert (call.title, call.direction, call.call_owner, call.status) == (
		"Premium plan", "Inbound", people["rep"], "Queued",
	)  # fmt: skip
	assert call.contact == contact
	assert [(row.link_doctype, row.kind) for row in call.associations] == [("Contact", "Contact")]
	assert [row.email for row in call.participants] == ["sarah@example.com"]
	assert recording.file_name == wav.name
	assert recording.file_size == wav.stat().st_size
	assert (run.status, [row.stage for row in run.stages]) == (
		"Queued", ["Preparing", "Transcribing", "Identifying speakers", "Analysing"],
	)  # fmt: skip
	assert storage.path_of(recording.file).read_bytes() == wav.read_bytes()


def test_the_file_tells_nothing_and_belongs_to_the_recording(people, as_user, wav):
	with as_user(people["owner"]):
		created = create(wav)
	file = frappe.get_doc("File", frappe.db.get_value("Call Recording", created.recording, "file"))
	assert file.is_private
	assert "premium" not in file.file_name and "stereo" not in file.file_name
	assert (file.attached_to_doctype, file.attached_to_name) == ("Call Recording", created.recording)
	for who, allowed in {"owner": True, "manager": True, "stranger": False, "other seat": False}.items():
		with as_user(people[who]):
			assert bool(file.has_permission("read")) is allowed, who


def test_a_rollback_leaves_the_upload_where_it_was(people, as_user, wav):
	with as_user(people["owner"]):
		staged = storage.stage_path(wav)
		created = create_call(staged, read_details({}))
		path = storage.path_of(frappe.db.get_value("Call Recording", created.recording, "file"))
		frappe.db.rollback()
		assert not path.exists()
		assert storage.finished_upload(staged.token).path.read_bytes() == wav.read_bytes()


def test_the_same_external_id_is_the_same_call(people, as_user, wav):
	with as_user(people["owner"]):
		first = create(wav, source="PBX", external_id="42")
		again = create(wav, source="PBX", external_id="42")
		other = create(wav, source="Other PBX", external_id="42")
	assert (again.call, again.duplicate) == (first.call, True)
	assert not other.duplicate and other.call != first.call


def test_the_number_of_a_deleted_call_is_not_given_out_again(people, as_user, wav):
	with as_user(people["owner"]):
		first = create(wav).call
	assert re.fullmatch(r"CALL-\d{4}-\d{5}", first)
	frappe.delete_doc("Call", first)
	with as_user(people["owner"]):
		assert create(wav).call > first


DIFFERENT_IDS = ("AbC==", "aBc==", "ÀbC==", "AbC== ", " AbC==", "AbC<", "AbC‹", "x" * 140)


def test_external_ids_are_compared_byte_by_byte(people, as_user, wav):
	with as_user(people["owner"]):
		made = [create(wav, source="PBX", external_id=text) for text in DIFFERENT_IDS]
		again = [create(wav, source="PBX", external_id=text) for text in DIFFERENT_IDS]
	assert len({created.call for created in made}) == len(DIFFERENT_IDS)
	assert [(created.call, created.duplicate) for created in again] == [
		(created.call, True) for created in made
	]


def test_a_longer_external_id_is_refused(people, as_user, wav):
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="at most 140"):
		create(wav, source="PBX", external_id="x" * 141)


def test_recordings_from_before_get_their_keys(people, as_user, wav):
	with as_user(people["owner"]):
		first = create(wav, source="PBX", external_id="Zażółć==")
	key = frappe.db.get_value("Call Recording", first.recording, "source_key")
	frappe.db.set_value("Call Recording", first.recording, "source_key", None)
	tell_sources_apart.execute()
	assert frappe.db.get_value("Call Recording", first.recording, "source_key") == key


def test_asked_again_after_the_answer_was_lost(people, as_user, wav, sent):
	data = wav.read_bytes()
	with as_user(people["owner"]):
		token = uploads.start("call.wav", len(data))["upload"]
		sent(data)
		uploads.append(token, 0)
		first = calls.create(upload=token, source="PBX", external_id="44")
		storage.private_folder("uploads", token, "data").unlink()
		again = calls.create(upload=token, source="PBX", external_id="44")
	assert (again["call"], again["duplicate"]) == (first["call"], True)


def test_the_same_id_in_a_hidden_call_is_not_given_away(people, as_user, wav):
	with as_user(people["owner"]):
		first = create(wav, source="PBX", external_id="43")
	with as_user(people["other seat"]), pytest.raises(frappe.PermissionError) as refused:
		create(wav, source="PBX", external_id="43")
	assert first.call not in str(refused.value)


def test_the_same_content_is_a_warning_to_those_who_may_know(people, as_user, wav):
	with as_user(people["owner"]):
		first = create(wav)
		again = create(wav)
	with as_user(people["other seat"]):
		elsewhere = create(wav)
	assert not again.duplicate
	assert len(again.warnings) == 1 and first.call in again.warnings[0]
	assert elsewhere.warnings == []


@pytest.mark.parametrize(
	("content", "says"),
	[
		(b"", "empty"),
		(b"Dear Sir or Madam, please find enclosed our offer. " * 50, "not an audio or video file"),
		(bytes(range(256)) * 64, "not an audio or video file"),
		(b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", "playlist"),
	],
)
def test_what_is_no_recording_is_refused_and_removed(people, as_user, tmp_path, content, says):
	file = tmp_path / "call.mp3"
	file.write_bytes(content)
	before = frappe.db.count("Call")
	with as_user(people["owner"]):
		staged = storage.stage_path(file)
		with pytest.raises(frappe.ValidationError, match=says):
			create_call(staged, read_details({}))
		assert not staged.path.exists() and file.read_bytes() == content
	assert frappe.db.count("Call") == before


def test_a_file_over_the_limit(people, as_user, wav):
	frappe.db.set_single_value("Call Intelligence Settings", "max_file_size_mb", 1)
	frappe.clear_document_cache("Call Intelligence Settings", "Call Intelligence Settings")
	with as_user(people["owner"]):
		with pytest.raises(frappe.ValidationError, match=r"too large: 3 MB\. At most 1 MB"):
			uploads.start("call.wav", 3 * 1024 * 1024)
		big = wav.stat().st_size > 1024 * 1024
		assert big
		with pytest.raises(frappe.ValidationError, match="too large"):
			create(wav)


@pytest.mark.parametrize(
	("given", "kept"),
	[
		("../../etc/passwd.wav", "passwd.wav"),
		('C:\\Calls\\o\'neil "x".wav', 'o\'neil "x".wav'),
		("\u202egpj.wav", "gpj.wav"),
		("שיחה 📞.wav", "שיחה 📞.wav"),
		("a\x00b\n.wav", "ab.wav"),
		("x" * 300 + ".wav", "x" * 136 + ".wav"),
	],
)
def test_names_of_files(people, as_user, wav, given, kept):
	with as_user(people["owner"]):
		staged = storage.stage_path(wav, given)
		assert staged.file_name == kept
		created = create_call(staged, read_details({}))
		folder = storage.path_of(frappe.db.get_value("Call Recording", created.recording, "file")).parent
	assert folder.name == "files"
	assert frappe.db.get_value("Call", created.call, "title")


@pytest.mark.parametrize(
	("details", "says"),
	[
		({"direction": "Sideways"}, "Direction must be one of"),
		({"language": "english"}, "code of two or three letters"),
		({"language": "日本"}, "code of two or three letters"),
		({"start_time": "yesterday-ish"}, "Invalid date"),
		({"speakers": "many"}, "Number of speakers"),
		({"speakers": -1}, "Number of speakers"),
		({"associations": "[{"}, "not valid JSON"),
		({"associations": '{"doctype": "Contact"}'}, "list of objects"),
		({"associations": [{"doctype": "User", "name": "Administrator"}]}, "cannot be associated with User"),
		({"participants": [{"email": "not an address"}]}, "not an e-mail address"),
		({"participants": [{"side": "Left"}]}, "Side of a participant"),
	],
)
def test_details_that_make_no_sense(people, as_user, details, says):
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match=says):
		read_details(details)


@pytest.mark.parametrize(
	"given",
	[
		"2026-01-31 14:30:00", "2026-01-31T14:30:00Z", "2026-01-31T15:30:00.5+01:00", "2026-01-31 14:30", "2026-01-31 09:30:00-0500",
		"2026-01-31T14:30:00 UTC", "2026-01-31T15:30+01", "Sat, 31 Jan 2026 15:30:00 +0100", "31 Jan 2026 14:30:00 GMT",
	],
)  # fmt: skip
def test_dates_with_and_without_a_zone(people, as_user, given):
	"""The test site's time zone is UTC."""
	with as_user(people["owner"]):
		assert read_details({"start_time": given}).start_time == "2026-01-31 14:30:00"


@pytest.mark.parametrize(
	"given",
	[
		"2026-01-31 14:30:00 EST", "2026-01-31 14:30:00 CET", "Sat, 31 Jan 2026 14:30:00 CST", "03/04/2026", "25/11/2026", "3.4.2026",
		"2026-02-30", "2026-01-31 25:00", "2026-01-31 14:30:00+99:00", "20260131", "14:30", "1769869800", "now", "<b>2026</b>",
	],
)  # fmt: skip
def test_dates_that_could_mean_several_are_refused(people, as_user, given):
	with (
		as_user(people["owner"]),
		pytest.raises(frappe.ValidationError, match="Invalid date") as refused,
	):
		read_details({"start_time": given})
	assert "<b>" not in str(refused.value)


def test_a_hidden_record_looks_like_a_missing_one(people, as_user):
	hidden = factories.contact()
	with as_user(people["owner"]):
		for name in (hidden, "No Such"):
			with pytest.raises(
				frappe.PermissionError, match=f"Contact {name} does not exist, or you may not see it"
			):
				read_details({"associations": [{"doctype": "Contact", "name": name}]})


def test_only_managers_upload_for_others(people, as_user):
	with as_user(people["owner"]), pytest.raises(frappe.PermissionError):
		read_details({"call_owner": people["other seat"]})
	with as_user(people["manager"]):
		assert read_details({"call_owner": people["owner"]}).call_owner == people["owner"]
		assert read_details({"call_owner": people["crm user"]}).call_owner == people["crm user"]


def test_calls_of_people_without_the_seat_are_only_prepared(people, as_user, wav):
	with as_user(people["manager"]):
		staged = storage.stage_path(wav, "call.wav")
		created = create_call(staged, read_details({"call_owner": people["crm user"]}))
	assert "is not transcribed" in created.warnings[-1]
	(run,) = frappe.get_all("Processing Run", {"recording": created.recording}, pluck="name")
	assert [row.stage for row in frappe.get_doc("Processing Run", run).stages] == ["Preparing"]


@pytest.fixture
def untranscribed(people):
	call = factories.call(people["crm user"], transcript=(), status="Not transcribed")
	factories.recording(call, transcript=(), stage="Not transcribed")
	return call


def test_whose_calls_are_transcribed_is_decided_by_the_owners_seat(people, as_user, untranscribed):
	for who in ("manager", "crm user"):
		with as_user(people[who]), pytest.raises((frappe.ValidationError, frappe.PermissionError)):
			calls.retry(untranscribed)
	with as_user(people["manager"]):
		assert not calls.status(untranscribed)["can_retry"]


def test_a_retry_needs_the_seat_as_well(people, as_user, wav):
	with as_user(people["manager"]):
		created = create_call(
			storage.stage_path(wav, "call.wav"), read_details({"call_owner": people["crm user"]})
		)
	(run,) = frappe.get_all("Processing Run", {"recording": created.recording}, pluck="name")
	frappe.db.set_value("Processing Run", run, "status", "Failed")
	frappe.db.set_value("Call", created.call, "status", "Failed")
	with as_user(people["manager"]):
		again = calls.retry(created.call)["run"]
		assert [row.stage for row in frappe.get_doc("Processing Run", again).stages] == ["Preparing"]
	frappe.db.set_value("Processing Run", again, "status", "Succeeded")
	frappe.db.set_value("Processing Run Stage", {"parent": again}, "state", "Done")
	with as_user(people["manager"]), pytest.raises(frappe.ValidationError, match="seat"):
		calls.retry(created.call, stage="Transcribing")


def test_earlier_calls_are_transcribed_once_their_owner_has_the_seat(people, as_user, untranscribed):
	with as_user(people["crm user"]):
		assert calls.untranscribed() == {"count": 0}
		with pytest.raises(frappe.PermissionError):
			calls.transcribe_earlier()
	frappe.get_doc("User", people["crm user"]).add_roles(factories.SEAT)
	with as_user(people["crm user"]):
		assert calls.untranscribed() == {"count": 1}
		assert calls.status(untranscribed)["can_retry"]
		assert calls.transcribe_earlier() == {"started": 1, "left": 0}
		assert calls.untranscribed() == {"count": 0}
	(run,) = frappe.get_all("Processing Run", {"call": untranscribed, "status": "Queued"}, pluck="name")
	assert len(frappe.get_doc("Processing Run", run).stages) == 4


def test_a_file_that_is_on_the_site_already(people, as_user, wav):
	with as_user(people["owner"]):
		file = frappe.get_doc(
			{"doctype": "File", "file_name": "mine.wav", "content": wav.read_bytes(), "is_private": 1}
		).insert()
		answer = calls.create(file_url=file.file_url, title="From a File")
		assert answer["status"] == "Queued"
	with as_user(people["other seat"]), pytest.raises(frappe.PermissionError):
		calls.create(file_url=file.file_url)
	with as_user(people["owner"]), pytest.raises(frappe.PermissionError):
		calls.create(file_url="/private/files/no-such-file.wav")


# --------------------------------------------------------------------------------------------- in chunks


@pytest.fixture
def sent(monkeypatch):
	"""Gives the request a chunk, as werkzeug does."""

	class Request:
		files: dict = {}

	def send(data: bytes):
		Request.files = {"chunk": FileStorage(io.BytesIO(data), filename="blob")}
		monkeypatch.setattr(frappe.local, "request", Request(), raising=False)

	yield send


def test_chunks_in_order_twice_and_out_of_turn(people, as_user, wav, sent):
	data = wav.read_bytes()
	half = len(data) // 2
	with as_user(people["owner"]):
		token = uploads.start("call.wav", len(data))["upload"]
		sent(data[:half])
		assert uploads.append(token, 0) == {"received": half}
		sent(data[:half])
		assert uploads.append(token, 0) == {"received": half}, "sent twice"
		sent(data[half:])
		assert uploads.append(token, half + 5) == {"received": half}, "out of turn"
		with pytest.raises(frappe.ValidationError, match="not complete"):
			calls.create(upload=token)
		sent(data[half:])
		assert uploads.append(token, half) == {"received": len(data)}
		answer = calls.create(upload=token, title="In chunks")
	path = storage.path_of(frappe.db.get_value("Call Recording", answer["recording"], "file"))
	assert path.read_bytes() == data


def test_more_than_was_announced_is_refused(people, as_user, sent):
	with as_user(people["owner"]):
		token = uploads.start("call.wav", 10)["upload"]
		sent(b"x" * 11)
		with pytest.raises(frappe.ValidationError, match="More data"):
			uploads.append(token, 0)


@pytest.mark.parametrize("token", ["", "../../../etc", "0" * 32, "x" * 32])
def test_unknown_uploads(people, as_user, token, sent):
	sent(b"data")
	with as_user(people["owner"]), pytest.raises(frappe.DoesNotExistError):
		uploads.append(token, 0)


def test_another_persons_upload_is_unknown(people, as_user, sent):
	with as_user(people["owner"]):
		token = uploads.start("call.wav", 10)["upload"]
	sent(b"data")
	with as_user(people["other seat"]), pytest.raises(frappe.DoesNotExistError):
		uploads.append(token, 0)


def test_a_title_holds_no_markup(people):
	"""Desk's list shows titles as markup, and Frappe's cleaning misses an unclosed tag."""
	call = factories.call(people["owner"], title="Plan <img src=x onerror=alert(1) ")
	assert frappe.db.get_value("Call", call, "title").startswith("Plan ‹img src=x")
	doc = frappe.get_doc("Call", call)
	doc.title = "5 > 3 <b>and</b> 2 < 4"
	doc.save()
	assert doc.title == "5 › 3 ‹b›and‹/b› 2 ‹ 4"


@pytest.mark.parametrize(
	("email", "people_there"),
	[
		("Anna <anna@x.example>", [("Anna", "anna@x.example")]),
		(
			'"Nowak, Anna" <anna@x.example>; bob@x.example',
			[("Nowak, Anna", "anna@x.example"), (None, "bob@x.example")],
		),
		("anna@x.example,bob@x.example,", [(None, "anna@x.example"), (None, "bob@x.example")]),
	],
)
def test_addresses_as_mails_have_them_are_people(people, as_user, wav, email, people_there):
	with as_user(people["owner"]):
		created = create(wav, participants=[{"email": email, "side": "Customer"}])
	rows = frappe.get_doc("Call", created.call).participants
	assert [(row.display_name, row.email, row.side) for row in rows] == [
		(name, address, "Customer") for name, address in people_there
	]


@pytest.mark.parametrize(
	"email", ["nobody", "Anna <nobody>", "anna@x.example, nobody", "anna@x.example bob@x.example"]
)
def test_what_is_no_address_is_refused(people, as_user, wav, email):
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="not an e-mail address"):
		create(wav, participants=[{"email": email}])
