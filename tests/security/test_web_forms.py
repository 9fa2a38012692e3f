"""Web Forms, which Frappe saves without checking permissions"""

import json

import frappe
import pytest
from frappe.website.doctype.web_form.web_form import accept

from tests import factories


def web_form(doctype, *fields, **values) -> dict:
	return {
		"doctype": "Web Form", "title": factories.unique("Form"), "route": frappe.generate_hash(length=10), "doc_type": doctype,
		"is_standard": 0, "published": 1, "login_required": 0, "allow_edit": 1, "allow_delete": 1, "module": "Website",
		"web_form_fields": [{"fieldname": field, "fieldtype": "Data", "label": field} for field in fields], **values,
	}  # fmt: skip


def stored_form(doctype, *fields) -> str:
	"""Created before the app was installed"""
	form = frappe.get_doc(web_form(doctype, *fields))
	form.name = frappe.generate_hash(length=10)
	form.db_insert()
	for part in form.web_form_fields:
		part.parent = form.name
		part.db_insert()
	return form.name


def send(form, **values):
	frappe.local.request_ip = "127.0.0.1"
	frappe.local.form_dict = frappe._dict(web_form=form, data=json.dumps(values))
	try:
		return accept(form, frappe.local.form_dict.data)
	finally:
		frappe.flags.in_web_form = False


@pytest.mark.parametrize("doctype", ["Call", "Call Participant", "Call Playlist", "CALL"])
def test_no_web_form_is_made_for_calls(site, doctype):
	with pytest.raises(frappe.ValidationError) as error:
		frappe.get_doc(web_form(doctype, "title")).insert()
	assert "Web Form" in str(error.value)


def test_a_web_form_of_others_is_saved(site):
	frappe.get_doc(web_form("ToDo", "description")).insert()


@pytest.mark.parametrize("who", ["Guest", "stranger", "portal user", "owner", "manager"])
def test_nor_does_one_write_calls(call, people, as_user, who):
	form = stored_form("Call", "title")
	frappe.db.set_value("Call", call.name, "owner", people[who], update_modified=False)
	number = frappe.db.count("Call")
	for values in ({"name": call.name, "title": "zebra"}, {"title": "zebra"}):
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			send(form, **values)
	assert frappe.db.count("Call") == number
	assert frappe.db.get_value("Call", call.name, "title") == call.title


def test_nor_delete_them(call, people, as_user, request_for):
	from call_intelligence.guard import requests

	form = stored_form("Call", "title")
	path = "frappe.website.doctype.web_form.web_form."
	for function in ("accept", "delete", "delete_multiple", "get_form_data"):
		for name in (form, form.upper()):
			# Frappe drops the request when the user changes
			with as_user(people["owner"]):
				request_for(
					f"/api/method/{path}{function}", web_form_name=name, web_form=name, docname=call.name
				)
				with pytest.raises(frappe.PermissionError):
					requests.check()


def test_a_form_of_others_goes_on_working(people, as_user):
	"""A Contact saved by a form creates a document of the app."""
	form = stored_form("Contact", "first_name")
	with as_user("Guest"):
		contact = send(form, first_name="Sarah")
	assert frappe.db.exists("Contact", contact.name)
