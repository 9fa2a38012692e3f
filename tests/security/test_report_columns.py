"""Columns of calls added by users to a report of another DocType"""

import json

import frappe
import pytest
from frappe.core.doctype.prepared_report.prepared_report import make_prepared_report
from frappe.desk.query_report import save_report

from tests import factories

RUN = "frappe.desk.query_report.run"
EXPORT = "frappe.desk.query_report.export_query"
REPORT = {"report_name": "Addresses And Contacts", "filters": {"reference_doctype": "Contact"}}


def column(doctype="Call", fieldname="notes") -> dict:
	return {
		"doctype": doctype, "fieldname": fieldname, "link_field": "contact", "label": "x", "insert_after_index": 0,
	}  # fmt: skip


@pytest.fixture
def asker(people, secret):
	"""May run the report, and knows the name of a hidden call. The report has a row with this name."""
	frappe.db.set_value("Call", secret.name, "notes", "<p>zebra</p>", update_modified=False)
	links = [{"link_doctype": "Contact", "link_name": factories.contact()}]
	contact = frappe.get_doc({"doctype": "Contact", "first_name": "Sarah", "links": links})
	contact.insert(ignore_permissions=True, set_name=secret.name)
	return people["rep"]


def saved_report(*columns) -> str:
	return (
		frappe.get_doc(
			{
				"doctype": "Report", "report_name": factories.unique("Saved"), "report_type": "Custom Report", "is_standard": "No",
				"ref_doctype": "Address", "reference_report": REPORT["report_name"], "json": json.dumps({"columns": list(columns)}),
			}
		)
		.insert()
		.name
	)  # fmt: skip


COLUMNS = [
	("Call", "notes"),
	("CALL", "title"),
	("Cáll ", "notes"),
	("Call", "group_concat(title)"),
	("Call", "`tabCall Participant`.email"),
	("Call Participant", "email"),
	("Transcript Segment", "text"),
	("Call", "name"),
]


@pytest.mark.parametrize("function", [RUN, EXPORT])
def test_a_column_of_calls_is_refused(asker, as_user, ask, function):
	for doctype, fieldname in COLUMNS:
		columns = [column(doctype, fieldname)]
		for given in (columns, json.dumps(columns)):
			with as_user(asker), pytest.raises(frappe.PermissionError):
				ask(function, **REPORT, custom_columns=given, file_format_type="CSV", visible_idx="[0]")
		assert not frappe.response.get("filecontent")


@pytest.mark.parametrize("function", [RUN, EXPORT])
def test_a_column_that_is_no_field_is_refused(asker, as_user, ask, function):
	for fieldname in ("group_concat(user_id)", "`tabCall`.notes", "nothing", None):
		for who in (asker, "Administrator"):
			with as_user(who), pytest.raises(frappe.ValidationError):
				ask(function, **REPORT, custom_columns=[column("Contact", fieldname)], visible_idx="[0]")


def test_junk_is_refused_in_words(asker, as_user, ask):
	for junk in ("{", "5", '"text"', [5], [None], [{}], [{"fieldname": "a"}]):
		with as_user(asker), pytest.raises(frappe.ValidationError) as error:
			ask(RUN, **REPORT, custom_columns=junk)
		assert str(error.value)


def test_columns_of_other_documents_are_added_as_ever(asker, secret, as_user, ask):
	with as_user(asker):
		answer = ask(RUN, **REPORT, custom_columns=[column("Contact", "status")])
	assert "Passive" in [row.get("status") for row in answer["result"]]


def test_a_manager_adds_columns_of_calls(asker, secret, people, as_user, ask):
	with as_user(people["sales manager"]):
		answer = ask(RUN, **REPORT, custom_columns=[column()])
	assert [row["notes"] for row in answer["result"] if row.get("notes")] == ["<p>zebra</p>"]


def test_the_columns_of_a_saved_report_are_asked_for_when_it_runs(asker, people, as_user, ask):
	report = saved_report(column())
	for function in (RUN, EXPORT):
		with as_user(asker), pytest.raises(frappe.PermissionError):
			ask(function, report_name=report, filters=REPORT["filters"], visible_idx="[0]")
	with as_user(people["sales manager"]):
		ask(RUN, report_name=report, filters=REPORT["filters"])


def test_nor_does_a_job_run_it(asker, people, admin, as_user):
	report = saved_report(column())
	with as_user(asker), pytest.raises(frappe.PermissionError):
		make_prepared_report(report, json.dumps(REPORT["filters"]))
	email = {
		"doctype": "Auto Email Report",
		"report": report,
		"user": admin,
		"email_to": admin,
		"format": "CSV",
	}
	with as_user(admin), pytest.raises(frappe.PermissionError):
		frappe.get_doc({**email, "frequency": "Daily", "filters": json.dumps(REPORT["filters"])}).insert()


def test_a_report_with_such_a_column_is_saved_by_managers_only(asker, admin, as_user):
	frappe.get_doc("User", admin).add_roles("Sales User")
	with as_user(admin), pytest.raises(frappe.PermissionError):
		save_report(REPORT["report_name"], factories.unique("Mine"), json.dumps([column()]), "{}")
	with as_user(admin):
		save_report(
			REPORT["report_name"], factories.unique("Mine"), json.dumps([column("Contact", "status")]), "{}"
		)
