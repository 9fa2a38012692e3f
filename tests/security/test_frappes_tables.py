"""Frappe's tables that name the app's documents or copy their texts return only rows about readable calls"""

import time

import frappe
import frappe.desk.form.load
import frappe.permissions
import pytest
from frappe import client
from frappe.desk import reportview
from frappe.desk.doctype.tag.tag import get_documents_for_tag

from call_intelligence import transcript
from call_intelligence.guard.ours import doctypes, our_doctype
from call_intelligence.guard.reading import rows_of
from call_intelligence.guard.tables import TABLES
from tests import factories
from tests.security.conftest import row

# fields of a row that make it visible to the reader in Frappe
SHOWN = {
	"Activity Log": {"subject": "About it"},
	"Comment": {"comment_type": "Comment", "content": "About it"},
	"Communication": {"communication_medium": "Chat", "subject": "About it"},
	"Notification Log": {"for_user": "reader", "subject": "About it"},
	"Reminder": {"user": "reader", "owner": "reader"},
	"Tag Link": {"tag": "vip", "title": "About it"},
	"Workflow Action": {"user": "reader", "status": "Open"},
	"Submission Queue": {"owner": "reader"},
	"File": {"file_name": "about.txt", "file_url": "/private/files/about.txt", "is_private": 1},
}
# Frappe's own rule for documents requires workflow roles, which these rows do not have
LISTS_ONLY = ("Workflow Action",)
CHILDREN = ("Communication Link", "Dynamic Link", "Event Participants")


def make(table, reader, doctype, name, number=0):
	"""A row of the table about a document, in the pair of fields with this number"""
	about = dict(zip(TABLES[table][number], (doctype, name), strict=True))
	shown = {field: reader if value == "reader" else value for field, value in SHOWN.get(table, {}).items()}
	return row(table, **about, **shown)


PAIRS = [(table, number) for table, fields in TABLES.items() for number in range(len(fields))]


@pytest.mark.parametrize(("table", "number"), PAIRS)
def test_a_row_about_a_hidden_call_is_hidden(secret, admin, listed, as_user, table, number):
	contact = factories.contact()
	hidden = make(table, admin, "Call", secret.name, number)
	other = make(table, admin, "Contact", contact, number)
	assert listed(admin, table, other)
	assert not listed(admin, table, hidden)
	if table not in CHILDREN:
		with as_user(admin):
			assert table in LISTS_ONLY or frappe.has_permission(table, "read", doc=other)
			for right in ("read", "write", "delete"):
				assert not frappe.has_permission(table, right, doc=hidden)
	for user in ("Guest", "portal.user@people.example.com"):
		assert not listed(user, table, hidden)


@pytest.mark.parametrize(("table", "number"), PAIRS)
def test_who_comes_to_see_the_call_reads_the_row(secret, admin, listed, as_user, table, number):
	hidden = make(table, admin, "Call", secret.name, number)
	frappe.share.add("Call", secret.name, admin, notify=False)
	assert listed(admin, table, hidden)
	if table not in (*CHILDREN, *LISTS_ONLY):
		with as_user(admin):
			assert frappe.has_permission(table, "read", doc=hidden)


def documents_of(call) -> dict[str, str]:
	recording = transcript.recording_of(call.name)
	playlist = factories.playlist(call.call_owner, call.name)
	return {
		"Call Recording": recording,
		"Transcript Segment": frappe.db.get_value("Transcript Segment", {"recording": recording}),
		"Call Comment": frappe.db.get_value("Call Comment", {"call": call.name}),
		"Call Clip": frappe.db.get_value("Call Clip", {"call": call.name}),
		"Term Mention": frappe.db.get_value("Term Mention", {"call": call.name}),
		"Call Playlist": playlist,
		"Call Playlist Item": frappe.db.get_value("Call Playlist Item", {"playlist": playlist}),
		"Call Participant": call.participants[0].name,
	}


def test_rows_about_what_belongs_to_a_hidden_call_are_hidden(secret, people, admin, listed, as_user):
	for doctype, name in documents_of(secret).items():
		assert name, doctype
		tag = make("Tag Link", admin, doctype, name)
		for who in (admin, people["stranger"], people["other seat"]):
			assert not listed(who, "Tag Link", tag), doctype
			with as_user(who):
				assert not frappe.has_permission("Tag Link", "read", doc=tag), doctype
		if doctype != "Call Participant":
			assert listed(people["owner"], "Tag Link", tag), doctype
		assert listed(people["manager"], "Tag Link", tag), doctype


@pytest.mark.parametrize("spelling", ["call", "CALL", "Call ", "Cáll", "Ca\u200bll"])
def test_no_spelling_that_the_database_takes_for_ours_passes(secret, admin, listed, spelling):
	assert our_doctype(spelling) == "Call"
	hidden = make("Tag Link", admin, spelling, secret.name.lower())
	assert not listed(admin, "Tag Link", hidden)


