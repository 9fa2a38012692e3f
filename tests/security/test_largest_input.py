"""The largest accepted input takes less than a second, and a larger one is refused before anything is read.

Cost is measured in CPU time of this process, so that other load and the database do not count.
"""

import inspect
import json
import time
import wave
from contextlib import contextmanager

import frappe
import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from call_intelligence.api.arguments import Json
from call_intelligence.api.comments import LONGEST_MARKUP as LONGEST_COMMENT
from call_intelligence.api.notes import LONGEST_MARKUP as LONGEST_NOTES
from call_intelligence.core import storage
from call_intelligence.core.rows import MOST_ROWS, MOST_ROWS_OF_A_CALL
from call_intelligence.editing import edits
from call_intelligence.sources import receiving
from call_intelligence.terms import catalogue, rules
from tests.integration.permissions.endpoints import ENDPOINTS, gone, whitelisted
from tests.security.valid_requests import arguments_for, make_scene

SECONDS = 1.0
# these need a file, an HTTP request, or a report or board of Frappe
REFUSED = (
	"doors.export_report",
	"doors.message_preview",
	"doors.move_card",
	"doors.order_cards",
	"doors.run_report",
	"clips.part",
	"clips.media",
	"clip_links.media",
	"media.stream",
	"uploads.append",
	"transcript.restore",
	"generic.web_form_options",
)


