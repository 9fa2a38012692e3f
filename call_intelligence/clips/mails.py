"""The e-mails about a clip in Frappe's queue: after the clip has ended none is sent, and their texts are removed."""

import frappe

QUEUE = "Email Queue"


def claim(clip: str, began: str) -> None:
	"""Link the e-mails that Frappe has queued in this transaction, since `began`, to the clip; Frappe itself does not.

	E-mails queued by other transactions since then are not visible in this one.
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
	"""Delete waiting e-mails, and the text of sent ones; one that is being sent can't be stopped."""
	about = {"reference_doctype": "Call Clip", "reference_name": clip}
	waiting = frappe.get_all(
		QUEUE, filters={**about, "status": ["not in", ("Sending", "Sent")]}, pluck="name"
	)
	if waiting:
		# Frappe allows deletion to the Administrator only
		frappe.db.delete(f"{QUEUE} Recipient", {"parenttype": QUEUE, "parent": ["in", waiting]})
		frappe.db.delete(QUEUE, {"name": ["in", waiting]})
	frappe.db.set_value(QUEUE, {**about, "status": "Sent"}, "message", "", update_modified=False)
