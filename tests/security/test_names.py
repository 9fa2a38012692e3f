"""Names of fields, operators, orders and DocTypes in a request"""

import json
import time
from contextlib import suppress

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from call_intelligence.guard import filters as guard
from call_intelligence.queries import known, sql
from tests import factories

FRAPPES_COUNT = "frappe.client.get_count"
# each of these returns all calls if a name becomes SQL
KEYS = ("ifnull(title,0)=0||1", "ifnull((select 1),0)||0", "name`=1 or 1=1 -- ", "name) or (1", "`name`")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("who", ["portal user", "stranger", "owner"])
def test_a_filter_whose_field_is_sql_is_refused(call, people, as_user, ask, key, who):
	for filters in ({key: 1}, {key: ["=", 1]}, [[key, "=", 1]], [["Call", key, "=", 1]], [["name", key, 1]]):
		for asked in (
			{"function": FRAPPES_COUNT, "filters": filters},
			{
				"function": "frappe.desk.listview.get_group_by_count",
				"current_filters": filters,
				"field": "status",
			},
			{
				"function": "frappe.desk.listview.get_group_by_count",
				"current_filters": filters,
				"field": "assigned_to",
			},
			{
				"function": "call_intelligence.api.search.records",
				"txt": "",
				"filters": filters,
			},
		):
			arguments = {name: as_json(value) for name, value in asked.items()}
			with as_user(people[who]):
				try:
					answer = ask(arguments.pop("function"), doctype="Call", **arguments)
				except (frappe.ValidationError, frappe.PermissionError):
					continue
			assert who == "portal user" and not answer, (asked, answer)


def as_json(value):
	return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize("order", ["asc, (select 1)", "desc limit 9", "", "ascending"])
def test_an_order_is_ascending_or_descending(call, people, as_user, ask, order):
	arguments = {"doctype": "Call", "value": call.name, "prev": 0, "sort_order": order or "x"}
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError):
		ask("frappe.desk.form.utils.get_next", **arguments)


# Frappe's own functions that put a filter's field into SQL, with their result for a stranger
UNCHECKED_BY_FRAPPE = {
	"frappe.desk.doctype.number_card.number_card.get_result": {
		"doc": {"document_type": "Call", "function": "Count", "filters_json": "[]"}
	},
	"frappe.desk.search.search_link": {"doctype": "ToDo", "txt": ""},
}


@pytest.mark.parametrize(
	"name",
	["ifnull(title,0)=0||1", "ifnull(title, (select 1))", "IFNULL(a,b)||1", "x ifnull(`a`, '')"],
)
@pytest.mark.parametrize("function", UNCHECKED_BY_FRAPPE)
def test_frappes_own_functions_get_no_sql_for_a_field(people, web, function, name):
	"""By HTTP: the guard runs before all of them."""
	frappe.db.commit()
	stranger = web(people["stranger"])
	given = {key: as_json(value) for key, value in UNCHECKED_BY_FRAPPE[function].items()}
	doctype = "Call" if "doc" in given else "ToDo"
	for filters in ({name: 1}, [[name, "=", 1]], [[doctype, name, "=", 1]]):
		plain = json.dumps(filters)
		for sent in (plain, plain.replace("null", "n\\u0075ll"), plain.replace("NULL", "N\\u0055LL")):
			answer = stranger.post(f"/api/method/{function}", data={**given, "filters": sent})
			assert answer.status_code == 417, (sent, answer.text)
			assert "Unknown field" in answer.text, (sent, answer.text)


# arguments that bypass permissions in one of Frappe's functions, in all forms of filters
PAST_THE_RULE = (
	[["name`=1||1||`tabCall`.`name", "=", "x"]],
	{"name`=1||1||`tabCall`.`name": "x"},
	[["Call", "name", "!=", "x"], "1=1 or 1=1"],
	[["Call", "name", "!=", "x"], "1=0 union select title, 1 from (select sid as title, 1 as modified from tabSessions) tabCall -- "],
	[["Call", "name", "!=", "x"], "sleep(3)=0 or 1=0"],
	["1 or 1"],
	["1 or 1", "name", "name"],
	["1 -- ", "=", "x"],
	["name", "name", "1=1 or 1=1"],
	["Call", "1 or 1", "name", "x"],
	[["Call", "name", "=", "x"], "or", ["Call", "name`||1||`name", "=", "x"]],
	[[["Call", "name`||1||`name", "=", "x"]], "or", [["Call", "name", "=", "x"]]],
	[{"name`||1||`name": "x"}],
)  # fmt: skip
ASKED_BY_FILTERS = {
	"resource/Call": {"fields": '["title"]'},
	"method/frappe.client.get_list": {"doctype": "Call", "fields": '["title"]'},
	"method/frappe.desk.reportview.get": {"doctype": "Call", "fields": '["title"]'},
	"method/frappe.desk.reportview.get_sidebar_stats": {"doctype": "Call", "stats": '["title"]'},
	"method/frappe.desk.reportview.get_filter_dashboard_data": {
		"doctype": "Call", "stats": '[{"name": "title", "type": "Data"}]',
	},
	"method/frappe.desk.calendar.get_events": {
		"doctype": "Call", "start": "2000-01-01", "end": "2100-01-01", "field_map": '{"start": "start_time", "end": "modified"}',
		"fields": '["title"]',
	},
	"method/frappe.desk.search.search_link": {"doctype": "ToDo", "txt": ""},
	"method/frappe.desk.listview.get_group_by_count": {"doctype": "Contact", "field": "status"},
	"method/frappe.desk.form.utils.get_next": {"doctype": "Contact", "value": "x", "prev": 0},
}  # fmt: skip


