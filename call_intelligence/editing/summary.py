"""Summarises the edits of a transcript."""

import frappe
from frappe.query_builder.functions import Count

from call_intelligence.transcript.segments import edited


def summary_of_edits(recording: str, lock: bool = False) -> dict:
	"""-> {"count": number of edits, "segments": names of the edited utterances}

	lock: read the current state, not that of the transaction's snapshot
	"""
	edit = frappe.qb.DocType("Transcript Edit")
	count = frappe.qb.from_(edit).select(Count("*")).where(edit.recording == recording)
	rows = edited(recording, lock)
	return {"count": (count.for_update() if lock else count).run()[0][0], "segments": rows}
