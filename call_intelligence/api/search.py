"""What link fields and search boxes find of ours."""

import frappe
from frappe import _

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
	if meta.module != "Call Intelligence" or meta.istable:
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
