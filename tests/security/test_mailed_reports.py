"""Mailed reports contain what their user sees, and script reports what Administrator sees"""

import json

import frappe
import pytest

from call_intelligence.patches import stop_mailed_reports_of_others
from tests import factories


@pytest.fixture
def reporter(people):
	"""May create and mail reports; sees none of the calls"""
	user = people["other seat"]
	frappe.get_doc("User", user).add_roles("Report Manager")
	return user


def listing(doctype: str, *fields: str) -> str:
	columns = [[field, doctype] for field in fields]
	values = {"report_type": "Report Builder", "is_standard": "No", "json": json.dumps({"fields": columns})}
	report = {"doctype": "Report", "report_name": factories.unique("List"), "ref_doctype": doctype, **values}
	return frappe.get_doc(report).insert().name


def mailed(report: str, user: str):
	values = {
		"email_to": "me@example.com",
		"format": "CSV",
		"frequency": "Daily",
		"filters": "{}",
		"no_of_rows": 100,
	}
	return frappe.get_doc({"doctype": "Auto Email Report", "report": report, "user": user, **values}).insert()


@pytest.mark.parametrize(
	("doctype", "field"),
	[("Call", "title"), ("Transcript Segment", "text"), ("Call Comment", "content"), ("Communication", "subject"), ("ToDo", "description")],
)  # fmt: skip
def test_nobody_has_mailed_what_somebody_else_sees(call, people, reporter, as_user, doctype, field):
	with as_user(reporter):
		report = listing(doctype, "name", field)
		with pytest.raises(frappe.PermissionError):
			mailed(report, people["manager"])


def test_nor_does_a_report_become_one_about_calls_afterwards(call, people, reporter, as_user):
	with as_user(reporter):
		report = listing("Note", "name")
		mailed(report, people["manager"])
		doc = frappe.get_doc("Report", report)
		doc.ref_doctype = "Call"
		with pytest.raises(frappe.PermissionError):
			doc.save()


def test_nor_what_administrator_sees(call, reporter, as_user):
	custom = {
		"report_type": "Custom Report",
		"reference_report": "Call Statistics",
		"is_standard": "No",
		"json": "{}",
	}
	for ref_doctype in ("Call", "Note"):
		report = {
			"doctype": "Report",
			"report_name": factories.unique("Mine"),
			"ref_doctype": ref_doctype,
			**custom,
		}
		report = frappe.get_doc(report).insert(ignore_permissions=True).name
		with as_user(reporter), pytest.raises(frappe.PermissionError):
			mailed(report, reporter)
	with as_user(reporter), pytest.raises(frappe.PermissionError):
		mailed("Call Statistics", reporter)


def test_what_one_sees_oneself_is_mailed(call, people, reporter, as_user):
	own = factories.call(reporter, title=factories.unique("Own"))
	with as_user(reporter):
		answer = mailed(listing("Call", "name", "title"), reporter).get_report_content()
	assert own in answer and call.name not in answer


def test_managers_and_reports_of_others_are_as_ever(call, people, reporter, as_user):
	with as_user(reporter):
		mailed(listing("Note", "name"), people["manager"])
	frappe.get_doc("User", people["manager"]).add_roles("Report Manager")
	with as_user(people["manager"]):
		mailed("Call Statistics", people["manager"])
		mailed(listing("Call", "name"), people["manager"])


def test_those_set_up_before_this_was_refused_are_stopped(call, people, reporter):
	for_the_manager = mailed(listing("Call", "name"), people["manager"])
	own = mailed(listing("Call", "name"), reporter)
	by_a_manager = mailed("Call Statistics", people["manager"])
	for document, owner in ((for_the_manager, reporter), (own, reporter), (by_a_manager, people["manager"])):
		document.db_set("owner", owner)

	stop_mailed_reports_of_others.execute()

	def state(document):
		return frappe.db.get_value("Auto Email Report", document.name, ["enabled", "user"])

	assert state(for_the_manager) == (0, reporter)
	assert state(own) == (1, reporter)
	assert state(by_a_manager) == (1, people["manager"])
