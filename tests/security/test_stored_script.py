"""Plain text is stored without markup, in every way in, and stays readable."""

import io
import json
import shutil
import wave

import frappe

from call_intelligence.associations.linking import associate
from call_intelligence.core import storage
from call_intelligence.editing import edits
from call_intelligence.insights import analysis
from call_intelligence.jobs import results
from call_intelligence.people.automatic import recognise_participants
from call_intelligence.people.matching.apply import match_call
from call_intelligence.speech import warnings, workfiles
from tests import factories
from tests.security import hostile

SEEN = "a < b, <3, Anna <anna@example.com>"
READ = "a ‹ b, ‹3, Anna ‹anna@example.com›"


def assert_plain(values: dict, where: str) -> None:
	for field, text in values.items():
		assert not set("<>") & set(text or ""), f"{where}.{field}: {text}"


def test_every_text_field_of_every_doctype_is_covered(people):
	"""Fields and DocTypes are found by their meta data, so new ones are included automatically."""
	found = hostile.documents(people["owner"])
	missing = [name for name in hostile.doctypes() if name not in found and not frappe.get_meta(name).istable]
	assert not missing, "tests/security/hostile.py makes no document of these"
	covered = set()
	for doctype, name in found.items():
		doc = frappe.get_doc(doctype, name)
		hostile.fill(doc)
		hostile.write(doc)
		for row in [doc, *doc.get_all_children()]:
			values = hostile.stored(row.doctype, row.name)
			assert_plain(values, row.doctype)
			assert_plain({field: row.get(field) for field in values}, f"{row.doctype} in memory")
			for field, text in values.items():
				assert hostile.can_be_read(row.doctype, field, text), (
					f"{row.doctype}.{field} cannot be read any more: {text}"
				)
				if (row.doctype, field) in hostile.JSON_FIELDS:
					assert json.loads(text)
			covered.add(row.doctype)
	assert covered >= {doctype for doctype in hostile.doctypes() if hostile.text_fields(doctype)}


def test_one_field_written_alone(people):
	for doctype, name in hostile.documents(people["owner"]).items():
		if frappe.get_meta(doctype).issingle:
			continue
		doc = frappe.get_doc(doctype, name)
		for field in hostile.text_fields(doctype):
			doc.db_set(field, hostile.hostile_value(doctype, field), update_modified=False)
			doc.db_set({field: hostile.hostile_value(doctype, field)}, update_modified=False)
		assert_plain(hostile.stored(doctype, name), doctype)


def test_a_new_document_is_plain(people):
	for doctype in hostile.doctypes():
		if frappe.get_meta(doctype).issingle:
			continue
		doc = frappe.new_doc(doctype)
		doc.update({field: hostile.hostile_value(doctype, field) for field in hostile.text_fields(doctype)})
		doc.name = frappe.generate_hash(length=10)
		doc.db_insert()
		assert_plain(hostile.stored(doctype, doc.name), doctype)


def test_names_of_linked_records_too(people):
	"""Links to DocTypes of removed apps are not checked by Frappe."""
	call = frappe.get_doc("Call", factories.call(people["owner"]))
	row = call.participants[0]
	row.update({"party_type": hostile.payload("party_type"), "party": hostile.payload("party")})
	try:
		call.save()
	except frappe.ValidationError:
		return
	assert_plain(frappe.db.get_value(row.doctype, row.name, ["party_type", "party"], as_dict=True), "party")


