"""Hidden documents cannot be probed with a filter in place of a name: "not found" and "not permitted" would reveal a match"""

import json

import frappe
import pytest

from tests import factories

WORDS = {"Call": "title", "Transcript Segment": "text", "Call Comment": "content", "Communication": "subject"}


@pytest.fixture
def hidden(people, committed):
	"""A call of the owner with a zebra in each text, and an e-mail about it"""
	rows = [("S1", 0.5, 4.0, "There is a zebra in the house")]
	call = committed("Call", factories.call(people["owner"], title="zebra", transcript=rows))
	factories.comment(call, people["owner"], "<p>zebra</p>")
	email = {"communication_type": "Communication", "communication_medium": "Email", "subject": "zebra"}
	about = {"reference_doctype": "Call", "reference_name": call}
	written = frappe.get_doc({"doctype": "Communication", **email, **about}).insert(ignore_permissions=True)
	committed("Communication", written.name)
	frappe.db.commit()
	return call


@pytest.fixture
def client_of(web, people):
	def log_in(who):
		if who == "Guest":
			return web()
		frappe.db.commit()
		return web(people[who])

	return log_in


# {function: arguments} for which Frappe's answer depends on the existence of such a document
DOORS = {
	"frappe.client.get": lambda doctype, name: {"doctype": doctype, "name": name},
	"frappe.client.get_doc_permissions": lambda doctype, name: {"doctype": doctype, "docname": name},
	"frappe.client.set_value": lambda doctype, name: {"doctype": doctype, "name": name, "fieldname": "x", "value": "y"},
	"frappe.client.cancel": lambda doctype, name: {"doctype": doctype, "name": name},
	"frappe.client.bulk_update": lambda doctype, name: {"docs": json.dumps([{"doctype": doctype, "docname": name}])},
	"frappe.client.attach_file": lambda doctype, name: {
		"doctype": doctype, "docname": name, "filename": "x.txt", "filedata": "x", "is_private": 1,
	},
	"frappe.desk.calendar.update_event": lambda doctype, name: {
		"args": json.dumps({"doctype": doctype, "name": name}), "field_map": '{"start": "creation"}',
	},
	"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs": lambda doctype, name: {
		"doctype": doctype, "docnames": json.dumps([name]), "action": "update", "data": '{"title": "x"}',
	},
	"frappe.desk.doctype.tag.tag.add_tag": lambda doctype, name: {"dt": doctype, "dn": name, "tag": "x"},
	"frappe.desk.doctype.tag.tag.add_tags": lambda doctype, name: {"dt": doctype, "docs": [name], "tags": ["x"]},
	"frappe.desk.form.load.getdoc": lambda doctype, name: {"doctype": doctype, "name": name},
	"frappe.desk.form.load.get_communications": lambda doctype, name: {"doctype": doctype, "name": name},
	"frappe.desk.form.load.get_docinfo": lambda doctype, name: {"doctype": doctype, "name": name},
	"frappe.desk.form.save.cancel": lambda doctype, name: {"doctype": doctype, "name": name},
	"frappe.desk.notifications.get_open_count": lambda doctype, name: {"doctype": doctype, "name": name},
	"frappe.printing.page.print.print.get_print_settings_to_show": lambda doctype, name: {
		"doctype": doctype, "docname": name,
	},
	"frappe.utils.print_format.download_pdf": lambda doctype, name: {"doctype": doctype, "name": name},
	"frappe.utils.print_format.download_multi_pdf": lambda doctype, name: {"doctype": {doctype: [name]}, "name": "x"},
	"frappe.utils.weasyprint.download_pdf": lambda doctype, name: {
		"doctype": doctype, "name": name, "print_format": "Standard",
	},
	"run_doc_method": lambda doctype, name: {"dt": doctype, "dn": name, "method": "x"},
	"frappe.client.save": lambda doctype, name: {"doc": {"doctype": doctype, "name": name}},
}  # fmt: skip


