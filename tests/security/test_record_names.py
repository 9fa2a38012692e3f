"""Names of CRM records are revealed only to users who may read those records, in every request about a call.

The coach sees every call and may export, print and report; they may read one of the call's two contacts. The seller may read both.
"""

import json
import time
from contextlib import suppress
from dataclasses import dataclass

import frappe
import pytest
from frappe.permissions import add_permission

from call_intelligence.associations import linking
from call_intelligence.associations.name_history import without_names
from call_intelligence.guard import record_names as guard
from call_intelligence.integrations.registry import title_of
from call_intelligence.patches import take_names_out_of_the_history
from call_intelligence.queries.record_names import LEVEL
from tests import factories, frappes

HIDDEN, KNOWN = "Zebrahidden", "Giraffeknown"


@dataclass
class Scene:
	call: str
	hidden: str
	known: str
	report: str


def contact_named(word: str) -> str:
	"""The contact's title differs from its record's name: the name of a voice is visible to all who see the call"""
	contact = frappe.get_doc({"doctype": "Contact", "first_name": factories.unique("Sarah")})
	return contact.insert(set_name=factories.unique(word)).name


@pytest.fixture
def scene(people, committed):
	hidden, known = (committed("Contact", contact_named(word)) for word in (HIDDEN, KNOWN))
	coach = people["manager"]
	frappe.share.add("Contact", known, coach, notify=False)
	call = committed(
		"Call",
		factories.call(
			people["owner"],
			associations=[("Contact", hidden), ("Contact", known)],
			participants=[
				{"party_type": "Contact", "party": hidden, "display_name": "A customer"},
				{"party_type": "Contact", "party": known, "display_name": "Another customer"},
				{"party_type": "User", "party": people["participant"], "display_name": "A colleague"},
			],
		),
	)
	report = frappe.get_doc(
		{
			"doctype": "Report",
			"report_name": factories.unique("Calls of contacts"),
			"ref_doctype": "Call",
			"report_type": "Report Builder",
			"is_standard": "No",
			"json": json.dumps(
				{"fields": [["name", "Call"], ["contact", "Call"], ["link_name", "Call Association"]]}
			),
		}
	).insert()
	committed("Report", report.name)
	frappe.db.commit()
	return Scene(call, hidden, known, report.name)


@pytest.fixture
def client_of(web, people):
	def log_in(who):
		frappe.db.commit()
		return web(people[who])

	return log_in


@pytest.fixture
def coach(scene, client_of):
	return client_of("manager")


def method(function, /, **arguments):
	"""A request for a function, with arguments as sent by a form"""
	data = {
		key: json.dumps(value) if isinstance(value, list | dict) else value
		for key, value in arguments.items()
	}
	return lambda client: client.post(f"/api/method/{function}", data=data)


def resource(doctype, name=None, /, **arguments):
	params = {
		key: json.dumps(value) if isinstance(value, list | dict) else value
		for key, value in arguments.items()
	}
	return lambda client: client.get(f"/api/resource/{doctype}" + (f"/{name}" if name else ""), params=params)


ALL_COLUMNS = ["name", "contact", "contact_doctype", "company", "deal"]
REPORT_COLUMNS = ["`tabCall`.`name`", "`tabCall`.`contact`", "`tabCall Association`.`link_name`"]


def documents(scene):
	"""Requests that return the whole document"""
	return {
		"REST": resource("Call", scene.call),
		"client.get": method("frappe.client.get", doctype="Call", name=scene.call),
		"client.get by filters": method("frappe.client.get", doctype="Call", filters={"name": scene.call}),
		"form": method("frappe.desk.form.load.getdoc", doctype="Call", name=scene.call),
	}


