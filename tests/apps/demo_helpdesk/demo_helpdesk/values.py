"""Values of the lists, as Helpdesk adds them when it is installed."""

import frappe

STATUSES = {"Open": "Open", "Replied": "Paused", "Resolved": "Resolved", "Closed": "Resolved"}
PRIORITIES = ("Low", "Medium", "High", "Urgent")


def add() -> None:
	for name, category in STATUSES.items():
		if not frappe.db.exists("HD Ticket Status", name):
			frappe.get_doc(
				{"doctype": "HD Ticket Status", "label_agent": name, "category": category}
			).insert()
	for name in PRIORITIES:
		if not frappe.db.exists("HD Ticket Priority", name):
			frappe.get_doc({"doctype": "HD Ticket Priority", "name": name}).insert()