def test_other_names_are_others(site):
	assert [name for name in ("Contact", "Call Log", "", None, 7) if our_doctype(name)] == []
	assert {"Call", "Call Clip", "Call Playlist Item", "Transcript Segment"} <= set(doctypes().values())


def test_titles_are_found_by_no_way_of_asking_for_tag_links(call, people, as_user):
	title = frappe.db.get_value("Call", call.name, "title")
	make("Tag Link", None, "Call", call.name)
	frappe.db.set_value("Tag Link", {"document_name": call.name}, "title", title)
	asked = {"doctype": "Tag Link", "fields": ["title"], "filters": {"document_name": call.name}}
	for who in ("stranger", "other seat", "portal user"):
		with as_user(people[who]):
			assert client.get_list(**asked) == []
			assert not client.get_value("Tag Link", "title", {"document_name": call.name})
			assert [found for found in get_documents_for_tag("#vip") if found["content"] == title] == []
			frappe.local.form_dict = frappe._dict(
				doctype="Tag Link", fields='["title"]', filters=f'{{"document_name": "{call.name}"}}'
			)
			assert not (reportview.get() or {}).get("values")
	with as_user(people["owner"]):
		assert [found.title for found in client.get_list(**asked)] == [title]


def test_what_was_told_before_access_was_taken_back(call, people, listed):
	told = make("Notification Log", people["shared with"], "Call", call.name)
	task = row("ToDo", reference_type="Call", reference_name=call.name, allocated_to=people["shared with"])
	for table, name in {"Notification Log": told, "ToDo": task}.items():
		assert listed(people["shared with"], table, name)
	frappe.share.remove("Call", call.name, people["shared with"])
	for table, name in {"Notification Log": told, "ToDo": task}.items():
		assert not listed(people["shared with"], table, name)


def test_recipients_of_a_part_keep_what_tells_them_of_it(call, people, listed):
	clip = factories.clip(call.name, people["owner"], recipients=[people["stranger"]], only_this_part=1)
	told = make("Notification Log", people["stranger"], "Call Clip", clip)
	assert listed(people["stranger"], "Notification Log", told)
	told = make("Notification Log", people["stranger"], "Call", call.name)
	assert not listed(people["stranger"], "Notification Log", told)


def test_frappes_own_rules_go_on(people, as_user, listed):
	"""Before 16 a hook that returns True would override Frappe's own."""
	foreign = {
		"ToDo": row("ToDo", allocated_to=people["owner"], description="Mine"),
		"Notification Log": row("Notification Log", for_user=people["owner"], subject="Mine"),
		"File": row(
			"File", file_name="a.txt", file_url="/private/files/a.txt", is_private=1, owner=people["owner"]
		),
	}
	for table, name in foreign.items():
		assert listed(people["owner"], table, name)
		assert not listed(people["stranger"], table, name)
	for table in ("ToDo", "File"):
		with as_user(people["stranger"]):
			assert not frappe.has_permission(table, "read", doc=foreign[table])
		with as_user(people["owner"]):
			assert frappe.has_permission(table, "read", doc=foreign[table])


def test_imports_of_our_documents_are_for_managers(admin, people, listed, as_user):
	ours = row("Data Import", reference_doctype="Tracked Term", import_type="Insert New Records")
	other = row("Data Import", reference_doctype="Contact", import_type="Insert New Records")
	logs = {name: row("Data Import Log", data_import=name, docname="A name") for name in (ours, other)}
	assert listed(admin, "Data Import", other)
	assert listed(admin, "Data Import Log", logs[other])
	assert not listed(admin, "Data Import", ours)
	assert not listed(admin, "Data Import Log", logs[ours])
	with as_user(admin):
		for table, hidden, seen in (
			("Data Import", ours, other),
			("Data Import Log", logs[ours], logs[other]),
		):
			assert not frappe.has_permission(table, "read", doc=hidden)
			assert frappe.has_permission(table, "read", doc=seen)


def test_a_report_prepared_for_one_person_is_not_shown_to_another(admin, people, listed, as_user):
	# an administrator has given the report to an additional role
	row("Has Role", parenttype="Report", parentfield="roles", parent="Call Statistics", role="System Manager")
	for right in ("read", "report"):
		frappe.permissions.add_permission("Call", "System Manager")
		frappe.permissions.update_permission_property("Call", "System Manager", 0, right, 1, validate=False)
	frappe.clear_cache()
	try:
		ours = row("Prepared Report", report_name="Call Statistics", owner=people["manager"])
		mine = row("Prepared Report", report_name="Call Statistics", owner=admin)
		other = row("Prepared Report", report_name="ToDo", owner=people["manager"])
		rows = (ours, mine, other)
		assert [listed(admin, "Prepared Report", name) for name in rows] == [False, True, True]
		with as_user(admin):
			allowed = [frappe.has_permission("Prepared Report", "read", doc=name) for name in rows]
		assert allowed == [False, True, True]
	finally:
		frappe.db.rollback()
		frappe.clear_cache()


