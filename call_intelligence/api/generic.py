"""In place of Frappe's generic functions that look past permissions: hook override_whitelisted_methods.

Each takes what Frappe's own takes. For DocTypes of others it hands on to that; of ours it tells what the user may read.
"""

from collections import Counter

import frappe
from frappe import _

from call_intelligence.api.search import MODULE
from call_intelligence.permissions import is_manager

MOST_GROUPS = 50


def is_ours(doctype: str) -> bool:
	return frappe.get_meta(doctype).module == MODULE


def frappes_own(function: str, **arguments):
	"""What Frappe answers; arguments that its version does not know are left out."""
	given = {name: value for name, value in arguments.items() if value is not None}
	return frappe.call(frappe.get_attr(function), **given)


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


def check_column(doctype: str, field: str) -> None:
	if field not in frappe.get_meta(doctype).get_valid_columns():
		refuse(doctype)


def readable_names(doctype: str, names: list[str]) -> set[str]:
	"""Those of `names` that the session's user may read"""
	if not names or frappe.get_meta(doctype).istable or not frappe.has_permission(doctype):
		return set()
	return set(frappe.get_list(doctype, filters={"name": ["in", names]}, pluck="name"))


@frappe.whitelist(methods=["GET", "POST"])
def custom_field_values(doctype: str, field: str, names: str | list | None = None) -> dict:
	"""In place of frappe.desk.query_report.get_data_for_custom_field: {name: value of the field}."""
	if not is_ours(doctype):
		return frappes_own(
			"frappe.desk.query_report.get_data_for_custom_field", doctype=doctype, field=field, names=names
		)
	check_column(doctype, field)
	if frappe.get_meta(doctype).istable or not frappe.has_permission(doctype):
		refuse(doctype)
	names = frappe.parse_json(names) if names else None
	filters = {"name": ["in", names]} if names else None
	return dict(frappe.get_list(doctype, filters=filters, fields=["name", field], as_list=True))


@frappe.whitelist(methods=["GET", "POST"])
def linked_documents(doctype: str, docname: str) -> dict:
	"""In place of frappe.desk.form.linked_with.get: {DocType: [documents that link to this one]}."""
	if is_ours(doctype):
		check_readable(doctype, docname)
	found = frappes_own("frappe.desk.form.linked_with.get", doctype=doctype, docname=str(docname))
	for linked in [name for name in found if is_ours(name)]:
		readable = readable_names(linked, [row["name"] for row in found[linked]])
		found[linked] = [row for row in found[linked] if row["name"] in readable]
	return {name: rows for name, rows in found.items() if rows}


@frappe.whitelist(methods=["GET", "POST"])
def workflow_state_count(doctype: str, workflow_state_field: str, states: str | list) -> list[dict]:
	"""In place of frappe.workflow.doctype.workflow.workflow.get_workflow_state_count: [{field: value, "count"}], but `states`."""
	if not is_ours(doctype):
		return frappes_own(
			"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count",
			doctype=doctype,
			workflow_state_field=workflow_state_field,
			states=states,
		)
	check_column(doctype, workflow_state_field)
	values = frappe.get_list(
		doctype,
		filters={workflow_state_field: ["not in", frappe.parse_json(states)]},
		pluck=workflow_state_field,
	)
	return [
		{workflow_state_field: value, "count": number} for value, number in Counter(values).items() if value
	]


@frappe.whitelist(methods=["GET", "POST"])
def tagged_documents(doctype: str, tag: str) -> list:
	"""In place of frappe.desk.doctype.tag.tag.get_tagged_docs: [(name)] of the documents with this tag."""
	if not is_ours(doctype):
		return frappes_own("frappe.desk.doctype.tag.tag.get_tagged_docs", doctype=doctype, tag=tag)
	return frappe.get_list(doctype, filters={"_user_tags": ["like", tag]}, fields=["name"], as_list=True)


