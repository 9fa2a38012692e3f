"""Telling everybody who has a call open that something about it is different now; what, they ask for themselves."""

import frappe

EVENT = "call_intelligence_call"


def call_changed(call: str) -> None:
	"""Once the current transaction is committed. Without content: whoever hears it asks, and the rule of visibility answers."""
	frappe.publish_realtime(EVENT, {"call": call}, doctype="Call", docname=call, after_commit=True)