def test_where_others_have_been(secret, admin, people, listed, as_user):
	ours = row("Route History", user=people["owner"], route=f"Form/Call/{secret.name}")
	mine = row("Route History", user=admin, route=f"Form/Call/{secret.name}")
	other = row("Route History", user=people["owner"], route="Form/Contact/Sarah")
	assert [listed(admin, "Route History", name) for name in (ours, mine, other)] == [False, True, True]
	with as_user(admin):
		allowed = [frappe.has_permission("Route History", "read", doc=name) for name in (ours, mine, other)]
	assert allowed == [False, True, True]


def test_frappes_global_search(call, people, as_user, ask):
	settings = frappe.get_single("Global Search Settings")
	for doctype in ("Call", "Contact"):
		if doctype not in [allowed.document_type for allowed in settings.allowed_in_global_search]:
			settings.append("allowed_in_global_search", {"document_type": doctype})
	settings.flags.ignore_validate = True
	settings.save()
	frappe.cache.hdel("global_search", "search_priorities")
	for doctype, name in (("Call", call.name), ("Contact", call.associations[0].link_name)):
		frappe.db.sql(
			"""insert into `__global_search` (doctype, name, content, published, title, route)
			values (%s, %s, 'Title : quokkas and wombats', 0, '', '')""",
			(doctype, name),
		)
	# a fulltext index finds only committed data
	frappe.db.commit()
	try:
		found = {}
		for who in ("owner", "stranger", "other seat"):
			with as_user(people[who]):
				rows = ask("frappe.utils.global_search.search", text="quokkas")
			found[who] = {entry.doctype for entry in rows}
	finally:
		frappe.db.rollback()
		frappe.db.delete("__global_search", {"content": ["like", "%quokkas%"]})
		frappe.delete_doc("Call", call.name, force=True, ignore_permissions=True)
		frappe.db.commit()
	assert found == {"owner": {"Call", "Contact"}, "stranger": {"Contact"}, "other seat": {"Contact"}}


def test_forms_bring_along_what_they_brought(call, people, as_user):
	row(
		"Comment",
		reference_doctype="Call",
		reference_name=call.name,
		comment_type="Comment",
		content="<p>A</p>",
	)
	row("Tag Link", document_type="Call", document_name=call.name, tag="vip")
	for who in ("owner", "shared with", "crm user"):
		with as_user(people[who]):
			frappe.local.response = frappe._dict(docs=[])
			frappe.desk.form.load.getdoc("Call", call.name)
			docinfo = frappe.local.response.docinfo
			assert len(docinfo.comments) == 1
			assert docinfo.tags == "vip"
	for who in ("stranger", "other seat", "portal user"):
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			frappe.desk.form.load.get_docinfo(doctype="Call", name=call.name)


ROWS = 20_000


def test_rows_about_other_doctypes_cost_next_to_nothing(call, people, as_user):
	"""The condition is not evaluated for them; the remaining time is for reading it."""
	row("ToDo", reference_type="Call", reference_name=call.name, allocated_to=people["crm user"])
	frappe.db.bulk_insert(
		"ToDo",
		["name", "owner", "allocated_to", "reference_type", "reference_name", "creation", "modified"],
		[
			(
				f"cost-{number}",
				people["crm user"],
				people["crm user"],
				"Contact",
				f"none-{number}",
				frappe.utils.now(),
				frappe.utils.now(),
			)
			for number in range(ROWS)
		],
	)
	with as_user(people["crm user"]):
		frappe.get_list("ToDo", limit=1)
		started = time.perf_counter()
		names = frappe.get_list("ToDo", filters={"name": ["like", "cost-%"]}, pluck="name", limit=0)
		took = time.perf_counter() - started
	assert len(names) == ROWS
	assert took < 1.5


def test_calls_are_asked_about_only_where_rows_name_them(call, people):
	"""Frappe's check of readable CRM records takes longer than the list."""
	assert "`tabCall`" not in rows_of("ToDo", people["crm user"])
	row("ToDo", reference_type="Call", reference_name=call.name, allocated_to=people["owner"])
	condition = rows_of("ToDo", people["crm user"])
	assert condition.count("from `tabCall` where") == 1
	# other users' notifications are not listed
	row("Notification Log", document_type="Call", document_name=call.name, for_user=people["owner"])
	assert "`tabCall`" not in rows_of("Notification Log", people["crm user"])
	assert rows_of("ToDo", people["manager"]) == ""