@pytest.fixture
def scene(people):
	said = [
		("S1", 0.5, 4.0, "Thank you for calling Northwind, how can I help you?"),
		("S2", 5.0, 900.0, " ".join(f"w{i % 50}" for i in range(edits.LONGEST_TEXT // 4))),
		("S2", 901.0, 1800.0, " ".join(f"v{i % 50}" for i in range(edits.LONGEST_TEXT // 4))),
	]
	made = make_scene(people["sales manager"], people["crm user"], transcript_rows=said)
	frappe.db.set_single_value("Call Intelligence Settings", "external_links", 1)
	frappe.clear_document_cache("Call Intelligence Settings", "Call Intelligence Settings")
	frappe.set_user(made.owner)
	return made


@contextmanager
def in_time(what: str):
	started = time.process_time()
	yield
	spent = time.process_time() - started
	assert spent < SECONDS, f"{what}: {spent:.1f} s"


def texts(number: int, length: int = 100) -> list[str]:
	return [f"{i:0{length}}" for i in range(number)]


def users(number: int) -> list[str]:
	"""Names of new colleagues; written in bulk, since Frappe needs a second for each"""
	names = [f"{frappe.generate_hash(length=10)}@example.com" for _number in range(number)]
	bulk(
		"User",
		[
			{"name": name, "email": name, "enabled": 1, "user_type": "System User", "allowed_in_mentions": 1}
			for name in names
		],
	)
	return names


def contacts(number: int) -> list[str]:
	names = [frappe.generate_hash(length=20) for _number in range(number)]
	bulk("Contact", [{"name": name, "first_name": name} for name in names])
	return names


def bulk(doctype: str, rows: list[dict]) -> None:
	now = frappe.utils.now()
	about = {"creation": now, "modified": now, "owner": "Administrator", "modified_by": "Administrator"}
	frappe.db.bulk_insert(doctype, [*rows[0], *about], [[*row.values(), *about.values()] for row in rows])


def people_rows(number: int) -> list[dict]:
	return [
		{
			"display_name": f"Person {i}",
			"email": f"person{i}@customer.example",
			"phone": f"+4812345{i:04}",
			"side": "Customer",
		}
		for i in range(number)
	]


def markup(length: int) -> str:
	"""The maximum number of tags with maximum content; also unclosed ones, and a text of a fifth of the length"""
	tags = 4500
	filling = "x" * (length * 3 // 4 // tags)
	pieces = [
		"<p>",
		f'<b title="{filling}">',
		"</b>",
		f"<i class={filling} id='a'>",
		"</p>",
		"<aaa",
		"&#",
		'<a b="" c',
	]
	found = "".join(pieces[i % len(pieces)] for i in range(tags))
	return found + "word " * ((length // 5 - found.count("<aaa") * 20 - 2000) // 5)


def term(number: int, phrases: int = 1) -> dict:
	return {
		"name": None, "key": str(number), "category": "new", "title": f"Term {number}", "enabled": True, "said_by": "Anyone",
		"place": "Anywhere", "minutes": 0, "phrases": [{"phrase": f"phrase {number} {i}", "word_forms": True} for i in range(phrases)],
	}  # fmt: skip


def moved_categories() -> list[dict]:
	names = [
		f"Category {frappe.generate_hash(length=10)}" for _number in range(catalogue.MOST_CATEGORIES - 1)
	]
	bulk(catalogue.CATEGORY, [{"name": name, "title": name, "position": 1} for name in names])
	return [{"name": name, "title": name, "position": i + 2} for i, name in enumerate(names)]


def upload(tmp_path) -> str:
	path = tmp_path / "call.wav"
	with wave.open(str(path), "wb") as file:
		file.setparams((1, 2, 8000, 0, "NONE", ""))
		file.writeframes(bytes(16000))
	return storage.stage_path(path).token


def largest(scene, endpoint: str, tmp_path) -> dict:
	"""Arguments of the most expensive request"""
	found = arguments_for(scene)[endpoint]
	names = texts(200)
	own = {
		"associations.of_calls": lambda: {"calls": [scene.call, *names[:199]]},
		"associations.search": lambda: {"text": "Sarah " * 80, "kind": None},
		"calls.create": lambda: {
			"upload": upload(tmp_path), "associations": [{"doctype": "Contact", "name": name} for name in contacts(MOST_ROWS_OF_A_CALL)],
			"participants": people_rows(MOST_ROWS_OF_A_CALL), "call_owner": scene.owner,
		},
		"clips.who_cannot_see": lambda: {"users": users(100), "groups": texts(100)},
		"clips.share": lambda: {"users": users(100), "message": "x" * 2000, "title": "x" * 500},
		"clips.create_link": lambda: {"message": "x" * 2000, "title": "x" * 500, "password": "x" * 128},
		"clip_links.open": lambda: {"key": "x" * 500, "password": "x" * 10_000, "grant": "x" * 500},
		"comments.add": lambda: {"content": markup(LONGEST_COMMENT)},
		"comments.edit": lambda: {"content": markup(LONGEST_COMMENT)},
		"comments.mark_read": lambda: {"names": names},
		"comments.who_cannot_see": lambda: {"users": users(100), "groups": texts(100)},
		"comments.share_with": lambda: {"users": users(100)},
		"notes.save": lambda: {"content": markup(LONGEST_NOTES)},
		"playlists.add": lambda: {"parts": found["parts"] * 50},
		"playlists.update_item": lambda: {"title": "x" * 140, "description": "x" * 2000},
		"playlists.mine": lambda: {"text": "word " * 100},
		"search.records": lambda: {"txt": "word " * 100, "filters": {"name": ["in", texts(25_000, 20)]}},
		"search.count": lambda: {"filters": {"name": ["in", texts(25_000, 20)]}},
		"generic.custom_field_values": lambda: {"names": texts(25_000, 20)},
		"generic.workflow_state_count": lambda: {"states": texts(25_000, 20)},
		"generic.group_by_count": lambda: {"current_filters": {"name": ["in", texts(25_000, 20)]}},
		"generic.next_document": lambda: {"filters": [["Call", "name", "in", texts(25_000, 20)]]},
		"terms.preview": lambda: {"terms": [term(i, rules.MOST_PHRASES) for i in range(9)], "calls": 50},
		"terms.save": lambda: {
			"changes": {
				"categories": [{"name": "new", "new": True, "title": "New", "position": 1}, *moved_categories()],
				"terms": [term(i, 6) for i in range(catalogue.MOST_CHANGES)],
			}
		},
		"transcript.correct_text": lambda: {"text": " ".join(f"w{i % 3}" for i in range(edits.LONGEST_TEXT // 3))},
		"transcript.rename_speaker": lambda: {"name": "x" * 140},
	}  # fmt: skip
	found = {**found, **own.get(endpoint, dict)()}
	if endpoint == "terms.save":
		found["version"] = catalogue.version()
	return found


def ask(endpoint: str, arguments: dict):
	function = whitelisted()[endpoint]
	if endpoint.startswith("clip_links."):
		return gone(function, **arguments)
	if endpoint == "webhooks.receive":
		body = b"x" * receiving.MOST_BYTES
		frappe.local.request_ip = "127.0.0.1"
		frappe.local.request = Request(EnvironBuilder(method="POST", data=body).get_environ())
	return function(**arguments)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_the_largest_input_takes_less_than_a_second(scene, tmp_path, endpoint):
	arguments = largest(scene, endpoint, tmp_path)
	for warm in (False, True):
		frappe.db.savepoint("unchanged")
		frappe.local.response = frappe._dict(docs=[])
		try:
			if warm:
				with in_time(endpoint):
					ask(endpoint, arguments)
			else:
				ask(endpoint, arguments)
		except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError, AttributeError):
			if endpoint not in (*REFUSED, "clip_links.open"):
				raise
		frappe.db.rollback(save_point="unchanged")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_no_argument_is_without_a_limit(endpoint):
	function = whitelisted()[endpoint]
	# arguments passed on to Frappe have no name here, but an explicit limit
	named = {name for name, p in inspect.signature(function).parameters.items() if p.kind != p.VAR_KEYWORD}
	assert set(function.limits) == named
	assert all(function.limits.values())


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_the_next_larger_input_is_refused_before_anything_is_read(scene, endpoint):
	function = whitelisted()[endpoint]
	arguments = arguments_for(scene)[endpoint]
	for name, limit in function.limits.items():
		for value in too_large(limit):
			before = questions()
			with pytest.raises((frappe.ValidationError, TypeError)) as refused:
				function(**{**arguments, name: value})
			assert questions() == before + 1, name
			# Frappe itself refuses a wrong type
			assert str(refused.value), name


def too_large(limit) -> list:
	if not isinstance(limit, Json):
		return ["x" * (limit + 1)]
	return [
		["x"] * (limit.values + 1),
		{"x": ["x"] * limit.values},
		["x" * (limit.characters + 1)],
		["x" * (limit.characters // 2 + 1)] * 2,
		json.dumps(["x"] * (limit.values + 1)),
		"[" + " " * limit.characters + "]",
	]


def questions() -> int:
	"""Number of statements sent by this connection, including this one"""
	return int(frappe.db.sql("show session status like 'Questions'")[0][1])


# ------------------------------------------------------------------------------------------------ Frappe's own REST


def tables() -> list[tuple[str, str]]:
	"""(DocType of the app, its field) of all child tables"""
	return [
		(doctype, field.fieldname)
		for doctype in frappe.get_all("DocType", {"module": "Call Intelligence", "istable": 0}, pluck="name")
		for field in frappe.get_meta(doctype).get_table_fields()
	]


def test_no_document_takes_more_rows_than_it_can_hold(scene):
	found = tables()
	assert ("Call", "associations") in found
	for doctype, field in found:
		rows = [
			{"link_doctype": "Contact", "link_name": "x", "user": "x"} for _number in range(MOST_ROWS + 1)
		]
		document = frappe.get_doc({"doctype": doctype, field: rows})
		for write in (document.insert, document.save):
			before = questions()
			with (
				pytest.raises(frappe.ValidationError, match="rows are possible"),
				in_time(f"{doctype} {field}"),
			):
				write()
			assert questions() <= before + 2, doctype


@pytest.mark.parametrize("way", ["insert", "save"])
def test_a_call_with_as_many_rows_as_it_can_hold(scene, way):
	rows = {
		"associations": [
			{"link_doctype": "Contact", "link_name": name} for name in contacts(MOST_ROWS_OF_A_CALL - 1)
		],
		"participants": people_rows(MOST_ROWS_OF_A_CALL - 2),
	}
	for _warm in range(2):
		frappe.db.savepoint("unchanged")
		call = frappe.get_doc(
			{
				"doctype": "Call",
				"title": "Many",
				"call_owner": scene.owner,
				"start_time": "2026-01-31 14:30:00",
			}
		)
		if way == "save":
			call = frappe.get_doc("Call", scene.call)
		for field, values in rows.items():
			call.extend(field, values)
		started = time.process_time()
		call.insert() if way == "insert" else call.save()
		spent = time.process_time() - started
		frappe.db.rollback(save_point="unchanged")
	assert spent < SECONDS, f"{spent:.1f} s"


def test_a_document_that_has_more_rows_is_still_saved(scene):
	"""Voices found by the engine are added to named participants"""
	call = frappe.get_doc("Call", scene.call)
	for number in range(MOST_ROWS_OF_A_CALL):
		row = {
			"doctype": "Call Participant",
			"parent": call.name,
			"parenttype": "Call",
			"parentfield": "participants",
		}
		frappe.get_doc({**row, "display_name": f"P{number}", "idx": number + 10}).db_insert()
	call.reload()
	call.title = "Another title"
	call.save()
	call.append("participants", {"display_name": "One more"})
	with pytest.raises(frappe.ValidationError, match=str(MOST_ROWS_OF_A_CALL)):
		call.save()


@pytest.mark.parametrize(
	("doctype", "field", "longest"),
	[("Call Comment", "content", LONGEST_COMMENT), ("Call", "notes", LONGEST_NOTES)],
)
def test_text_by_rest(scene, doctype, field, longest):
	name = {"Call Comment": scene.comment, "Call": scene.call}[doctype]
	for _warm in range(2):
		document = frappe.get_doc(doctype, name)
		document.set(field, markup(longest))
		started = time.process_time()
		document.save()
		spent = time.process_time() - started
	assert spent < SECONDS, f"{spent:.1f} s"
	document = frappe.get_doc(doctype, name)
	document.set(field, "x" * (longest + 1))
	with pytest.raises(frappe.ValidationError), in_time(doctype):
		document.save()
