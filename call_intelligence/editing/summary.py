"""How much of a transcript has been edited."""

import frappe
from frappe.query_builder.functions import Count

from call_intelligence.transcript.segments import edited


def summary_of_edits(recording: str, lock: bool = False) -> dict:
	"""-> {"count": how many edits there were, "segments": names of the utterances that hold some}

	lock: as things are now, not as they were when the transaction began
	"""
	edit = frappe.qb.DocType("Transcript Edit")
	count = frappe.qb.from_(edit).select(Count("*")).where(edit.recording == recording)
	rows = edited(recording, lock)
	return {"count": (count.for_update() if lock else count).run()[0][0], "segments": rows}