def lists(scene):
	named = {"name": scene.call}
	table = {"doctype": "Call", "filters": [["Call", "name", "=", scene.call]]}
	return {
		"REST list": resource("Call", fields=ALL_COLUMNS, filters=named),
		"REST list of all columns": resource("Call", fields=["*"], filters=named),
		"REST child table": resource("Call", fields=["name", "associations.link_name"], filters=named),
		"REST joined table": resource("Call", fields=["name", *REPORT_COLUMNS[1:]], filters=named),
		"get_list": method("frappe.client.get_list", doctype="Call", fields=ALL_COLUMNS, filters=named),
		"get_value": method(
			"frappe.client.get_value", doctype="Call", fieldname=["name", "contact"], filters=named
		),
		"reportview.get": method("frappe.desk.reportview.get", fields=REPORT_COLUMNS, **table),
		"reportview.get_list": method("frappe.desk.reportview.get_list", fields=ALL_COLUMNS, **table),
		"export": method(
			"frappe.desk.reportview.export_query",
			fields=REPORT_COLUMNS,
			file_format_type="CSV",
			title="Calls",
			**table,
		),
		"report": method("frappe.desk.query_report.run", report_name=scene.report, filters=named),
		"participants": method(
			"frappe.client.get_list",
			doctype="Call Participant",
			parent="Call",
			fields=["name", "parent", "party"],
			filters={"parent": scene.call},
		),
		"associations": method(
			"frappe.client.get_list",
			doctype="Call Association",
			parent="Call",
			fields=["name", "parent", "link_name", "link_title"],
			filters={"parent": scene.call},
		),
		"link search": method("frappe.desk.search.search_link", doctype="Call", txt=scene.call),
		"export of columns": method(
			"frappe.core.doctype.data_import.data_import.download_template",
			doctype="Call",
			export_fields={"Call": ["name", "title", "contact"]},
			export_records="all",
			export_filters=named,
		),
		"export with tables": method(
			"frappe.core.doctype.data_import.data_import.download_template",
			doctype="Call",
			export_fields={"Call": ["name"], "associations": ["link_name"], "participants": ["party"]},
			export_records="all",
			export_filters=named,
		),
		"data export": method(
			"frappe.core.doctype.data_export.exporter.export_data",
			doctype="Call",
			all_doctypes="true",
			with_data=1,
			filters=named,
			file_type="CSV",
		),
		"columns of a report": method(
			"frappe.desk.query_report.get_data_for_custom_field",
			doctype="Call",
			field="contact",
			names=[scene.call],
		),
	}


def prints(scene):
	view = {"doctype": "Call", "name": scene.call}
	return {
		"print view": lambda client: client.get("/printview", params=view),
		"print html": method("frappe.www.printview.get_html_and_style", doc="Call", name=scene.call),
	}


def test_documents_show_readable_records_alone(scene, coach, client_of, people):
	for way, request in documents(scene).items():
		answer = request(coach)
		assert answer.status_code == 200, (way, answer.text)
		assert scene.call in answer.text and HIDDEN not in answer.text, way
		assert scene.known in answer.text, way
	document = resource("Call", scene.call)(coach).json()["data"]
	assert [row["link_name"] for row in document["associations"]] == [scene.known]
	assert document["contact"] == scene.known
	stored = frappe.get_doc("Call", scene.call).participants
	assert [row["name"] for row in document["participants"]] == [row.name for row in stored]
	for row, kept in zip(document["participants"], stored, strict=True):
		assert row.get("party") == (None if kept.party == scene.hidden else kept.party)
	assert {scene.hidden, scene.known, people["participant"]} <= {row.party for row in stored}
	seller = client_of("sales manager")
	for way, request in documents(scene).items():
		answer = request(seller).text
		assert scene.hidden in answer and scene.known in answer, way


def test_lists_and_reports_show_no_names(scene, coach, client_of):
	seller = client_of("sales manager")
	for way, request in lists(scene).items():
		for who, client in {"coach": coach, "seller": seller}.items():
			answer = request(client)
			assert answer.status_code in (200, 403, 417), (way, who, answer.text)
			assert HIDDEN not in answer.text and KNOWN not in answer.text, (way, who)


def test_print_views_show_readable_records_alone(scene, coach, client_of):
	for way, request in prints(scene).items():
		answer = request(coach)
		assert answer.status_code == 200, (way, answer.text)
		assert HIDDEN not in answer.text and scene.known in answer.text, way
		assert scene.hidden in request(client_of("sales manager")).text, way


def test_rows_by_themselves_show_readable_records_alone(scene, coach):
	rows = frappe.get_doc("Call", scene.call).get_all_children()
	for row in rows:
		answer = coach.get(f"/api/resource/{row.doctype}/{row.name}")
		assert HIDDEN not in answer.text, row.doctype
	found = method(
		"frappe.client.get_list", doctype="Call Association", parent="Call", filters={"parent": scene.call}
	)(coach)
	shown = next(row.name for row in rows if row.get("link_name") == scene.known)
	assert [row["name"] for row in found.json()["message"]] == [shown]


