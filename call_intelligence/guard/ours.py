"""The DocTypes that follow the rules of calls: all of the module, with names compared as the database does."""

import unicodedata

import frappe

MODULE = "Call Intelligence"


def doctypes() -> dict[str, str]:
	"""{name as the database compares it: DocType}; read once for each request or job."""
	found = getattr(frappe.local, "call_intelligence_doctypes", None)
	if not found:
		names = frappe.get_all("DocType", filters={"module": MODULE}, pluck="name", order_by="name")
		found = frappe.local.call_intelligence_doctypes = {as_compared(name): name for name in names}
	return found


def our_doctype(doctype) -> str | None:
	"""The DocType of ours that the database finds by this name; None for DocTypes of others.

	To MariaDB "call ", "CALL" and "Cáll" are the same name, and Frappe looks up documents there.
	"""
	return doctypes().get(as_compared(doctype)) if doctype else None


def as_compared(name) -> str:
	"""The same for all names that MariaDB's collation takes for equal: without case, accents, spaces and punctuation."""
	letters = unicodedata.normalize("NFKD", str(name)).casefold()
	return "".join(letter for letter in letters if letter.isalnum())
