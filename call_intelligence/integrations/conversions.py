"""Records that leads are converted to: deals and customers. The lead stays, and its calls with it."""

import frappe

from call_intelligence.integrations import crm, erpnext
from call_intelligence.integrations.registry import association_doctypes, is_installed

CONVERTED = {**crm.CONVERTED, **erpnext.CONVERTED}
# of one DocType, that one lead became
MOST_RECORDS = 20


def lead_of(doc) -> tuple[str, str] | None:
	"""(DocType, name) of the lead that the document was made from"""
	if doc.doctype not in CONVERTED or doc.doctype not in association_doctypes():
		return None
	lead_doctype, field, only = CONVERTED[doc.doctype]
	if only and doc.get(only[0]) != only[1]:
		return None
	name = doc.get(field)
	return (lead_doctype, str(name)) if name and is_installed(lead_doctype) else None


def made_from(lead_doctype: str, lead: str) -> list[tuple[str, str]]:
	"""[(DocType, name)] of the records that the lead was converted to, the oldest first; at most MOST_RECORDS of each DocType"""
	found = []
	for doctype, (of_doctype, field, only) in CONVERTED.items():
		if of_doctype != lead_doctype or doctype not in association_doctypes():
			continue
		if not frappe.get_meta(doctype).has_field(field):
			continue
		filters = {field: lead, **({only[0]: only[1]} if only else {})}
		names = frappe.get_all(
			doctype, filters=filters, pluck="name", order_by="creation", limit=MOST_RECORDS
		)
		found += [(doctype, str(name)) for name in names]
	return found