# ------------------------------------------------------------------------------------------------ filters and orders


def oracles(value):
	"""Requests whose answer could reveal whether a call has a record of this name"""
	start = value[:-1]
	in_table = ["Call Association", "link_name", "like", f"{start}%"]
	return {
		"like": resource("Call", filters=[["contact", "like", f"{start}%"]]),
		"equals": resource("Call", filters={"contact": value}),
		"in": resource("Call", filters=[["Call", "contact", "in", [value, "x"]]]),
		"in as text": resource("Call", filters=[["Call", "contact", "in", f"{value},x"]]),
		"not equals": resource("Call", filters=[["contact", "!=", value]]),
		"greater": resource("Call", filters=[["Call", "contact", ">", start]]),
		"between": resource("Call", filters=[["Call", "contact", "between", [start, f"{start}zz"]]]),
		"or": resource("Call", or_filters=[["contact", "like", f"{start}%"]]),
		"table": resource("Call", filters=[in_table]),
		"title in table": resource("Call", filters=[["Call Association", "link_title", "=", value]]),
		"party": resource("Call", filters=[["Call Participant", "party", "=", value]]),
		"dotted": resource("Call", filters=[["associations.link_name", "like", f"{start}%"]]),
		"quoted": resource("Call", filters=[["`tabCall`.`contact`", "like", f"{start}%"]]),
		"upper case": resource("Call", filters=[["CONTACT", "like", f"{start}%"]]),
		"ifnull": resource("Call", filters=[["ifnull(`tabCall`.`contact`, '')", "like", f"{start}%"]]),
		"count": method("frappe.client.get_count", doctype="Call", filters=[in_table]),
		"count in report view": method("frappe.desk.reportview.get_count", doctype="Call", filters=[in_table]),
		"get_value": method("frappe.client.get_value", doctype="Call", fieldname="name", filters={"contact": ["like", f"{start}%"]}),
		"document by filter": method("frappe.client.get", doctype="Call", filters={"contact": ["like", f"{start}%"]}),
		"document by JSON name": lambda client: client.post(
			"/api/method/frappe.client.get", json={"doctype": "Call", "name": {"contact": ["like", f"{start}%"]}}
		),
		"JSON body": lambda client: client.post(
			"/api/method/frappe.client.get_list", json={"doctype": "Call", "filters": [{"contact": ["like", f"{start}%"]}]}
		),
		"rows": method(
			"frappe.client.get_list", doctype="Call Association", parent="Call", filters={"link_name": ["like", f"{start}%"]}
		),
		"participants": method(
			"frappe.client.get_list", doctype="Call Participant", parent="Call", filters={"party": ["like", f"{start}%"]}
		),
		"link search": method("frappe.desk.search.search_link", doctype="Call", txt="", filters={"contact": ["like", f"{start}%"]}),
		"number card": method(
			"frappe.desk.doctype.number_card.number_card.get_result",
			doc={"document_type": "Call", "function": "Count", "filters_json": json.dumps([in_table])},
			filters=[in_table],
		),
		"calendar": method(
			"frappe.desk.calendar.get_events",
			doctype="Call",
			start=start,
			end=f"{start}zz",
			field_map={"start": "contact", "end": "contact", "id": "name"},
			filters=[],
		),
		"from what belongs to a call": resource("Call Recording", filters=[["call.contact", "like", f"{start}%"]]),
	}  # fmt: skip


def orders():
	return {
		"order": resource("Call", order_by="contact asc"),
		"quoted order": resource("Call", order_by="`tabCall`.`contact` desc"),
		"second order": resource("Call", order_by="modified desc, company asc"),
		"order by row": resource("Call", fields=["name"], order_by="`tabCall Association`.`link_name` asc"),
		"group": method(
			"frappe.client.get_list", doctype="Call", fields=["count(name) as n"], group_by="contact"
		),
		"group in report view": method(
			"frappe.desk.reportview.get",
			doctype="Call",
			fields=["count(name) as n"],
			group_by="`tabCall`.`contact`",
		),
		"aggregate": resource("Call", fields=["max(contact) as last"]),
		"function with a star": resource("Call", fields=["concat(contact, '*') as text"]),
	}


