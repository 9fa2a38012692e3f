"""Replacements of Frappe's functions that write or disclose documents without checking permission: hook override_whitelisted_methods.

Each takes the arguments of Frappe's function and calls it, after checking permission for documents of ours. What the originals do,
by version of Frappe ("dev": 15.0.0-dev):

| function | versions | does without checking permission |
| --- | --- | --- |
| tag.remove_tag | dev, 15, 16 | writes the tags of any document |
| frappe.email.relink | dev, 15, 16 | moves an e-mail from any document to any other |
| global_search.search | dev, 15, 16 | finds texts of all documents of a DocType |
| document_follow.get_follow_users | dev, 15, 16 | discloses who follows a document |
| like.toggle_like | dev, 15, 16 | takes a like off any document |
| auto_repeat.generate_message_preview | dev, 15, 16 | renders a template, dev with any document, with access to all the site |
| kanban_board.update_order | dev, 15, 16 | compares the field that sorts the cards of any document |
| kanban_board.update_order_for_single_card | dev, 15, 16 | discloses which documents exist |
| query_report.run | dev | shows any field of all documents as an added column of a report |
| query_report.export_query | dev | the same, as a file |
"""

import json

import frappe
from frappe import _
from frappe.utils import cint

from call_intelligence.api.arguments import AS_FRAPPE, checked
from call_intelligence.api.generic import readable_names
from call_intelligence.api.overrides import frappes_own
from call_intelligence.guard import reports, templates
from call_intelligence.guard.ours import our_doctype
from call_intelligence.guard.rights import check_may_write_on
from call_intelligence.guard.tables import subjects
from call_intelligence.queries import known

LONGEST_MESSAGE = 200_000


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True)
def remove_tag(tag: str, dt: str, dn: str | int, **others: object) -> None:
	"""In place of frappe.desk.doctype.tag.tag.remove_tag, which does not check permission for the document."""
	# Frappe puts it into SQL unchecked
	dt = known.doctype(dt)
	if doctype := our_doctype(dt):
		check_may_write_on(doctype, str(dn))
	return frappes_own("frappe.desk.doctype.tag.tag.remove_tag", tag=tag, dt=dt, dn=dn, **others)


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True)
def relink(
	name: str, reference_doctype: str | None = None, reference_name: str | int | None = None, **others: object
) -> None:
	"""In place of frappe.email.relink, which moves an e-mail from any document to any other."""
	before = (
		frappe.db.get_value("Communication", name, ["reference_doctype", "reference_name"], as_dict=True)
		or frappe._dict()
	)
	after = {"reference_doctype": reference_doctype, "reference_name": reference_name}
	for row in (before, after):
		for doctype, document in subjects({"doctype": "Communication", **row}):
			check_may_write_on(doctype, document)
	return frappes_own(
		"frappe.email.relink",
		name=name,
		reference_doctype=reference_doctype,
		reference_name=reference_name,
		**others,
	)


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True)
def global_search(
	text: str,
	start: int | str | None = None,
	limit: int | str | None = None,
	doctype: str | None = None,
	**others: object,
) -> list[dict]:
	"""In place of frappe.utils.global_search.search, which finds texts of documents that the user may not read."""
	found = frappes_own(
		"frappe.utils.global_search.search",
		text=text,
		# Frappe puts both into SQL unchecked
		start=None if start is None else cint(start),
		limit=None if limit is None else cint(limit),
		doctype=doctype,
		**others,
	)
	ours: dict[str, list] = {}
	for row in found:
		if our_doctype(row.doctype):
			ours.setdefault(row.doctype, []).append(row.name)
	readable = {kind: readable_names(kind, wanted) for kind, wanted in ours.items()}
	return [row for row in found if row.name in readable.get(row.doctype, {row.name})]


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True)
def followers(doctype: str, doc_name: str | int, **others: object) -> list[dict]:
	"""In place of frappe.desk.form.document_follow.get_follow_users: [{"user"}] who follow the document."""
	if ours := our_doctype(doctype):
		check_may_write_on(ours, str(doc_name))
	return frappes_own(
		"frappe.desk.form.document_follow.get_follow_users", doctype=doctype, doc_name=doc_name, **others
	)


