"""Frappe's own generic functions return only readable calls"""

import frappe
import pytest

from call_intelligence import transcript
from call_intelligence.api import search
from tests import factories, frappes
from tests.integration.permissions.endpoints import HEATMAP, generic_requests


@pytest.mark.parametrize(
	("doctype", "filters"),
	[
		("Call", {"notes": ["like", "%zebra%"]}),
		("Call Comment", {"content": ["like", "%giraffe%"]}),
		("Transcript Segment", {"text": ["like", "%premium plan%"]}),
		("Term Mention", {"text": ["like", "%premium plan%"]}),
		("Call Participant", {"given_name": "A colleague"}),
		("Call Association", {"link_doctype": "Contact"}),
	],
)
def test_nobody_guesses_words_by_counting(call, people, as_user, doctype, filters):
	frappe.db.set_value("Call", call.name, "notes", "<p>zebra</p>", update_modified=False)
	frappe.get_doc({"doctype": "Call Comment", "call": call.name, "content": "<p>giraffe</p>"}).insert(
		ignore_permissions=True
	)
	# the rows of a call are for users who may read their records
	frappe.share.add("Contact", call.associations[0].link_name, people["owner"], notify=False)
	own = {"name": call.name} if doctype == "Call" else {"call": call.name}
	if frappe.get_meta(doctype).istable:
		own = {"parent": call.name}
	for who, sees in {"owner": True, "stranger": False, "other seat": False}.items():
		with as_user(people[who]):
			try:
				number = search.count(doctype, {**own, **filters})
			except frappe.PermissionError:
				number = 0
		assert bool(number) is sees, who


@pytest.mark.parametrize("doctype", ["Version", "Deleted Document", "Email Queue"])
def test_nor_in_frappes_copies(people, as_user, doctype):
	with as_user(people["stranger"]), pytest.raises(frappe.PermissionError):
		search.count(doctype, {"name": ["like", "%"]})


def test_frappes_own_counts_stay_as_they_were(people, as_user):
	with as_user(people["stranger"]):
		assert search.count("DocType", {"name": "User"}) == 1


@pytest.mark.parametrize(("who", "sees"), [("owner", True), ("other seat", False), ("stranger", False)])
def test_frappes_generic_functions_tell_of_calls_what_one_may_read(call, people, as_user, ask, who, sees):
	contact, recording = call.associations[0].link_name, transcript.recording_of(call.name)
	# Frappe checks only one child table of a DocType, an arbitrary one
	row = {"parent": call.name, "parenttype": "Call", "parentfield": "participants", "idx": 9}
	frappe.get_doc(
		{"doctype": "Call Participant", **row, "party_type": "Contact", "party": contact}
	).db_insert()
	generic_requests(call)
	# the calls of a record are for users who may read the record
	frappe.share.add("Contact", contact, people["owner"], notify=False)
	with as_user(people[who]):
		values = ask("frappe.desk.query_report.get_data_for_custom_field", doctype="Call", field="preview")
		assert (call.name in values) is sees
		linked = frappes.linked_documents(ask, "Contact", contact)
		if linked is not None or not sees:
			assert (call.name in [row["name"] for row in (linked or {}).get("Call", [])]) is sees
		states = ask(
			"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count",
			doctype="Call",
			workflow_state_field="status",
			states='["x"]',
		)
		assert bool(states) is sees
		tagged = ask("frappe.desk.doctype.tag.tag.get_tagged_docs", doctype="Call", tag="%vip%")
		assert (call.name in [row[0] for row in tagged]) is sees
		assigned = ask(
			"frappe.desk.listview.get_group_by_count",
			doctype="Call",
			current_filters="{}",
			field="assigned_to",
		)
		assert bool(assigned) is sees
		if sees:
			linked = frappes.linked_documents(ask, "Call", call.name)
			if linked is not None:
				assert recording in [row["name"] for row in linked["Call Recording"]]
			ask("frappe.desk.form.utils.get_next", doctype="Call", value=call.name, prev=0)
			return
		for function, arguments in {
			"frappe.desk.form.linked_with.get": {"doctype": "Call", "docname": call.name},
			"frappe.desk.form.utils.get_next": {"doctype": "Call", "value": call.name, "prev": 0},
			"frappe.website.doctype.web_form.web_form.get_link_options": {
				"web_form_name": "edit-profile", "doctype": "Call", "allow_read_on_all_link_options": 1,
			},
			"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": {"chart": HEATMAP, "no_cache": 1},
		}.items():  # fmt: skip
			with pytest.raises(frappe.PermissionError):
				ask(function, **arguments)


def test_of_other_doctypes_frappes_generic_functions_tell_what_they_did(people, as_user, ask):
	contact = factories.contact()
	with as_user(people["crm user"]):
		values = ask(
			"frappe.desk.query_report.get_data_for_custom_field", doctype="Contact", field="first_name"
		)
		assert contact in values
		linked = frappes.linked_documents(ask, "Contact", contact)
		assert isinstance(linked, dict) or frappes.LINKED_WITH_REFUSES
		groups = ask(
			"frappe.desk.listview.get_group_by_count", doctype="Contact", current_filters="{}", field="status"
		)
		assert groups
		ask("frappe.desk.doctype.tag.tag.get_tagged_docs", doctype="Contact", tag="vip")
		ask("frappe.desk.form.utils.get_next", doctype="Contact", value=contact, prev=1)
	with as_user(people["manager"]):
		assert ask("frappe.desk.doctype.dashboard_chart.dashboard_chart.get", chart=HEATMAP, no_cache=1)
