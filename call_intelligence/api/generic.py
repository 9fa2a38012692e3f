"""Replacements of Frappe's generic functions that ignore permissions: hook override_whitelisted_methods.

Each takes the arguments of Frappe's function and looks up the names in them. For DocTypes of others it calls Frappe's function; for
ours it returns only what the user may read. What the originals disclose, by version of Frappe ("dev": 15.0.0-dev):

| function | versions | discloses without checking permission |
| --- | --- | --- |
| client.get | dev, 15, 16 | whether any document matches a filter: "not found" or "not permitted" |
| client.get_count (api/search.py) | dev, 15, 16 | how many documents match any filter: guesses words by counting |
| dashboard_chart.get | dev, 15, 16 | a heatmap counts all documents; one person's numbers are cached for the next |
| tag.get_tagged_docs | dev, 15, 16 | names of all documents with a tag |
| linked_with.get | dev, 15, 16 | documents that link to one, with the fields of their list |
| form.utils.get_next | dev, 15, 16 | where a hidden document is in the order of any field |
| listview.get_group_by_count | dev, 15, 16 | who is assigned to how many documents |
| query_report.get_data_for_custom_field | dev | one field of all documents |
| goal.get_monthly_goal_graph_data | dev, 15, 16 | sums and extremes of any field |
| web_form.get_link_options | dev | names of all documents, to guests; later versions don't expose it |
| workflow.get_workflow_state_count | dev, 15, 16 | how many documents have which value of a field |
"""

import json
from collections import Counter

import frappe
from frappe import _
from frappe.model.db_query import check_parent_permission

from call_intelligence.api.arguments import AS_FRAPPE, checked
from call_intelligence.api.overrides import frappes_own
from call_intelligence.api.search import MODULE, ruled
from call_intelligence.permissions import is_manager
from call_intelligence.queries import known
from call_intelligence.queries.record_names import COLUMNS, reads_all

MOST_GROUPS = 50
AGGREGATES = ("sum", "count", "avg", "min", "max")
# fields of a Dashboard Chart that name a column of its DocType
COLUMNS_OF_A_CHART = ("based_on", "value_based_on", "group_by_based_on", "aggregate_function_based_on")


def is_ours(doctype: str) -> bool:
	return frappe.get_meta(known.doctype(doctype)).module == MODULE


def refuse(doctype: str) -> None:
	frappe.throw(_("You may not read {0} in this way.").format(_(doctype)), frappe.PermissionError)


def check_readable(doctype: str, name: str) -> None:
	if not frappe.db.exists(doctype, str(name)) or not frappe.has_permission(doctype, "read", doc=str(name)):
		frappe.throw(
			_("{0} {1} does not exist, or you may not see it.").format(
				_(doctype), frappe.utils.escape_html(str(name))
			),
			frappe.PermissionError,
		)


def check_listed(doctype: str) -> None:
	"""Raise frappe.PermissionError unless the session's user may list documents of this DocType."""
	if frappe.get_meta(doctype).istable or not frappe.has_permission(doctype):
		refuse(doctype)


def readable_names(doctype: str, names: list[str]) -> set[str]:
	"""Those of `names` that the session's user may read"""
	if not names or frappe.get_meta(doctype).istable or not frappe.has_permission(doctype):
		return set()
	return set(frappe.get_list(doctype, filters={"name": ["in", names]}, pluck="name"))


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True, filters=AS_FRAPPE)
def document(
	doctype: str,
	name: str | int | None = None,
	filters: str | list | dict | None = None,
	parent: str | None = None,
	**others: object,
) -> dict:
	"""In place of frappe.client.get: the document of this name, or the first that matches the filters.

	Of our documents, and of Frappe's tables that hold copies of them, only those that the user may read are searched.
	"""
	if not name and filters is not None and (is_ours(doctype) or doctype in ruled()):
		name = first_readable(doctype, filters, parent)
		filters = None
	return frappes_own(
		"frappe.client.get", doctype=doctype, name=name, filters=filters, parent=parent, **others
	)