def test_filters_tell_nothing_of_hidden_records(scene, coach):
	right, wrong = oracles(scene.hidden), oracles("Nobodyknown 12")
	for way, request in right.items():
		answer, other = request(coach), wrong[way](coach)
		assert answer.status_code == 403, (way, answer.status_code, answer.text[:400])
		assert answer.status_code == other.status_code, way
		assert "may not see" in answer.text or "may read" in answer.text, (way, answer.text[:600])


def test_orders_and_groups_by_names_are_refused(scene, coach):
	for way, request in orders().items():
		answer = request(coach)
		assert answer.status_code == 403, (way, answer.status_code, answer.text[:300])
		assert HIDDEN not in answer.text, way


def test_a_report_is_filtered_by_no_hidden_name(scene, coach):
	run = method("frappe.desk.query_report.run", report_name=scene.report, filters={"contact": scene.hidden})
	assert run(coach).status_code == 403


def test_a_hidden_record_does_not_tell_its_calls(scene, coach, client_of):
	def calls_of(client, contact):
		linked = method("frappe.desk.form.linked_with.get", doctype="Contact", docname=contact)(client)
		assert HIDDEN not in linked.text
		return [row["name"] for row in linked.json().get("message", {}).get("Call", [])]

	assert calls_of(client_of("sales manager"), scene.hidden) == [scene.call] or frappes.LINKED_WITH_REFUSES
	assert calls_of(coach, scene.hidden) == []


def test_nobody_stores_a_filter_by_hidden_names(scene, coach):
	stored = {
		"doctype": "List Filter",
		"reference_doctype": "Call",
		"filter_name": "Guess",
		"filters": json.dumps([["Call", "contact", "like", f"{HIDDEN}%"]]),
	}
	assert method("frappe.client.insert", doc=stored)(coach).status_code == 403


def test_readable_records_are_filters(scene, coach):
	about = [
		["Call Association", "link_doctype", "=", "Contact"],
		["Call Association", "link_name", "=", scene.known],
	]
	for filters in (
		{"contact": ["in", [scene.known]], "name": scene.call},
		[["Call Association", "link_name", "=", scene.known]],
		about,
		{"contact": ["is", "set"], "name": scene.call},
		[["contact", "is", "set"], ["name", "=", scene.call]],
	):
		answer = resource("Call", filters=filters, limit_page_length=0)(coach)
		assert answer.status_code == 200, (filters, answer.text)
	found = resource("Call", filters=about)(coach).json()["data"]
	assert found == [{"name": scene.call}]
	assert method("frappe.client.get_count", doctype="Call", filters=about)(coach).json()["message"] == 1
	answer = resource("Call", filters=[["contact", "is", "set"], ["name", "=", scene.call]])(coach)
	assert len(answer.json()["data"]) == 1


@pytest.mark.parametrize("spelled", [str, str.upper, lambda name: name.replace("o", "ó")])
def test_a_name_counts_for_the_doctype_that_the_filter_names(scene, coach, people, committed, spelled):
	"""Records of several DocTypes may have one name, as the database compares it; one of them is readable."""
	event = frappe.get_doc({"doctype": "Event", "subject": "A meeting", "starts_on": "2026-01-31 14:30:00"})
	event.insert(set_name=spelled(scene.known))
	committed("Event", event.name)
	frappe.db.set_value("Event", event.name, {"event_type": "Private", "owner": people["owner"]})
	frappe.db.commit()
	alone = [["Call Association", "link_name", "=", scene.known]]
	with_doctype = [["Call Association", "link_doctype", "=", "Contact"], *alone]
	assert resource("Call", filters=alone)(coach).status_code == 403
	assert resource("Call", filters=with_doctype)(coach).status_code == 200
	assert resource("Call", or_filters=with_doctype)(coach).status_code == 403


def test_columns_of_other_doctypes_are_nobodys_business(coach, client_of):
	seller = client_of("sales manager")
	asked = {
		"doctype": "Contact",
		"fields": ["name"],
		"order_by": "company_name asc",
		"reference_doctype": "Call",
	}
	filters = {"company_name": ["like", "%"], "name": ["like", "%"]}
	assert method("frappe.client.get_list", filters=filters, **asked)(seller).status_code == 200
	answer = resource("Call", filters=[["title", "like", "contact"]], order_by="title asc")(coach)
	assert answer.status_code == 200


# ------------------------------------------------------------------------------------------------ writing


def links(call):
	return [(row.name, row.link_name, row.link_title) for row in call.associations]


def parties(call):
	return [
		(row.name, row.party_type, row.party, row.matched_by, row.disconnected) for row in call.participants
	]