def test_a_document_by_rest(web, people, committed):
	frappe.db.commit()
	owner = web(people["owner"])
	open_tag = "Sarah <img src=x onerror=top.ran=1 "
	as_json = json.dumps({"a": "<img src=x onerror=top.ran=1>"})
	answer = owner.post(
		"/api/resource/Call",
		json={
			"title": as_json,
			"direction": "Inbound",
			"call_owner": people["owner"],
			"participants": [
				{"display_name": open_tag, "phone": open_tag, "side": "Customer"},
				{"display_name": SEEN, "side": "Customer"},
			],
		},
	)
	assert answer.ok, answer.text
	name = committed("Call", answer.json()["data"]["name"])
	frappe.db.rollback()
	call = frappe.get_doc("Call", name)
	assert_plain(hostile.stored("Call", name), "Call")
	for row in call.participants:
		assert_plain(hostile.stored("Call Participant", row.name), "Call Participant")
	assert [row.display_name for row in call.participants] == ["Sarah ‹img src=x onerror=top.ran=1 ", READ]
	assert call.title == "{“a”: “‹img src=x onerror=top.ran=1›”}"
	row = call.participants[0].name
	changed = owner.post(
		"/api/method/frappe.client.set_value",
		data={"doctype": "Call", "name": name, "fieldname": "title", "value": open_tag},
	)
	assert changed.ok, changed.text
	frappe.db.rollback()
	assert_plain(hostile.stored("Call", name), "Call")
	assert frappe.db.exists("Call Participant", row)
	version = frappe.get_all("Version", filters={"ref_doctype": "Call", "docname": name}, pluck="data")
	assert version and not any("<img" in data for data in version)


def test_a_recording_from_outside(web, people, committed):
	"""A caller's details of a recording, including those that identify it when sent again."""
	frappe.db.commit()
	owner = web(people["owner"])
	text = "<img src=x onerror=top.ran=1 "
	calls = []
	for _turn in range(2):
		answer = owner.post(
			"/api/method/call_intelligence.api.calls.create",
			data={
				"title": f"Call {text}",
				"source": f"Dialler {text}",
				"external_id": f"7 {text}",
				"participants": json.dumps([{"display_name": f"Sarah {text}", "phone": f"+1 {text}"}]),
			},
			files={"file": (f"{text}.wav", wav(), "audio/wav")},
		)
		assert answer.ok, answer.text
		calls.append(answer.json()["message"]["call"])
		if len(calls) == 1:
			committed("Call", calls[0])
	frappe.db.rollback()
	first, second = calls
	assert first == second, "the same external id is the same call"
	recording = frappe.db.get_value("Call Recording", {"call": first})
	assert_plain(hostile.stored("Call Recording", recording), "Call Recording")
	assert_plain(hostile.stored("Call", first), "Call")
	for row in frappe.get_all("Call Participant", filters={"parent": first}, pluck="name"):
		assert_plain(hostile.stored("Call Participant", row), "Call Participant")


def wav() -> bytes:
	memory = io.BytesIO()
	with wave.open(memory, "wb") as file:
		file.setnchannels(1)
		file.setsampwidth(2)
		file.setframerate(8000)
		file.writeframes(bytes(16000))
	return memory.getvalue()


def everything(call: str) -> None:
	"""All rows of a call are plain."""
	for doctype in hostile.doctypes():
		meta = frappe.get_meta(doctype)
		filters = {"parent": call} if meta.istable else {"call": call}
		if not meta.istable and not meta.has_field("call"):
			continue
		for name in frappe.get_all(doctype, filters=filters, pluck="name"):
			assert_plain(hostile.stored(doctype, name), doctype)


def test_what_the_engine_found(people, request):
	"""Words, names delivered with the recording, the language, the model"""
	call = factories.call(people["owner"])
	recording = frappe.db.get_value("Call Recording", {"call": call})
	text = hostile.payload("engine")
	said = [[i, i + 0.5, word, 0.9] for i, word in enumerate(f"{text} {SEEN}".split())]
	words = [{**dict(zip(workfiles.WORD_KEYS, word, strict=True)), "channel": 0} for word in said]
	utterance = {
		"start": 0,
		"end": 60,
		"speaker": "S1",
		"text": f"{text} {SEEN}",
		"words": said,
		"channel": 0,
	}
	media = {
		"duration": 60,
		"container": text,
		"codec": text,
		"channels": 1,
		"sample_rate": 8000,
		"kind": "Audio",
	}
	speakers = [{"key": "S1", "name": text, "talk_seconds": 9.0}]
	turns = [{"start": 0, "end": 60, "speaker": "S1"}]
	factories.term("said engine")
	request.addfinalizer(lambda: shutil.rmtree(storage.work_folder(recording), ignore_errors=True))
	workfiles.write(recording, "prepare.json", {**media, "peaks": {"data": text}})
	workfiles.write(recording, "words.json", {"language": "en", "model": text, "words": words})
	workfiles.write(recording, "utterances.json", {"utterances": [utterance], "speakers": speakers})
	workfiles.write(recording, "turns.json", {"turns": turns, "method": "labels"})
	results.store_media(call, recording)
	results.store_words(call, recording)
	everything(call)
	results.store_utterances(call, recording)
	warnings.store(recording, "Preparing", [{"code": text, "text": text}])
	everything(call)
	analysis.store(call, recording)
	everything(call)
	segment = frappe.get_all("Transcript Segment", filters={"call": call}, fields=["text", "words"])[0]
	assert READ in segment.text
	assert "‹anna@example.com›" in [word[2] for word in json.loads(segment.words)]
	names = frappe.get_all("Call Participant", filters={"parent": call}, pluck="display_name")
	assert any("said engine" in (name or "") for name in names)


