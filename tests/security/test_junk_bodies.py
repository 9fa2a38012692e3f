"""Whatever the request contains, the answer has a message and no traceback: never status 500.

The junk is drawn with a fixed seed, for one argument at a time in an otherwise valid request, then for all.
"""

import json
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from call_intelligence.api.arguments import BusyError, checked
from tests.integration.permissions.endpoints import ENDPOINTS, whitelisted
from tests.security.valid_requests import arguments_for, make_scene, unknown_arguments

API = "/api/method/call_intelligence.api."
DEEP = "[" * 60_000

# as they appear in the body: Python's own JSON is laxer than the standard, and so is Frappe
JUNK = [
	"null", "true", "-1", "0", "1.5", "1e308", "NaN", "-Infinity", "9223372036854775808", "9" * 400, '""', '" "', '"\\u0000"',
	'"a\\u0000b"', '"\\ud800"', '"\\udfff and text"', '"%s %(a)s {0} \\\\"', "\"' or 1=1 -- `\"", '"\\u202e\\ufeff"',
	'"\\uff11"', '"1e999"', '"-1"', '"nan"', json.dumps("9" * 5000), '"[1, 2"', '"{\\"a\\":"', '"NaN"', '"[NaN]"', '"null"', '"5"',
	'"\\"text\\""', '"[[[]]]"', '"{}"', '"[null]"', '"[{}]"', '"[\\"\\\\ud800\\"]"', '"[\\"\\\\u0000\\"]"', json.dumps(DEEP),
	json.dumps('{"a":' * 5000), "[]", "{}", "[[]]", "[null]", "[{}]", '["\\u0000"]', '["\\ud800"]', "[NaN]", "[1e308]",
	'{"a": {"b": [1]}}', '{"\\ud800": 1}', '{"name": null}', '{"name": ["like"]}', '{"name": ["like", {}]}', '[["Call"]]',
	'[["Call", "name", "=", {}]]', '[["Call", "nothing", "=", "1"]]', '[{"call": {}}]', '[{"call": null, "start": "x"}]',
	'[{"doctype": [], "name": {}}]', '[{"doctype": "DocType", "name": "User"}]', '[{"email": ["x"], "side": {}}]',
	'{"terms": [{"title": [], "phrases": [{"phrase": {}}]}]}', '{"terms": {"a": 1}}', '{"categories": [{"new": 1, "title": {}}]}',
	'{"deleted_terms": [{}]}', "[[[[[[[[1]]]]]]]]", '"\U0001f3f3\\ufe0f"', json.dumps("x" * 3000), json.dumps(["x"] * 3000),
	'{"document_type": {}}', '"DocType"', '"User"',
]  # fmt: skip
EACH_ARGUMENT = 5
WHOLE_BODIES = 4


@pytest.fixture
def scene(people, committed):
	made = make_scene(people["sales manager"], people["crm user"], committed)
	frappe.db.commit()
	return made


def test_every_function_has_a_valid_request(people):
	requests = arguments_for(make_scene(people["sales manager"], people["crm user"]))
	assert unknown_arguments(requests) == {}
	assert sorted(requests) == ENDPOINTS


def bodies(endpoint: str, valid: dict):
	"""(description, body)"""
	luck = random.Random(endpoint)
	valid = {name: json.dumps(value) for name, value in valid.items()}
	for name in valid:
		for junk in luck.sample(JUNK, EACH_ARGUMENT):
			yield name, {**valid, name: junk}
		yield name, {other: value for other, value in valid.items() if other != name}
	for _number in range(WHOLE_BODIES):
		yield "all", {name: luck.choice(JUNK) for name in valid}
	yield "nothing", {}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_junk_is_answered_in_words(scene, web, endpoint):
	client = web(scene.owner)
	methods = frappe.allowed_http_methods_for_whitelisted_func[whitelisted()[endpoint]]
	failed = {}
	for wrong, body in bodies(endpoint, arguments_for(scene)[endpoint]):
		text = "{" + ", ".join(f"{json.dumps(name)}: {value}" for name, value in body.items()) + "}"
		answer = client.request(
			methods[0],
			API + endpoint,
			data=text.encode("utf-8", "surrogatepass"),
			headers={"Content-Type": "application/json"},
		)
		if problem := complaint(answer):
			failed[wrong, body.get(wrong, "")[:60]] = problem
	frappe.db.rollback()
	assert not failed, "\n".join(f"{wrong} {junk}: {problem}" for (wrong, junk), problem in failed.items())


def complaint(answer) -> str | None:
	if answer.status_code >= 500:
		return answer.text[-600:]
	if answer.status_code >= 400 and not words(answer):
		return f"{answer.status_code} without words: {answer.text[:300]}"
	return None


def words(answer) -> bool:
	try:
		told = answer.json()
	except ValueError:
		return False
	# Frappe's own check of an argument's type reports it in the exception
	messages = told.get("_server_messages") or told.get("exception") or told.get("message")
	return bool(messages)


def test_retries_at_once_are_answered_in_words(scene, web):
	"""Only one run is created; later requests get a message."""
	clients = [web(scene.owner) for _number in range(4)]
	start = threading.Barrier(len(clients))

	def retry(client):
		start.wait()
		answers = [
			client.post(f"{API}calls.retry", json={"call": scene.call, "stage": "Analysing"})
			for _number in range(6)
		]
		return [(answer.status_code, complaint(answer)) for answer in answers]

	with ThreadPoolExecutor(len(clients)) as pool:
		answers = [answer for found in pool.map(retry, clients) for answer in found]
	assert [problem for _status, problem in answers if problem] == []
	assert {status for status, _problem in answers} <= {200, 409}
	assert (200, None) in answers


def test_who_loses_a_deadlock_goes_on_by_themselves(scene, web, eventually):
	client = web(scene.owner)
	# the request locks the recording and waits for the call; with many changed rows here MariaDB aborts the request
	frappe.db.sql("update `tabUser` set `bio` = concat(ifnull(`bio`, ''), '.')")
	frappe.db.sql("select `name` from `tabCall` where `name` = %s for update", scene.call)
	with ThreadPoolExecutor(1) as pool:
		answer = pool.submit(
			client.post, f"{API}calls.retry", json={"call": scene.call, "stage": "Analysing"}
		)
		eventually(is_somebody_waiting, 30, "the request waits for the call")
		frappe.db.sql("select `name` from `tabCall Recording` where `name` = %s for update", scene.recording)
		frappe.db.rollback()
		answer = answer.result()
	assert (answer.status_code, complaint(answer)) == (200, None)


def is_somebody_waiting() -> bool:
	"""Whether a query of another connection has been waiting"""
	return bool(
		frappe.db.sql(
			"""select 1 from information_schema.processlist
			where id != connection_id() and db = database() and command = 'Query' and time_ms > 500 limit 1"""
		)
	)


@pytest.mark.parametrize(
	("repeatable", "error", "runs"),
	[
		(True, frappe.QueryDeadlockError, 2),
		(False, frappe.QueryDeadlockError, 1),
		# it has waited long enough
		(True, frappe.QueryTimeoutError, 1),
	],
)
def test_who_loses_again_is_told_to_try_later(site, repeatable, error, runs):
	begun = []

	@checked(repeatable=repeatable)
	def always_too_late(call: str) -> None:
		begun.append(call)
		raise error

	with pytest.raises(BusyError) as refused:
		always_too_late("CALL")
	assert refused.value.http_status_code == 409
	assert len(begun) == runs