def first_readable(doctype: str, filters, parent: str | None) -> str | None:
	"""None for a Single DocType."""
	meta = frappe.get_meta(doctype)
	if meta.issingle:
		return None
	if meta.istable:
		check_parent_permission(parent, doctype)
	wanted = known.filters(doctype, filters, parent)
	found = frappe.get_list(doctype, filters=wanted, parent_doctype=parent, pluck="name", limit=1)
	if not found:
		frappe.throw(_("{0} not found").format(_(doctype)), frappe.DoesNotExistError)
	return found[0]


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True, names=AS_FRAPPE)
def custom_field_values(doctype: str, field: str, names: str | list | None = None, **others: object) -> dict:
	"""In place of frappe.desk.query_report.get_data_for_custom_field: {name: value of the field}."""
	if not is_ours(doctype):
		return frappes_own(
			"frappe.desk.query_report.get_data_for_custom_field",
			doctype=doctype,
			field=known.column(doctype, field),
			names=names,
			**others,
		)
	check_listed(doctype)
	wanted = known.texts(names)
	filters = {"name": ["in", wanted]} if wanted else None
	return dict(
		frappe.get_list(doctype, filters=filters, fields=["name", known.field(doctype, field)], as_list=True)
	)


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True)
def linked_documents(doctype: str, docname: str, **others: object) -> dict:
	"""In place of frappe.desk.form.linked_with.get: {DocType: [documents that link to this one]}."""
	if is_ours(doctype):
		check_readable(doctype, docname)
	found = frappes_own("frappe.desk.form.linked_with.get", doctype=doctype, docname=str(docname), **others)
	# a record's calls are shown only to users who may read the record
	may_know = is_ours(doctype) or (
		frappe.db.exists(doctype, str(docname)) and frappe.has_permission(doctype, "read", doc=str(docname))
	)
	for linked in [name for name in found if is_ours(name)]:
		readable = readable_names(linked, [row["name"] for row in found[linked]]) if may_know else set()
		# Frappe adds the columns of the list, whatever their permission level
		hidden = () if reads_all() else COLUMNS.get(linked, ())
		found[linked] = [
			{field: value for field, value in row.items() if field not in hidden}
			for row in found[linked]
			if row["name"] in readable
		]
	return {name: rows for name, rows in found.items() if rows}


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True, states=AS_FRAPPE)
def workflow_state_count(
	doctype: str, workflow_state_field: str, states: str | list, **others: object
) -> list[dict]:
	"""In place of frappe.workflow.doctype.workflow.workflow.get_workflow_state_count: [{field: value, "count"}], without `states`."""
	if not is_ours(doctype):
		return frappes_own(
			"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count",
			doctype=doctype,
			workflow_state_field=known.column(doctype, workflow_state_field),
			states=states,
			**others,
		)
	check_listed(doctype)
	field = known.field(doctype, workflow_state_field)
	values = frappe.get_list(doctype, filters={field: ["not in", known.texts(states)]}, pluck=field)
	return [{field: value, "count": number} for value, number in Counter(values).items() if value]


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True)
def tagged_documents(doctype: str, tag: str, **others: object) -> list:
	"""In place of frappe.desk.doctype.tag.tag.get_tagged_docs: [(name)] of the documents with this tag."""
	if not is_ours(doctype):
		return frappes_own("frappe.desk.doctype.tag.tag.get_tagged_docs", doctype=doctype, tag=tag, **others)
	check_listed(doctype)
	return frappe.get_list(doctype, filters={"_user_tags": ["like", tag]}, fields=["name"], as_list=True)


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True, current_filters=AS_FRAPPE)
def group_by_count(
	doctype: str, current_filters: str | list | dict, field: str, **others: object
) -> list[dict]:
	"""In place of frappe.desk.listview.get_group_by_count: [{"name": value, "count"}], most first.

	Frappe's function ignores permissions when it counts the users that documents are assigned to.
	"""
	if field != "assigned_to":
		field = known.field(doctype, field) if is_ours(doctype) else known.column(doctype, field)
	if not is_ours(doctype):
		return frappes_own(
			"frappe.desk.listview.get_group_by_count",
			doctype=doctype,
			current_filters=current_filters,
			field=field,
			**others,
		)
	check_listed(doctype)
	filters = known.filters(doctype, current_filters)
	if field != "assigned_to":
		return frappes_own(
			"frappe.desk.listview.get_group_by_count",
			doctype=doctype,
			current_filters=json.dumps(filters),
			field=field,
			**others,
		)
	assigned = frappe.get_all(
		"ToDo",
		filters={
			"reference_type": doctype,
			"reference_name": ["in", frappe.get_list(doctype, filters=filters, pluck="name")],
			"status": ["!=", "Cancelled"],
		},
		pluck="allocated_to",
	)
	return [{"name": user, "count": number} for user, number in Counter(assigned).most_common(MOST_GROUPS)]


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True, filters=AS_FRAPPE)
def next_document(
	doctype: str,
	value: str,
	prev: str | int,
	filters: str | list | dict | None = None,
	sort_order: str | None = None,
	sort_field: str | None = None,
	**others: object,
) -> str | None:
	"""In place of frappe.desk.form.utils.get_next: the document after, or before, the one named `value`.

	Prevents probing a hidden document's value through its sort position.
	"""
	if is_ours(doctype):
		check_readable(doctype, value)
		filters = known.filters(doctype, filters)
		sort_field = sort_field and known.field(doctype, sort_field)
	return frappes_own(
		"frappe.desk.form.utils.get_next",
		doctype=doctype,
		value=str(value),
		prev=prev,
		filters=filters,
		sort_order=sort_order and known.order(sort_order),
		sort_field=sort_field and known.column(doctype, sort_field),
		**others,
	)


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True, chart=AS_FRAPPE, filters=AS_FRAPPE)
def chart(
	chart_name: str | None = None,
	chart: str | dict | None = None,
	filters: str | list | dict | None = None,
	**others: object,
) -> dict | None:
	"""In place of frappe.desk.doctype.dashboard_chart.dashboard_chart.get: labels and numbers of a chart.

	Frappe counts all documents in a heatmap, and shows one user's numbers to the next from its cache: charts of our DocTypes
	are for managers, who see all calls.
	"""
	shown = frappe.get_doc("Dashboard Chart", chart_name) if chart_name else known.mapping(chart)
	doctype = known.doctype(shown.get("document_type"))
	parent = shown.get("parent_document_type")
	ours = is_ours(doctype) or bool(parent and is_ours(parent))
	if ours and not is_manager():
		refuse(doctype)
	for field in filter(None, map(shown.get, COLUMNS_OF_A_CHART)):
		known.field(doctype, field, parent) if ours else known.column(doctype, field)
	if ours:
		known.filters(doctype, shown.get("filters_json"), parent)
		filters = known.filters(doctype, filters, parent) or None
	return frappes_own(
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
		chart_name=chart_name,
		chart=chart,
		filters=filters,
		**others,
	)


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True, filters=AS_FRAPPE)
def goal_graph(
	title: str,
	doctype: str,
	docname: str,
	goal_value_field: str,
	goal_total_field: str,
	goal_history_field: str,
	goal_doctype: str,
	goal_doctype_link: str,
	goal_field: str,
	date_field: str,
	aggregation: str | None = None,
	filters: str | dict | None = None,
	**others: object,
) -> dict:
	"""In place of frappe.utils.goal.get_monthly_goal_graph_data: figures by month, of our DocTypes only for managers."""
	if is_ours(goal_doctype) and not is_manager():
		refuse(goal_doctype)
	if aggregation and aggregation.lower() not in AGGREGATES:
		known.refuse(_("Unknown function: {0}"), aggregation)
	for field in known.mapping(filters):
		known.column(goal_doctype, field)
	return frappes_own(
		"frappe.utils.goal.get_monthly_goal_graph_data",
		title=title,
		doctype=known.doctype(doctype),
		docname=docname,
		goal_value_field=goal_value_field,
		goal_total_field=goal_total_field,
		goal_history_field=goal_history_field,
		goal_doctype=goal_doctype,
		goal_doctype_link=known.column(goal_doctype, goal_doctype_link)
		if doctype != goal_doctype
		else goal_doctype_link,
		goal_field=known.column(goal_doctype, goal_field),
		date_field=known.column(goal_doctype, date_field),
		aggregation=aggregation,
		filters=filters,
		**others,
	)


@frappe.whitelist(allow_guest=True, methods=["GET", "POST"])
@checked(stands_in=True)
def web_form_options(web_form_name: str, doctype: str, **others: object) -> str:
	"""In place of frappe.website.doctype.web_form.web_form.get_link_options, which guests may call in some versions. Our DocTypes don't
	belong on a web form."""
	if is_ours(doctype):
		refuse(doctype)
	return frappes_own(
		"frappe.website.doctype.web_form.web_form.get_link_options",
		web_form_name=web_form_name,
		doctype=doctype,
		**others,
	)