def test_what_was_hidden_is_there_after_saving(scene, coach):
	before = frappe.get_doc("Call", scene.call)
	for number, way in enumerate(("form", "client", "REST")):
		read = method("frappe.client.get", doctype="Call", name=scene.call)(coach).json()["message"]
		if way == "form":
			opened = method("frappe.desk.form.load.getdoc", doctype="Call", name=scene.call)(coach)
			read = opened.json()["docs"][0]
		read["title"] = f"Renamed {number}"
		if way == "form":
			answer = method("frappe.desk.form.save.savedocs", doc=read, action="Save")(coach)
		elif way == "client":
			answer = method("frappe.client.save", doc=read)(coach)
		else:
			answer = coach.put(f"/api/resource/Call/{scene.call}", json=read)
		assert answer.status_code == 200, (way, answer.text)
		assert HIDDEN not in answer.text and scene.known in answer.text, way
		frappe.db.rollback()
		after = frappe.get_doc("Call", scene.call)
		assert after.title == f"Renamed {number}"
		assert links(after) == links(before), way
		assert parties(after) == parties(before), way
		assert after.contact == before.contact == scene.hidden
		assert not frappe.db.exists("Association Suggestion", {"call": scene.call, "state": "Dismissed"})


def test_a_visible_association_is_removed_and_added_beside_hidden_ones(scene, coach, people, committed):
	third = committed("Contact", contact_named("Third"))
	frappe.share.add("Contact", third, people["manager"], notify=False)
	frappe.db.commit()
	read = method("frappe.client.get", doctype="Call", name=scene.call)(coach).json()["message"]
	read["associations"] = [{"doctype": "Call Association", "link_doctype": "Contact", "link_name": third}]
	answer = method("frappe.client.save", doc=read)(coach)
	assert answer.status_code == 200, answer.text
	frappe.db.rollback()
	after = frappe.get_doc("Call", scene.call)
	assert [row.link_name for row in after.associations] == [scene.hidden, third]
	assert [row.idx for row in after.associations] == [1, 2]


def test_a_new_call_takes_readable_records_with_it(scene, coach, committed):
	new = {
		"title": "A call",
		"call_owner": frappe.db.get_value("Call", scene.call, "call_owner"),
		"associations": [{"link_doctype": "Contact", "link_name": scene.known}],
		"participants": [{"party_type": "Contact", "party": scene.known, "display_name": "Somebody"}],
	}
	answer = coach.post("/api/resource/Call", json=new)
	assert answer.status_code == 200, answer.text
	name = committed("Call", answer.json()["data"]["name"])
	frappe.db.rollback()
	made = frappe.get_doc("Call", name)
	assert [row.link_name for row in made.associations] == [scene.known]
	assert [row.party for row in made.participants if row.party] == [scene.known]
	new["associations"] = [{"link_doctype": "Contact", "link_name": scene.hidden}]
	assert coach.post("/api/resource/Call", json=new).status_code == 403


def test_saving_tells_nobody_whether_a_hidden_record_is_there(scene, people, as_user):
	"""A row added by hand with the name of a record that the call already has, and that its writer may not read"""
	other = factories.contact()
	with as_user(people["manager"]):
		for name in (scene.hidden, other):
			call = frappe.get_doc("Call", scene.call)
			call.append("associations", {"link_doctype": "Contact", "link_name": name})
			with pytest.raises(frappe.PermissionError):
				call.save()


def test_the_history_names_nobody(scene, people, as_user, coach):
	third = contact_named("Thirdzebra")
	call = frappe.get_doc("Call", scene.call)
	call.append("associations", {"link_doctype": "Contact", "link_name": third})
	call.associations = [row for row in call.associations if row.link_name != scene.hidden]
	call.participants[-1].update({"party_type": "Contact", "party": third})
	call.title = "Renamed"
	call.save(ignore_version=False)
	versions = frappe.get_all("Version", filters={"ref_doctype": "Call", "docname": scene.call}, pluck="data")
	assert versions and "Renamed" in "".join(versions)
	for data in versions:
		assert HIDDEN not in data and "Thirdzebra" not in data


