"""Search in link fields, and counts, of our DocTypes."""

import frappe
from frappe import _
from frappe.utils import cint

from call_intelligence.api.arguments import AS_FRAPPE, checked
from call_intelligence.api.overrides import frappes_own
from call_intelligence.compat import count_as
from call_intelligence.permissions import is_desk_user
from call_intelligence.queries import known

MODULE = "Call Intelligence"
SEARCHED = ("Data", "Link", "Select", "Small Text", "Long Text")
MOST_FOUND = 100


@frappe.whitelist(methods=["GET"])
@checked(stands_in=True, filters=AS_FRAPPE)
def records(
	doctype: str,
	txt: str,
	searchfield: str = "name",
	start: int = 0,
	page_length: int = 10,
	filters: str | dict | list | None = None,
	as_dict: bool = False,
) -> list:
	"""Hook standard_queries: records of a DocType of ours that the user may read, by name or search field.

	-> [[name, search field ...]], or dicts
	"""
	doctype = known.doctype(doctype)
	meta = frappe.get_meta(doctype)
	if meta.module != MODULE or meta.istable:
		frappe.throw(_("Records of {0} cannot be searched here.").format(_(doctype)), frappe.PermissionError)
	if not is_desk_user(frappe.session.user) or not frappe.has_permission(doctype):
		# after an exception here Frappe 15.0.0-dev would answer with another error
		return []
	fields = list(dict.fromkeys(["name", *meta.get_search_fields()]))
	searched = [field for field in fields if field == "name" or meta.get_field(field).fieldtype in SEARCHED]
	return frappe.get_list(
		doctype,
		fields=fields,
		filters=known.filters(doctype, filters),
		or_filters=[[doctype, field, "like", f"%{txt}%"] for field in searched] if txt else None,
		limit_start=cint(start),
		limit_page_length=min(cint(page_length) or MOST_FOUND, MOST_FOUND),
		as_list=not as_dict,
	)


@frappe.whitelist(methods=["GET", "POST"])
@checked(stands_in=True, filters=AS_FRAPPE)
def count(
	doctype: str,
	filters: str | dict | list | None = None,
	debug: bool | int | str | None = None,
	cache: bool | int | str | None = None,
	**others: object,
) -> int:
	"""Hook override_whitelisted_methods, in place of frappe.client.get_count: how many documents match the filters.

	Of our documents, and of Frappe's tables that hold copies of them, only those that the user may read are counted.
	"""
	doctype = known.doctype(doctype)
	meta = frappe.get_meta(doctype)
	if meta.module != MODULE and doctype not in ruled():
		return frappes_own(
			"frappe.client.get_count", doctype=doctype, filters=filters, debug=debug, cache=cache, **others
		)
	parent = parent_of(doctype) if meta.istable else None
	if not frappe.has_permission(doctype, parent_doctype=parent):
		frappe.throw(_("You may not read {0} in this way.").format(_(doctype)), frappe.PermissionError)
	found = frappe.get_list(
		doctype,
		fields=[count_as("number")],
		filters=known.filters(doctype, filters, parent),
		parent_doctype=parent,
		order_by=None,
	)
	return cint(found[0].number) if found else 0


def ruled() -> dict:
	"""The DocTypes whose lists we narrow: ours, and Frappe's tables that hold copies of them."""
	return frappe.get_hooks("permission_query_conditions", app_name="call_intelligence")


def parent_of(doctype: str) -> str | None:
	"""The DocType whose documents hold the rows of a child table."""
	return frappe.db.get_value("DocField", {"fieldtype": "Table", "options": doctype}, "parent")
