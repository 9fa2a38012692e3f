"""Frappe's functions whose answers differ between versions."""

import inspect

import frappe
from frappe.desk import search
from frappe.desk.form import linked_with
from frappe.model import delete_doc

LINKED = "frappe.desk.form.linked_with.get"
# from 15.55 on, as a whole, to users who may not read one of the linking DocTypes
LINKED_WITH_REFUSES = "get_list" in inspect.getsource(linked_with.get_linked_docs)

# from 15.55 on, before the hooks of the document's app run: our order of locks begins after it
DELETION_LOCKS_FIRST = "wait=False" in inspect.getsource(delete_doc.delete_doc)


def link_search(doctype: str, text: str, **options) -> list:
	"""Rows of a link field's search: 15.0.0-dev puts them into the response, later versions return them"""
	frappe.local.response = frappe._dict()
	found = search.search_widget(doctype, text, ignore_user_permissions=1, **options)
	return list(frappe.local.response.get("values") or found or [])


def linked_documents(ask, doctype: str, name: str) -> dict | None:
	"""{DocType: [documents that link to this one]}; None where this version refuses"""
	try:
		return ask(LINKED, doctype=doctype, docname=name)
	except frappe.PermissionError:
		if not LINKED_WITH_REFUSES:
			raise
		return None