def test_what_older_versions_of_the_app_have_written_into_the_history_is_taken_out():
	row = {"name": "a", "link_name": HIDDEN, "link_title": HIDDEN, "kind": "Contact"}
	data = {
		"changed": [["contact", HIDDEN, None], ["title", "A", "B"]],
		"added": [["associations", row]],
		"removed": [["participants", {"name": "b", "party": HIDDEN, "side": "Owner"}]],
		"row_changed": [
			["participants", 0, "c", [["party", None, HIDDEN]]],
			["participants", 1, "d", [["side", "a", "b"]]],
		],
	}
	kept = without_names(data)
	assert HIDDEN not in json.dumps(kept)
	assert kept["changed"] == [["title", "A", "B"]]
	assert kept["added"] == [["associations", {"name": "a", "kind": "Contact"}]]
	assert kept["row_changed"] == [["participants", 1, "d", [["side", "a", "b"]]]]


def test_a_patch_takes_names_out_of_the_history(scene):
	data = {
		"changed": [["contact", None, HIDDEN], ["title", "A", "B"]],
		"added": [],
		"removed": [],
		"row_changed": [],
	}
	made = {}
	for doctype in ("Call", "Contact"):
		version = frappe.get_doc(
			{"doctype": "Version", "ref_doctype": doctype, "docname": scene.call, "data": "{}"}
		)
		made[doctype] = version.insert().name
		frappe.db.set_value("Version", made[doctype], "data", json.dumps(data))
	take_names_out_of_the_history.execute()
	stored = {
		doctype: json.loads(frappe.db.get_value("Version", name, "data")) for doctype, name in made.items()
	}
	assert stored["Contact"] == data
	assert stored["Call"] == {**data, "changed": [["title", "A", "B"]]}


# ------------------------------------------------------------------------------------------------ visibility


def test_the_list_of_calls_gets_readable_records(scene, coach, client_of):
	def ask(client, *calls):
		function = "call_intelligence.api.associations.of_calls"
		answer = client.get(f"/api/method/{function}", params={"calls": json.dumps(calls)})
		assert answer.status_code == 200, answer.text
		return answer.json()["message"]

	title = title_of("Contact", scene.known)
	shown = {"doctype": "Contact", "kind": "Contact", "name": scene.known, "title": title}
	assert ask(coach, scene.call, "CALL-1999-00001") == {scene.call: [shown]}
	assert [row["name"] for row in ask(client_of("sales manager"), scene.call)[scene.call]] == [
		scene.hidden,
		scene.known,
	]
	assert ask(client_of("stranger"), scene.call) == {}
	assert ask(coach) == {}


def test_the_panel_and_jobs_know_what_they_knew(scene, people, as_user):
	assert frappe.get_doc("Call", scene.call).as_dict().contact == scene.hidden
	assert len(linking.association_rows(scene.call)) == 2
	assert (
		frappe.get_list("Call", filters={"name": scene.call}, fields=["contact"])[0].contact == scene.hidden
	)


def test_who_is_given_the_level_has_columns_and_filters(scene, people, as_user):
	from call_intelligence.guard import record_names

	with as_user(people["manager"]):
		assert (
			"contact"
			not in frappe.get_list("Call", filters={"name": scene.call}, fields=["name", "contact"])[0]
		)
	add_permission("Call", factories.MANAGER, LEVEL)
	frappe.clear_cache(doctype="Call")
	with as_user(people["manager"]):
		rows = frappe.get_list("Call", filters={"contact": ["like", f"{HIDDEN}%"]}, fields=["contact"])
		assert scene.hidden in [row.contact for row in rows]
		record_names.check("/api/resource/Call", {"filters": json.dumps({"contact": ["like", "A%"]})})
	frappe.db.rollback()
	frappe.clear_cache(doctype="Call")


@pytest.mark.parametrize(
	"rows",
	[
		[["contact", "=", f"name {i}"] for i in range(20_000)],
		[{"contact": f"name {i}"} for i in range(20_000)],
		[["contact", "=", ""], "or"] * 10_000,
		[["Call", "contact", "in", [f"name {i}" for i in range(20_000)]]],
		[f"contact {i}" for i in range(20_000)],
	],
)
@pytest.mark.parametrize("key", ["x", "filters", "or_filters"])
def test_many_conditions_are_looked_at_in_one_pass(people, as_user, key, rows):
	with as_user(people["stranger"]):
		started = time.process_time()
		with suppress(frappe.PermissionError):
			guard.check("/api/method/frappe.ping", {"doctype": "Call", key: rows})
		assert time.process_time() - started < 1.5
