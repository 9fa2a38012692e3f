"""What has come in from a Recording Source, for tests"""

import frappe


def arrivals(source: str) -> list:
	frappe.db.rollback()
	fields = ["name", "status", "call", "error", "copies", "attempts", "next_attempt_at", "arrival"]
	return frappe.get_all("Source Delivery", {"source": source}, fields, order_by="creation, name")
