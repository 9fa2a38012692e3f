"""Frappe's functions that render, like or sort arbitrary documents"""

import json

import frappe
import pytest

from tests import factories

PREVIEW = "frappe.automation.doctype.auto_repeat.auto_repeat.generate_message_preview"
LIKE = "frappe.desk.like.toggle_like"
BOARD = "frappe.desk.doctype.kanban_board.kanban_board."


@pytest.fixture
def writer(people):
	"""Sees no call, and may make Auto Repeats."""
	from frappe.permissions import add_permission, update_permission_property

	add_permission("Auto Repeat", "Blogger", 0)
	update_permission_property("Auto Repeat", "Blogger", 0, "write", 1, validate=False)
	yield people["stranger"]
	frappe.db.rollback()
	frappe.clear_cache(doctype="Auto Repeat")


@pytest.mark.parametrize("doctype", ["Call", "CALL", "Cáll "])
def test_a_hidden_call_is_not_rendered(secret, writer, admin, as_user, ask, doctype):
	for who in (writer, admin):
		with as_user(who), pytest.raises((frappe.PermissionError, frappe.ValidationError)):
			ask(PREVIEW, reference_dt=doctype, reference_doc=secret.name, message="{{ doc.notes }}")


def test_nor_is_a_document_of_frappes(writer, as_user, ask, people):
	hidden = frappe.get_doc(
		{"doctype": "ToDo", "description": "zebra", "allocated_to": people["owner"]}
	).insert()
	with as_user(writer), pytest.raises(frappe.PermissionError):
		ask(PREVIEW, reference_dt="ToDo", reference_doc=hidden.name, message="{{ doc.description }}")


TEMPLATES = [
	"{{ frappe.get_all('Transcript Segment', ['text']) }}",
	"{% set f = frappe %}{{ f.db.get_value('Call', {}, 'notes') }}",
	"{% for row in frappe.get_all('Call') %}{{ row }}{% endfor %}",
	"{% include 'templates/includes/list/list.html' %}",
	"{{ get_doc('Call') }}",
	"{{ doc.db_set('description', 'giraffe') }}",
	"{{ (doc|attr('db_set'))('description', 'giraffe') }}",
	"templates/includes/list/list.html",
	"{{ doc.",
]


@pytest.mark.parametrize("argument", ["message", "subject"])
def test_a_template_uses_the_document_alone(secret, writer, as_user, ask, argument):
	with as_user(writer):
		mine = frappe.get_doc({"doctype": "ToDo", "description": "zebra", "allocated_to": writer}).insert()
		about = {"reference_dt": "ToDo", "reference_doc": mine.name}
		for template in TEMPLATES:
			with pytest.raises(frappe.ValidationError) as error:
				ask(PREVIEW, **about, **{"message": "x", argument: template})
			assert str(error.value), template
		assert frappe.db.get_value("ToDo", mine.name, "description") == "zebra"
		text = "{% for i in [1] %}{{ i }}{% endfor %}{{ doc.description|upper }} {{ doc.get_formatted('status') }}"
		assert ask(PREVIEW, **about, message="x", **({"subject": text} if argument == "subject" else {}))
		assert "1ZEBRA Open" in str(ask(PREVIEW, **about, **{"message": "x", argument: text}))


def test_a_system_manager_uses_all_that_frappe_offers(people, admin, as_user, ask):
	with as_user(admin):
		mine = frappe.get_doc({"doctype": "ToDo", "description": "zebra"}).insert()
		answer = ask(
			PREVIEW, reference_dt="ToDo", reference_doc=mine.name, message="{{ frappe.utils.cint(5) }}"
		)
	assert answer["message"] == "5"


@pytest.mark.parametrize("add", ["No", "", None, "Yes", False])
def test_a_like_on_a_hidden_call_stays(call, people, as_user, ask, add):
	for who in ("stranger", "other seat", "portal user"):
		liked = json.dumps([people[who]])
		frappe.db.set_value("Call", call.name, "_liked_by", liked, update_modified=False)
		given = {} if add is None else {"add": add}
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			ask(LIKE, doctype="Call", name=call.name, **given)
		assert frappe.db.get_value("Call", call.name, "_liked_by") == liked


def test_who_sees_the_call_takes_their_like_back(call, people, as_user, ask):
	with as_user(people["participant"]):
		for add, likes in (("Yes", [people["participant"]]), ("No", [])):
			ask(LIKE, doctype="Call", name=call.name, add=add)
			assert json.loads(frappe.db.get_value("Call", call.name, "_liked_by")) == likes


@pytest.fixture
def board(site):
	columns = [{"column_name": name} for name in ("Inbound", "Outbound")]
	return (
		frappe.get_doc(
			{
				"doctype": "Kanban Board", "kanban_board_name": factories.unique("Board"), "reference_doctype": "Call",
				"field_name": "direction", "columns": columns,
			}
		)
		.insert()
		.name
	)  # fmt: skip


@pytest.mark.parametrize("who", ["stranger", "other seat"])
def test_a_board_does_not_tell_the_column_of_a_hidden_call(call, board, people, as_user, ask, who):
	orders = [
		{column: [card]}
		for column in ("Inbound", "Outbound")
		for card in (call.name, "CALL-NONE", ["like", "%"])
	]
	refused = set()
	for order in orders:
		with as_user(people[who]), pytest.raises((frappe.PermissionError, frappe.ValidationError)) as error:
			ask(f"{BOARD}update_order", board_name=board, order=json.dumps(order))
		refused.add(
			(type(error.value), str(error.value)) if isinstance(next(iter(order.values()))[0], str) else None
		)
	assert len(refused - {None}) == 1
	for name in (call.name, "CALL-NONE"):
		for column in ("Inbound", "Outbound"):
			with as_user(people[who]), pytest.raises(frappe.PermissionError):
				ask(
					f"{BOARD}update_order_for_single_card", board_name=board, docname=name, from_colname=column,
					to_colname=column, old_index=0, new_index=0,
				)  # fmt: skip
	assert frappe.db.get_value("Call", call.name, "direction") == "Inbound"


def test_who_edits_the_call_moves_its_card(call, board, people, as_user, ask):
	with as_user(people["owner"]):
		ask(f"{BOARD}update_order", board_name=board, order=json.dumps({"Outbound": [call.name]}))
	assert frappe.db.get_value("Call", call.name, "direction") == "Outbound"
