"""The DocTypes that follow the rules of calls: all of the module, with names compared as the database does."""

import unicodedata

import frappe

MODULE = "Call Intelligence"


def doctypes() -> dict[str, str]:
	"""{folded name: DocType}, see `folded`; read once for each request or job."""
	found = getattr(frappe.local, "call_intelligence_doctypes", None)
	if not found:
		names = frappe.get_all("DocType", filters={"module": MODULE}, pluck="name", order_by="name")
		found = frappe.local.call_intelligence_doctypes = {folded(name): name for name in names}
	return found


def our_doctype(doctype) -> str | None:
	"""The DocType of ours that the database finds by this name; None for DocTypes of others.

	To MariaDB "call ", "CALL" and "Cáll" are the same name, and Frappe looks up documents there.
	"""
	return doctypes().get(folded(doctype)) if doctype else None


def folded(name) -> str:
	letters = unicodedata.normalize("NFKD", str(name)).casefold()
	return "".join(letter for letter in letters if letter.isalnum())
