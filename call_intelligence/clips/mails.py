"""The e-mails that tell of a clip, in Frappe's queue: once the clip has ended, none is sent any more, and their words do not stay."""

import frappe

QUEUE = "Email Queue"


def claim(clip: str, began: str) -> None:
	"""Frappe has queued them in this transaction, since `began`, and says nowhere what they are about: it is written down here.

	What others have queued since then is not seen from within this transaction.
	"""
	mails = frappe.get_all(
		QUEUE,
		filters={
			"creation": [">=", began],
			"reference_doctype": ["is", "not set"],
			"owner": frappe.session.user,
		},
		pluck="name",
	)
	if mails:
		about = {"reference_doctype": "Call Clip", "reference_name": clip}
		frappe.db.set_value(QUEUE, {"name": ["in", mails]}, about, update_modified=False)


def take_back(clip: str) -> None:
	"""Those that wait are not sent, and of those that were the text goes; one that leaves at this very moment does."""
	about = {"reference_doctype": "Call Clip", "reference_name": clip}
	waiting = frappe.get_all(
		QUEUE, filters={**about, "status": ["not in", ("Sending", "Sent")]}, pluck="name"
	)
	if waiting:
		# Frappe's own deletion is for the Administrator alone
		frappe.db.delete(f"{QUEUE} Recipient", {"parenttype": QUEUE, "parent": ["in", waiting]})
		frappe.db.delete(QUEUE, {"name": ["in", waiting]})
	frappe.db.set_value(QUEUE, {**about, "status": "Sent"}, "message", "", update_modified=False)
