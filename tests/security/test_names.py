"""Names of fields, operators, orders and DocTypes that come with a request"""

import json

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from call_intelligence.core import names, sql
from call_intelligence.guard import filters as guard
from tests.conftest import set_password

FRAPPES_COUNT = "frappe.client.get_count"
# each of them answers "all calls" where a name becomes SQL
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


# Frappe's own functions that put the name of a filter's field into SQL: what they would count or find for a stranger
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
	"""Through HTTP: the guard stands before all of them."""
	set_password(people["stranger"])
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
			assert names.filters("Call", given) == wanted
		assert names.filters("Call", None) == names.filters("Call", "") == []
		row = [["Call Participant", "email", "like", "%@example.com"]]
		assert names.filters("Call", row) == row


@pytest.mark.parametrize(
	"given",
	[
		{"password": 1}, [["User", "name", "=", 1]], {"name": ["sounds like", 1]}, {"name": ["=", {"a": 1}]}, "[1", [1], "7",
		[["name"]], {"start_time": ["is", "x"]}, {"duration": [">", float("nan")]}, {"name": [["a"]]},
	],
)  # fmt: skip
def test_filters_that_are_none(people, as_user, given):
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError):
		names.filters("Call", given)


def test_fields_of_a_level_that_one_may_not_read_are_unknown(people, as_user, site):
	make_property_setter("Call", "notes", "permlevel", 2, "Int", validate_fields_for_doctype=False)
	frappe.clear_cache(doctype="Call")
	try:
		with as_user(people["owner"]), pytest.raises(frappe.ValidationError):
			names.filters("Call", {"notes": ["like", "%zebra%"]})
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
	"""To the database they are the same, and a check by name would take it for a DocType of others."""
	with as_user(people["stranger"]):
		for function, arguments in (
			(FRAPPES_COUNT, {"filters": "{}"}),
			("frappe.desk.doctype.tag.tag.get_tagged_docs", {"tag": "%"}),
			("frappe.desk.form.utils.get_next", {"value": call.name, "prev": 0}),
		):
			with pytest.raises((frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError)):
				ask(function, doctype=spelling, **arguments)