@pytest.mark.parametrize("who", ["Guest", "portal user", "stranger", "other seat"])
def test_a_document_is_named_by_a_text(hidden, client_of, who):
	client = client_of(who)
	for function, arguments in DOORS.items():
		for doctype, field in WORDS.items():
			for filters in (
				{field: ["like", "%zebra%"]},
				[[field, "like", "%zebra%"]],
				[field, "like", "%zebra%"],
			):
				answer = client.post(f"/api/method/{function}", json=arguments(doctype, filters))
				if function.endswith("docs") and isinstance(filters, list) and isinstance(filters[0], str):
					continue
				assert answer.status_code == 417, (function, doctype, filters, answer.text)
				assert "must be a text" in answer.text, (function, doctype, filters, answer.text)


@pytest.mark.parametrize(
	"function", ["frappe.desk.form.utils.update_comment", "frappe.email.inbox.mark_as_trash"]
)
def test_nor_where_the_doctype_is_not_named(hidden, client_of, function):
	key = "name" if "comment" in function else "communication"
	answer = client_of("stranger").post(
		f"/api/method/{function}", json={key: {"subject": ["like", "%zebra%"]}, "content": "x"}
	)
	assert answer.status_code == 417 and "must be a text" in answer.text


@pytest.mark.parametrize("who", ["portal user", "stranger", "other seat"])
@pytest.mark.parametrize("doctype", WORDS)
def test_filters_look_through_what_one_may_read(hidden, client_of, who, doctype):
	client = client_of(who)
	answers = [
		client.post(
			"/api/method/frappe.client.get", data={"doctype": doctype, "filters": json.dumps(filters)}
		)
		for word in ("zebra", "giraffe")
		for filters in (
			{WORDS[doctype]: ["like", f"%{word}%"]},
			[[doctype, WORDS[doctype], "like", f"%{word}%"]],
		)
	]
	assert len({answer.status_code for answer in answers}) == 1, [answer.text for answer in answers]
	assert all(answer.status_code in (403, 404, 417) for answer in answers)
	assert len({json.dumps(answer.json().get("_server_messages")) for answer in answers}) == 1


def test_who_may_read_it_finds_it(hidden, client_of, people):
	owner = client_of("owner")
	for doctype, field in WORDS.items():
		if doctype == "Communication":
			# only a few roles may read e-mails in Frappe
			continue
		about = {"name": hidden} if doctype == "Call" else {"call": hidden}
		data = {"doctype": doctype, "filters": json.dumps({field: ["like", "%zebra%"], **about})}
		answer = owner.post("/api/method/frappe.client.get", data=data)
		assert answer.status_code == 200 and "zebra" in answer.json()["message"][field], answer.text
	answer = owner.post(
		"/api/method/frappe.client.get", json={"doctype": "User", "filters": {"name": people["owner"]}}
	)
	assert answer.status_code == 200, answer.text


def test_names_and_documents_pass(people, client_of, committed):
	"""As sent by Desk and other clients"""
	note = factories.unique("Note")
	todo = committed(
		"ToDo",
		frappe.get_doc({"doctype": "ToDo", "description": "x", "owner": people["owner"]}).insert().name,
	)
	frappe.db.set_value("ToDo", todo, {"owner": people["owner"], "allocated_to": people["owner"]})
	owner = client_of("owner")
	for function, arguments in {
		"frappe.client.get": {"doctype": "ToDo", "name": todo},
		"frappe.client.get_value": {
			"doctype": "ToDo",
			"fieldname": ["name", "status"],
			"filters": {"name": todo},
		},
		"frappe.client.set_value": {"doctype": "ToDo", "name": todo, "fieldname": {"description": "y"}},
		"frappe.client.bulk_update": {
			"docs": json.dumps([{"doctype": "ToDo", "docname": todo, "description": "z"}])
		},
		"frappe.desk.doctype.tag.tag.add_tags": {"dt": "ToDo", "docs": [todo], "tags": ["x"]},
		"frappe.client.insert": {"doc": {"doctype": "Note", "title": note}},
		"frappe.desk.reportview.delete_items": {"doctype": "ToDo", "items": json.dumps([todo])},
	}.items():
		answer = owner.post(f"/api/method/{function}", json=arguments)
		assert answer.status_code == 200, (function, answer.text)
	committed("Note", frappe.db.get_value("Note", {"title": note}))
