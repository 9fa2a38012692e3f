"""Records that leads are converted to: deals and customers. The lead stays, and its calls with it."""

import frappe

from call_intelligence.integrations import crm, erpnext
from call_intelligence.integrations.objects import Conversion
from call_intelligence.integrations.registry import association_doctypes, is_installed

CONVERTED: dict[str, Conversion] = {**crm.CONVERTED, **erpnext.CONVERTED}
# of one DocType, that one lead became
MOST_RECORDS = 20


def lead_of(doc) -> tuple[str, str] | None:
	"""(DocType, name) of the lead that the document was made from"""
	known = CONVERTED.get(doc.doctype)
	if not known or not {doc.doctype, known.lead_doctype} <= set(association_doctypes()):
		return None
	if known.only and doc.get(known.only[0]) != known.only[1]:
		return None
	name = doc.get(known.field)
	return (known.lead_doctype, str(name)) if name and is_converted(known, str(name)) else None


def made_from(doctype: str, lead: str) -> list[tuple[str, str]]:
	"""[(DocType, name)] of the records that the lead was converted to, the oldest first; at most MOST_RECORDS of each DocType"""
	possible, found = association_doctypes(), []
	for record_doctype, known in CONVERTED.items():
		if known.lead_doctype != doctype or not {record_doctype, doctype} <= set(possible):
			continue
		# first, as it reads one row, and there may be many deals
		if not is_converted(known, lead) or not frappe.get_meta(record_doctype).has_field(known.field):
			continue
		filters = {known.field: lead, **dict([known.only] if known.only else [])}
		names = frappe.get_all(
			record_doctype, filters=filters, pluck="name", order_by="creation", limit=MOST_RECORDS
		)
		found += [(record_doctype, str(name)) for name in names]
	return found


def index_leads() -> None:
	"""Index the fields that `made_from` searches: the apps don't, and it would read all deals. The indexes stay after an uninstall."""
	for doctype, known in CONVERTED.items():
		if is_installed(doctype) and frappe.get_meta(doctype).has_field(known.field):
			# Frappe's migration drops an index of a single column
			frappe.db.add_index(doctype, [known.field, "creation"])


def is_converted(known: Conversion, lead: str) -> bool:
	return not known.converted or bool(frappe.db.get_value(known.lead_doctype, lead, known.converted))