@frappe.whitelist(methods=["GET", "POST"])
@checked(custom_columns=AS_FRAPPE)
def run_report(report_name: str, custom_columns: str | list | None = None, **others: object) -> dict:
	"""In place of frappe.desk.query_report.run, which fills added columns from documents that the user may not see."""
	columns = reports.columns_of(custom_columns)
	reports.check_columns(columns)
	reports.check_saved(report_name)
	return frappes_own(
		"frappe.desk.query_report.run", report_name=report_name, custom_columns=columns or None, **others
	)


@frappe.whitelist(methods=["GET", "POST"])
@checked()
def export_report(**others: object) -> None:
	"""In place of frappe.desk.query_report.export_query: see `run_report`. Frappe reads its arguments from the request."""
	form = frappe.local.form_dict
	if not form.get("report_name"):
		frappe.throw(_("Missing in the request: {0}").format("report_name"))
	reports.check_columns(reports.columns_of(form.get("custom_columns")))
	reports.check_saved(form.get("report_name"))
	return frappes_own("frappe.desk.query_report.export_query", **others)


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True)
def toggle_like(doctype: str, name: str | int, add: str | bool | int | None = None, **others: object) -> None:
	"""In place of frappe.desk.like.toggle_like, which takes a like off any document."""
	doctype = known.doctype(doctype)
	if ours := our_doctype(doctype):
		check_may_write_on(ours, str(name))
	return frappes_own("frappe.desk.like.toggle_like", doctype=doctype, name=name, add=add, **others)


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True, message=LONGEST_MESSAGE, subject=LONGEST_MESSAGE)
def message_preview(
	reference_dt: str,
	reference_doc: str | int,
	message: str | None = None,
	subject: str | None = None,
	**others: object,
) -> dict:
	"""In place of frappe.automation.doctype.auto_repeat.auto_repeat.generate_message_preview, which renders any document."""
	doctype, name = known.doctype(reference_dt), str(reference_doc)
	if ours := our_doctype(doctype):
		check_may_write_on(ours, name)
	# 15.0.0-dev passes only the name to has_permission hooks
	frappe.get_doc(doctype, name).check_permission("read")
	templates.check(message, subject)
	return frappes_own(
		"frappe.automation.doctype.auto_repeat.auto_repeat.generate_message_preview",
		reference_dt=doctype,
		reference_doc=name,
		message=message,
		subject=subject,
		**others,
	)


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True, order=AS_FRAPPE)
def order_cards(board_name: str, order: str | dict, **others: object) -> list:
	"""In place of frappe.desk.doctype.kanban_board.kanban_board.update_order: {column: [cards]}."""
	columns = known.mapping(order)
	check_cards(board_name, [card for cards in columns.values() for card in known.texts(cards)])
	return frappes_own(
		"frappe.desk.doctype.kanban_board.kanban_board.update_order",
		board_name=board_name,
		order=json.dumps(columns),
		**others,
	)


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True)
def move_card(board_name: str, docname: str | int, **others: object) -> object:
	"""In place of frappe.desk.doctype.kanban_board.kanban_board.update_order_for_single_card."""
	check_cards(board_name, [str(docname)])
	return frappes_own(
		"frappe.desk.doctype.kanban_board.kanban_board.update_order_for_single_card",
		board_name=board_name,
		docname=docname,
		**others,
	)


def check_cards(board: str, cards: list[str]) -> None:
	"""Raise frappe.PermissionError, without naming one, if the user may not see all of these documents of ours."""
	doctype = our_doctype(frappe.db.get_value("Kanban Board", board, "reference_doctype"))
	if doctype and not set(cards) <= readable_names(doctype, cards):
		frappe.throw(
			_("You no longer have access to some of these cards. Reload the board and try again."),
			frappe.PermissionError,
		)
