"""Telling everybody who has a call open that something about it is different now; what, they ask for themselves."""

import frappe
from frappe.realtime import get_doctype_room

EVENT = "call_intelligence_call"
LIST_EVENT = "call_intelligence_list"


def call_changed(call: str) -> None:
	"""Once the current transaction is committed. Without content: whoever hears it asks, and the rule of visibility answers."""
	frappe.publish_realtime(EVENT, {"call": call}, doctype="Call", docname=call, after_commit=True)


def list_changed(doctype: str) -> None:
	"""To everyone with a list of the DocType open, once the current transaction is committed.

	In place of Frappe's "list_update", which tells the name of the document and who has changed it, to people who may not see it too.
	"""
	frappe.publish_realtime(
		LIST_EVENT, {"doctype": doctype}, room=get_doctype_room(doctype), after_commit=True
	)


class ToldWithoutNames:
	"""Document whose changes are told to open forms, which Frappe lets people join who may read it, and to lists without its name."""

	def notify_update(self):
		if frappe.flags.in_patch:
			return
		frappe.publish_realtime(
			"doc_update",
			{"modified": self.modified, "doctype": self.doctype, "name": self.name},
			doctype=self.doctype,
			docname=self.name,
			after_commit=True,
		)
		list_changed(self.doctype)