@pytest.mark.parametrize("who", ["portal user", "stranger"])
@pytest.mark.parametrize("path", ASKED_BY_FILTERS)
def test_no_filter_leads_past_the_rule(people, web, committed, who, path):
	call = committed("Call", factories.call(people["owner"], title=factories.unique("zq secret")))
	title = frappe.db.get_value("Call", call, "title")
	frappe.db.commit()
	client = web(people[who])
	for name in ("current_filters",) if "group_by" in path else ("filters", "or_filters"):
		for filters in PAST_THE_RULE:
			answer = client.get(f"/api/{path}", params={**ASKED_BY_FILTERS[path], name: json.dumps(filters)})
			assert answer.status_code in (403, 417), (name, filters, answer.text)
			assert title not in answer.text


@pytest.mark.parametrize("column", ["name,0)||1||coalesce(1", "name`", "name -- "])
def test_no_column_of_a_calendar_is_an_expression(people, web, column):
	frappe.db.commit()
	answer = web(people["portal user"]).get(
		"/api/method/frappe.desk.calendar.get_events",
		params={
			**ASKED_BY_FILTERS["method/frappe.desk.calendar.get_events"],
			"field_map": json.dumps({"start": column, "end": "modified"}),
		},
	)
	assert answer.status_code == 417 and "Unknown field" in answer.text


EVENTS = {
	"doctype": "Event",
	"start": "2000-01-01",
	"end": "2100-01-01",
	"field_map": '{"start": "starts_on", "end": "ends_on"}',
}
SECRET = "(select ord(`title`) from `tabCall` where `title` like 'zq secret%' limit 1)"


@pytest.mark.parametrize("who", ["portal user", "stranger"])
@pytest.mark.parametrize(
	"column",
	[
		SECRET,
		f"name) + {SECRET[:-1]}",
		"name) from `tabCall` /*",
		"sleep(2)",
		"1 -- ",
		"SELECT(1)from`tabCall`",
	],
)
def test_nothing_that_is_selected_is_a_query(people, web, committed, who, column):
	committed("Call", factories.call(people["owner"], title=factories.unique("zq secret")))
	event = {"doctype": "Event", "subject": "x", "starts_on": "2026-01-31 10:00:00", "event_type": "Public"}
	committed("Event", frappe.get_doc(event).insert().name)
	frappe.db.commit()
	client = web(people[who])
	card = {"document_type": "Event", "function": "Maximum", "aggregate_function_based_on": column}
	selected = f"max({column}) as x"
	for function, arguments in (
		(
			"frappe.desk.doctype.number_card.number_card.get_result",
			{"doc": json.dumps(card), "filters": "[]"},
		),
		(
			"frappe.desk.doctype.number_card.number_card.get_percentage_difference",
			{"doc": json.dumps(card), "result": 1},
		),
		("frappe.client.insert", {"doc": json.dumps({"doctype": "Number Card", "label": "x", **card})}),
		("frappe.desk.calendar.get_events", {**EVENTS, "fields": json.dumps([selected])}),
		(
			"frappe.desk.search.search_widget",
			{"doctype": "Event", "txt": "", "filter_fields": json.dumps([selected])},
		),
		("frappe.client.get_list", {"doctype": "Event", "fields": selected, "order_by": "name"}),
		("frappe.client.get_list", {"doctype": "Event", "order_by": selected}),
		(
			"frappe.client.insert",
			{"doc": json.dumps({"doctype": "Report", "json": json.dumps({"fields": [[selected, "Event"]]})})},
		),
	):
		answer = client.post(f"/api/method/{function}", data=arguments)
		assert answer.status_code == 417, (function, answer.text)
		assert "Unknown field" in answer.text, (function, answer.text)


@pytest.mark.parametrize("text", ["select ", "union ", "(", "( ", "(select", "`a`, ", "max(", "-", "a--a"])
def test_long_texts_are_looked_at_in_one_pass(text):
	started = time.process_time()
	for key in ("fields", "filters", "order_by"):
		with suppress(frappe.ValidationError):
			guard.check({key: [text * 50_000]})
	assert time.process_time() - started < 1