def test_what_people_correct(people, as_user):
	call = factories.call(people["owner"])
	segment = frappe.db.get_value("Transcript Segment", {"call": call, "position": 0})
	with as_user(people["owner"]):
		answer = edits.correct_text(call, segment, SEEN)
		assert answer["segments"][0][1][4] == READ
		# a repeated request finds it
		assert edits.correct_text(call, segment, SEEN)["edit"] is None
		assert edits.correct_text(call, segment, hostile.payload("x"), before=SEEN)["edit"]
	everything(call)


def test_names_that_come_from_elsewhere(people):
	"""Contacts and users, whose names Frappe checks only for closed tags"""
	name = "Sarah <img src=x onerror=top.ran=1 "
	contact = frappe.get_doc(
		"Contact", factories.contact(email_ids=[{"email_id": "s@c.example.com", "is_primary": 1}])
	)
	frappe.db.set_value("Contact", contact.name, {"first_name": name, "full_name": name})
	frappe.db.set_value("User", people["owner"], "full_name", name)
	frappe.clear_cache()
	call = factories.call(people["owner"], participants=[{"email": "s@c.example.com"}])
	match_call(call)
	associate(call, "Contact", contact.name)
	recognise_participants(call)
	frappe.rename_doc("Contact", contact.name, factories.unique("Renamed"), force=True)
	factories.comment(call, people["owner"])
	clip = factories.clip(call, people["owner"], [people["owner"]])
	playlist = factories.playlist(people["owner"], call)
	everything(call)
	for doctype, of in (("Call Clip", clip), ("Call Playlist", playlist)):
		assert_plain(hostile.stored(doctype, of), doctype)
	assert frappe.db.get_value("Call Association", {"parent": call}, "link_title")


def test_rows_from_before(people):
	"""The patch cleans text stored by older versions, and keeps formatted text unchanged."""
	from call_intelligence.patches import store_plain_text

	found = hostile.documents(people["owner"])
	comment = found["Call Comment"]
	before = frappe.db.get_value("Call Comment", comment, ["content", "modified"])
	for doctype, name in found.items():
		for row in [frappe.get_doc(doctype, name), *frappe.get_doc(doctype, name).get_all_children()]:
			raw(row.doctype, row.name)
	store_plain_text.execute()
	for doctype, name in found.items():
		for row in [frappe.get_doc(doctype, name), *frappe.get_doc(doctype, name).get_all_children()]:
			values = hostile.stored(row.doctype, row.name)
			assert_plain(values, row.doctype)
			assert all(hostile.can_be_read(row.doctype, *value) for value in values.items())
	assert frappe.db.get_value("Call Comment", comment, ["content", "modified"]) == before


def raw(doctype: str, name: str) -> None:
	values = {field: hostile.hostile_value(doctype, field) for field in hostile.text_fields(doctype)}
	if not values:
		return
	if doctype == "Call Recording":
		# unique together
		values["external_id"] = f"{frappe.generate_hash(length=8)} {values['external_id']}"
	if frappe.get_meta(doctype).issingle:
		for field, text in values.items():
			frappe.db.set_single_value(doctype, field, text)
	else:
		frappe.db.set_value(doctype, name, values, update_modified=False)
