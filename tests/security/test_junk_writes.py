"""Documents written with junk values by REST: the answer has a message and no traceback, never status 500."""

import json
import random

import frappe
import pytest

from tests import factories
from tests.security.test_junk_bodies import JUNK, complaint

# attributes of a document besides its fields, and of its class
OTHERS = (
	"name", "doctype", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "parent", "parentfield",
	"flags", "meta", "validate", "before_save", "_action", "has_permission", "_doc_before_save", "__onload", "no_field",
)  # fmt: skip
WRONG = (
	'{"a": 1}', '["x"]', '[["x"]]', "[{}]", "null", "true", "NaN", "-Infinity", "1e308", "9" * 400, "9223372036854775808",
	'"abc"', '"9999-99-99"', '"2026-02-30 25:61:00"', '"-1"', '"nan"', '"1e999"', '"\\ud800"', '"a\\u0000b"',
	json.dumps("x" * 200_000), json.dumps("9" * 5000), '[{"name": {"a": 1}}]', '[{"doctype": "User", "no_field": []}]',
)  # fmt: skip
SETTINGS = "Call Intelligence Settings"
DOCTYPES = (
	"Call", "Call Recording", "Call Clip", "Call Comment", "Call Playlist", "Call Playlist Item", "Tracked Term",
	"Tracked Term Category", "Transcript Segment", SETTINGS,
)  # fmt: skip
EACH_FIELD = 4


@pytest.fixture
def documents(people, site):
	"""{DocType: name of an existing document}"""
	call = factories.call(people["manager"])
	factories.playlist(people["manager"], call)
	factories.comment(call, people["manager"])
	factories.clip(call, people["manager"], [people["owner"]])
	factories.term("premium plan")
	found = {
		doctype: frappe.db.get_value(doctype, {}, "name", order_by="creation desc")
		for doctype in DOCTYPES[:-1]
	}
	return found | {"Call": call, SETTINGS: SETTINGS}


def wrong_values(doctype: str, each_field: int):
	"""(field, JSON of a value)"""
	luck = random.Random(doctype)
	fields = [df.fieldname for df in frappe.get_meta(doctype).fields if df.fieldname]
	for field in (*fields, *OTHERS):
		for junk in (*luck.sample(WRONG, each_field), luck.choice(JUNK)):
			yield field, junk


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_junk_as_a_value_is_stored_or_refused_in_words(documents, doctype):
	"""As Administrator, who passes all permission checks"""
	failed = []
	for field, junk in wrong_values(doctype, 3):
		for is_new in (True, False):
			frappe.db.savepoint("unwritten")
			try:
				doc = frappe.new_doc(doctype) if is_new else frappe.get_doc(doctype, documents[doctype])
				doc.update({field: json.loads(junk)}).save()
			except Exception as error:
				# this also produces Frappe's own message
				if getattr(error, "http_status_code", 500) >= 500:
					failed.append(f"{'new' if is_new else 'old'} {field} {junk[:40]}: {error!r:.300}")
			frappe.db.rollback(save_point="unwritten")
	frappe.clear_document_cache(doctype, documents[doctype])
	assert not failed, "\n".join(failed)


@pytest.fixture
def client(web, people):
	frappe.db.commit()
	return web(people["manager"], bare=True)


@pytest.fixture
def call(people, committed):
	name = committed("Call", factories.call(people["manager"]))
	frappe.db.commit()
	return name


def send(client, method: str, path: str, body: str):
	return client.request(
		method,
		path,
		data=body.encode("utf-8", "surrogatepass"),
		headers={"Content-Type": "application/json"},
	)


def test_junk_over_rest_is_answered_in_words(client, call):
	failed = {}
	for field, junk in wrong_values("Call", 1):
		answer = send(client, "PUT", f"/api/resource/Call/{call}", f"{{{json.dumps(field)}: {junk}}}")
		if problem := complaint(answer):
			failed[field, junk[:60]] = problem
	assert not failed, "\n".join(f"{what}: {problem[-300:]}" for what, problem in failed.items())


# Frappe refuses invalid JSON before any app is called
@pytest.mark.parametrize("body", ["[]", "[1]", '"text"', "null", "5", '"\\ud800"'])
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_body_that_is_no_object_is_answered_in_words(client, call, method, body):
	path = f"/api/resource/Call/{call}" if method == "PUT" else "/api/resource/Call"
	assert complaint(send(client, method, path, body)) is None


@pytest.mark.parametrize("who", ["guest", "manager"])
def test_another_spelling_of_a_doctype_is_refused_in_words(client, web, call, who):
	asking = client if who == "manager" else web(bare=True)
	for spelling in ("CALL", "Call%20", "C%C3%A1ll", "call", "%20Call", "Call%20recording"):
		for path in (f"/api/resource/{spelling}", f"/api/resource/{spelling}/{call}"):
			answer = asking.get(path)
			assert complaint(answer) is None
			assert "apps/" not in answer.text
			assert answer.status_code in (403, 404, 417)