@pytest.mark.parametrize(
	"fields",
	[
		["name", "count(*) as number", "sum(`tabCall`.`duration`) as x", "extract(year from creation) as year"],
		["`tabTrade Union`.`from`", "select", "distinct name", "min(idx)", "*", "owner.full_name as who"],
		"name, title as label", ["name", {"COUNT": "*", "as": "n"}], [["title", "Call"]], '{"label": "x; y"}',
	],
)  # fmt: skip
def test_what_apps_select_passes(fields):
	guard.check(
		{"fields": fields, "order_by": "`tabCall`.`creation` desc, name asc", "group_by": "date(creation)"}
	)
	guard.check({"fields": fields if isinstance(fields, str) else json.dumps(fields)})


@pytest.mark.parametrize(
	"filters",
	[
		None, "", "CALL-1", [], {}, ["name", "=", "a ' or 1=1"], ["name", "in", ["a", "b"]], ["Call", "name", "=", "x", False],
		[["name", "x' or"]], [["status", "in", ["Ready", "a`b"]]], [["Call", "`tabCall`.`name`", "=", "x"]],
		[["Call Participant", "email", "like", "%(x)%"], "and", {"status": ("=", "x;")}], {"From Date": "1=1", "item-code": ["=", "()"]},
		[[["name", "=", "x"], "or", ["name", "=", "y"]], "and", ["status", "=", "z"]], [{"fieldname": "a", "label": "x = (1)"}],
	],
)  # fmt: skip
def test_filters_as_apps_send_them_pass(filters):
	guard.check({"filters": filters})
	guard.check({"doc": json.dumps({"filters_json": json.dumps(filters)})})


def test_what_apps_mean_by_ifnull_goes_on_working():
	guard.check({"filters": json.dumps({"ifnull(`tabToDo`.`status`, '')": ["!=", "Closed"]})})
	guard.check([["ToDo", 'ifnull(priority, "")', "=", ""]])
	guard.check({"content": "How does ifnull(a, b)=0||1 work?"})
	guard.check("[" * 500 + "]" * 500)


def test_filters_in_each_shape_that_frappe_takes(people, as_user):
	wanted = [["Call", "status", "=", "Ready"]]
	with as_user(people["owner"]):
		for given in (
			{"status": "Ready"},
			{"status": ["=", "Ready"]},
			[["status", "=", "Ready"]],
			[["Call", "status", "=", "Ready", False]],
			[{"status": "Ready"}],
			'{"status": "Ready"}',
		):
			assert known.filters("Call", given) == wanted
		assert known.filters("Call", None) == known.filters("Call", "") == []
		row = [["Call Participant", "email", "like", "%@example.com"]]
		assert known.filters("Call", row) == row


@pytest.mark.parametrize(
	"given",
	[
		{"password": 1}, [["User", "name", "=", 1]], {"name": ["sounds like", 1]}, {"name": ["=", {"a": 1}]}, "[1", [1], "7",
		[["name"]], {"start_time": ["is", "x"]}, {"duration": [">", float("nan")]}, {"name": [["a"]]},
	],
)  # fmt: skip
def test_filters_that_are_none(people, as_user, given):
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError):
		known.filters("Call", given)


def test_fields_of_a_level_that_one_may_not_read_are_unknown(people, as_user, site):
	make_property_setter("Call", "notes", "permlevel", 2, "Int", validate_fields_for_doctype=False)
	frappe.clear_cache(doctype="Call")
	try:
		with as_user(people["owner"]), pytest.raises(frappe.ValidationError):
			known.filters("Call", {"notes": ["like", "%zebra%"]})
	finally:
		frappe.db.rollback()
		frappe.clear_cache(doctype="Call")


def test_conditions_keep_their_percent_signs_beside_bound_values(site):
	rows = sql.run(
		"select %(text)s, {condition}", {"text": "50 % 'o\\"}, conditions={"condition": "'100%' like '1%'"}
	)
	assert rows == (("50 % 'o\\", 1),) or rows == [("50 % 'o\\", 1)]
	assert sql.run("select {condition}", conditions={"condition": "'a%'"})[0][0] == "a%"


@pytest.mark.parametrize("spelling", ["call", "CALL", "Call ", "Cáll", " Call"])
def test_another_spelling_of_a_doctype_is_another_name(call, people, as_user, ask, spelling):
	"""They are equal in the database, but a check by name would treat it as another DocType."""
	with as_user(people["stranger"]):
		for function, arguments in (
			(FRAPPES_COUNT, {"filters": "{}"}),
			("frappe.desk.doctype.tag.tag.get_tagged_docs", {"tag": "%"}),
			("frappe.desk.form.utils.get_next", {"value": call.name, "prev": 0}),
		):
			with pytest.raises((frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError)):
				ask(function, doctype=spelling, **arguments)
