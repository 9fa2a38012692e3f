"""What link fields and search boxes find of ours, and what can be counted."""

import frappe
from frappe import _
from frappe.client import get_count
from frappe.utils import cint

from call_intelligence.compat import count_as

MODULE = "Call Intelligence"
# where Frappe keeps copies of what our documents say
COPIES = ("Version", "Deleted Document", "Notification Log", "Email Queue", "Comment", "File", "DocShare")
SEARCHED = ("Data", "Link", "Select", "Small Text", "Long Text")


@frappe.whitelist(methods=["GET"])
def records(
	doctype: str,
	txt: str,
	searchfield: str = "name",
	start: int = 0,
	page_length: int = 10,
	filters: str | dict | list | None = None,
	as_dict: bool = False,
) -> list:
	"""Hook standard_queries: records of a DocType of ours by name or search field, none but those the user may read.

	-> [[name, search field ...]], or dicts
	"""
	meta = frappe.get_meta(doctype)
	if meta.module != MODULE or meta.istable:
		frappe.throw(_("Records of {0} cannot be searched here.").format(_(doctype)), frappe.PermissionError)
	if not frappe.has_permission(doctype):
		# to raise here makes Frappe 15.0.0-dev answer with an error of its own
		return []
	fields = list(dict.fromkeys(["name", *meta.get_search_fields()]))
	searched = [field for field in fields if field == "name" or meta.get_field(field).fieldtype in SEARCHED]
	return frappe.get_list(
		doctype,
		fields=fields,
		filters=frappe.parse_json(filters),
		or_filters=[[doctype, field, "like", f"%{txt}%"] for field in searched] if txt else None,
		limit_start=start,
		limit_page_length=page_length,
		as_list=not as_dict,
	)


@frappe.whitelist(methods=["GET", "POST"])
def count(
	doctype: str,
	filters: str | dict | list | None = None,
	debug: bool | int | str = False,
	cache: bool | int | str = False,
) -> int:
	"""Hook override_whitelisted_methods, in place of frappe.client.get_count: how many documents match the filters.

	Of ours, and of Frappe's own that hold copies of them, only those are counted that the user may read; of all others as ever.
	"""
	meta = frappe.get_meta(doctype)
	if meta.module != MODULE and doctype not in COPIES:
		return get_count(doctype, filters, cint(debug), cint(cache))
	found = frappe.get_list(
		doctype,
		fields=[count_as("number")],
		filters=frappe.parse_json(filters),
		parent_doctype=parent_of(doctype) if meta.istable else None,
		order_by=None,
	)
	return cint(found[0].number) if found else 0


def parent_of(doctype: str) -> str | None:
	"""The DocType whose documents hold the rows of a child table."""
	return frappe.db.get_value("DocField", {"fieldtype": "Table", "options": doctype}, "parent")
