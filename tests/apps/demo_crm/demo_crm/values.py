"""Values of the lists, as Frappe CRM adds them when it is installed."""

import frappe

DEAL_STATUSES = {
	"Qualification": "Open",
	"Demo/Making": "Ongoing",
	"Proposal/Quotation": "Ongoing",
	"Negotiation": "Ongoing",
	"Ready to Close": "Ongoing",
	"Won": "Won",
	"Lost": "Lost",
}
LEAD_STATUSES = ("New", "Contacted", "Nurture", "Qualified", "Unqualified", "Junk")
INDUSTRIES = ("Agriculture", "Manufacturing", "Software", "Transportation")


def add() -> None:
	for name, kind in DEAL_STATUSES.items():
		put("CRM Deal Status", deal_status=name, type=kind)
	for name in LEAD_STATUSES:
		put("CRM Lead Status", lead_status=name)
	for name in INDUSTRIES:
		put("CRM Industry", industry=name)


def put(doctype: str, **values: str) -> None:
	if not frappe.db.exists(doctype, next(iter(values.values()))):
		frappe.get_doc({"doctype": doctype, **values}).insert()