@frappe.whitelist(methods=["GET", "POST"])
def group_by_count(doctype: str, current_filters: str | list | dict, field: str) -> list[dict]:
	"""In place of frappe.desk.listview.get_group_by_count: [{"name": value, "count"}], most first.

	Frappe's own looks past permissions where it counts the people that documents are assigned to.
	"""
	if field != "assigned_to" or not is_ours(doctype):
		return frappes_own(
			"frappe.desk.listview.get_group_by_count",
			doctype=doctype,
			current_filters=current_filters,
			field=field,
		)
	names = frappe.get_list(doctype, filters=frappe.parse_json(current_filters), pluck="name")
	assigned = frappe.get_all(
		"ToDo",
		filters={
			"reference_type": doctype,
			"reference_name": ["in", names],
			"status": ["!=", "Cancelled"],
		},
		pluck="allocated_to",
	)
	return [{"name": user, "count": number} for user, number in Counter(assigned).most_common(MOST_GROUPS)]


@frappe.whitelist(methods=["GET", "POST"])
def next_document(
	doctype: str,
	value: str,
	prev: str | int,
	filters: str | list | dict | None = None,
	sort_order: str = "desc",
	sort_field: str = "modified",
) -> str | None:
	"""In place of frappe.desk.form.utils.get_next: the document after, or before, the one named `value`.

	Of a hidden document nobody finds out by that what is in the field that sorts.
	"""
	if is_ours(doctype):
		check_readable(doctype, value)
		check_column(doctype, sort_field)
	return frappes_own(
		"frappe.desk.form.utils.get_next",
		doctype=doctype,
		value=str(value),
		prev=prev,
		filters=filters,
		sort_order=sort_order,
		sort_field=sort_field,
	)


@frappe.whitelist(methods=["GET", "POST"])
def chart(
	chart_name: str | None = None,
	chart: str | dict | None = None,
	no_cache: str | int | bool | None = None,
	filters: str | list | dict | None = None,
	from_date: str | None = None,
	to_date: str | None = None,
	timespan: str | None = None,
	time_interval: str | None = None,
	heatmap_year: str | int | None = None,
	refresh: str | int | bool | None = None,
) -> dict | None:
	"""In place of frappe.desk.doctype.dashboard_chart.dashboard_chart.get: labels and numbers of a chart.

	Frappe counts all documents in a heatmap, and shows one person's numbers to the next from its cache: charts of ours are
	for managers, who see all calls.
	"""
	shown = frappe.get_doc("Dashboard Chart", chart_name) if chart_name else frappe.parse_json(chart) or {}
	doctypes = (shown.get("document_type"), shown.get("parent_document_type"))
	if any(doctype and is_ours(doctype) for doctype in doctypes) and not is_manager():
		refuse(shown.get("document_type"))
	return frappes_own(
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
		chart_name=chart_name,
		chart=chart,
		no_cache=no_cache,
		filters=filters,
		from_date=from_date,
		to_date=to_date,
		timespan=timespan,
		time_interval=time_interval,
		heatmap_year=heatmap_year,
		refresh=refresh,
	)


@frappe.whitelist(methods=["GET", "POST"])
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
	aggregation: str = "sum",
	filters: str | dict | None = None,
) -> dict:
	"""In place of frappe.utils.goal.get_monthly_goal_graph_data: figures by month, of ours for managers, who see all calls."""
	if is_ours(goal_doctype) and not is_manager():
		refuse(goal_doctype)
	return frappes_own(
		"frappe.utils.goal.get_monthly_goal_graph_data",
		title=title,
		doctype=doctype,
		docname=docname,
		goal_value_field=goal_value_field,
		goal_total_field=goal_total_field,
		goal_history_field=goal_history_field,
		goal_doctype=goal_doctype,
		goal_doctype_link=goal_doctype_link,
		goal_field=goal_field,
		date_field=date_field,
		aggregation=aggregation,
		filters=filters,
	)


@frappe.whitelist(allow_guest=True, methods=["GET", "POST"])
def web_form_options(
	web_form_name: str, doctype: str, allow_read_on_all_link_options: bool | int | str = False
) -> str:
	"""In place of frappe.website.doctype.web_form.web_form.get_link_options, which guests may ask; nothing of ours belongs
	on a web form."""
	if is_ours(doctype):
		refuse(doctype)
	return frappes_own(
		"frappe.website.doctype.web_form.web_form.get_link_options",
		web_form_name=web_form_name,
		doctype=doctype,
		allow_read_on_all_link_options=allow_read_on_all_link_options,
	)
