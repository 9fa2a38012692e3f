"""Arguments of requests do not become SQL: every parameter of every whitelisted or overridden function gets a sentinel in each form
that Frappe accepts, and MariaDB's general log shows where it arrives."""

import inspect
import json
import uuid

import frappe
import pytest
from frappe.handler import execute_cmd
from werkzeug.wrappers import Request

from call_intelligence import transcript
from call_intelligence.guard.filters import check_request
from tests import factories
from tests.integration.permissions.endpoints import HEATMAP, whitelisted
from tests.security import sql_log

WORD = "zq7sentinel"
# a plain name, an expression that Frappe's lists accept as a name, and the end of a literal or quoted name
TEXTS = (WORD, f"ifnull({WORD},0)=0||1", f"{WORD}'\"` ;-- \\")


def plain_shapes(text: str) -> list[str]:
	"""Values for a text argument, such as a name, a list of columns or an order"""
	return [text, f"name {text}", f"asc, {text}", f"`tabCall`.`{text}`"]


def json_shapes(text: str) -> list[str]:
	"""Values for an argument that may be JSON: lists, filters in every form, lists of fields, rows, charts"""
	chart = {**HEATMAP, "based_on": text, "value_based_on": text, "group_by_based_on": text}
	filtered = {**HEATMAP, "document_type": "ToDo", "filters_json": json.dumps([["ToDo", text, "=", 1]])}
	nested = [
		[text],
		{text: 1},
		{text: ["like", "%"]},
		{"name": text},
		{"name": [text, 1]},
		{"name": ["in", [text, {"a": text}]]},
		[[text, "=", 1]],
		[["Call", text, "=", 1]],
		[[text, "name", "=", 1]],
		[["Call", "name", "=", ["name", text, 1]], "or", [[text, "=", 1]]],
		["name", f"{text} as other"],
		[{"call": text, "doctype": text, "name": text, "title": text, text: text}],
		chart,
		filtered,
	]
	return list(map(json.dumps, nested))


def arguments_for(parameter: inspect.Parameter, texts: tuple[str, ...]) -> list[str]:
	"""Annotations of the app's functions show which arguments may be JSON."""
	found = [shape for text in texts for shape in plain_shapes(text)]
	if any(word in str(parameter.annotation) for word in ("list", "dict")):
		found += [shape for text in texts[:2] for shape in json_shapes(text)]
	return found


def parameters_of(name: str, function) -> list[inspect.Parameter]:
	"""Parameters of the function, and those it passes on to the overridden function of Frappe"""
	found = dict(inspect.signature(function).parameters)
	if not name.startswith("call_intelligence."):
		found = {**inspect.signature(frappe.get_attr(name)).parameters, **found}
	return [parameter for parameter in found.values() if parameter.kind != inspect.Parameter.VAR_KEYWORD]


class Asking:
	"""Requests for functions by name, as received by Frappe's handler."""

	def __init__(self, call):
		recording = transcript.recording_of(call.name)
		playlist = factories.playlist(call.call_owner, call.name)
		segment = frappe.db.get_value("Transcript Segment", {"recording": recording})
		self.plausible = {
			"aggregation": "sum", "association": call.associations[0].name, "call": call.name, "call_name": call.name,
			"calls": json.dumps([call.name]), "chart": json.dumps(HEATMAP), "clip": frappe.db.get_value("Call Clip", {"call": call.name}),
			"comment": frappe.db.get_value("Call Comment", {"call": call.name}), "content": "A word", "current_filters": "[]",
			"date_field": "creation", "dn": call.name, "docname": call.name, "doctype": "Call", "dt": "Call", "edit": "none", "end": 2,
			"field": "status", "file_name": "call.wav", "filters": "{}", "goal_doctype": "Call", "goal_doctype_link": "name",
			"goal_field": "duration", "goal_history_field": "notes", "goal_total_field": "duration", "goal_value_field": "duration",
			"item": frappe.db.get_value("Call Playlist Item", {"playlist": playlist}), "items": json.dumps([{"call": call.name}]),
			"key": "0" * 64, "name": call.name, "offset": 0, "participant": call.participants[0].name, "playlist": playlist, "prev": 0,
			"position": 1, "recording": recording, "seconds": 1, "segment": segment, "side": "Owner", "size": 10, "speaker": "S1",
			"sort_field": "modified", "sort_order": "asc", "start": 1, "states": '["Failed"]', "suggestion": "none", "tag": "vip",
			"terms": "[]", "text": "words", "title": "A title", "txt": "a", "upload": "0" * 32, "user": call.call_owner,
			"users": json.dumps([call.call_owner]), "value": call.name, "version": 0, "voice": call.participants[0].name,
			"web_form_name": "edit-profile", "workflow_state_field": "status",
		}  # fmt: skip

	def functions(self) -> dict[str, object]:
		"""{name in a request: the function that runs}"""
		found = {f"call_intelligence.api.{name}": function for name, function in whitelisted().items()}
		for name, hooks in frappe.get_hooks("override_whitelisted_methods").items():
			if hooks[-1].startswith("call_intelligence."):
				found[name] = frappe.get_attr(hooks[-1])
		return found

	def send(self, name: str, function, arguments: dict) -> None:
		"""The answer does not matter, only the log does. Writes are rolled back."""
		method = "GET" if "GET" in frappe.allowed_http_methods_for_whitelisted_func[function] else "POST"
		frappe.local.request = Request.from_values(method=method)
		frappe.local.request_ip = str(uuid.uuid4())
		frappe.local.form_dict = frappe._dict(arguments)
		frappe.local.message_log = []
		frappe.db.savepoint("before_request")
		try:
			check_request()
			execute_cmd(name)
		except Exception as error:
			# the database knows no such column or table: the sentinel was treated as SQL
			assert not frappe.db.is_missing_column(error), (name, arguments)
		frappe.db.rollback(save_point="before_request")


# users refused before the arguments count get one text in each form
WHO = {"Guest": TEXTS[:1], "portal user": TEXTS[:1], "stranger": TEXTS[:2], "owner": TEXTS, "manager": TEXTS}


@pytest.mark.parametrize("who", WHO)
def test_no_argument_becomes_sql(call, people, as_user, bench, who):
	asking = Asking(call)
	before = getattr(frappe.local, "request", None)
	with sql_log.switched_on(bench) as log, as_user(people[who]):
		for name, function in asking.functions().items():
			if who == "manager" and name.startswith("call_intelligence."):
				# managers pass where the owner does, except for charts
				continue
			parameters = parameters_of(name, function)
			arguments = {
				parameter.name: asking.plausible.get(parameter.name, "1")
				for parameter in parameters
				if parameter.default is inspect.Parameter.empty
			}
			for parameter in parameters:
				for value in arguments_for(parameter, WHO[who]):
					asking.send(name, function, {**arguments, parameter.name: value})
			assert not log.outside_literals(WORD), name
	frappe.local.request = before


def test_the_log_shows_a_sentinel_that_is_sql(site, bench):
	with sql_log.switched_on(bench) as log:
		frappe.db.sql("select %s", (TEXTS[2],))
		assert not log.outside_literals(WORD)
		frappe.db.sql(f"select 1 as `{WORD}`")
		assert len(log.outside_literals(WORD)) == 1
