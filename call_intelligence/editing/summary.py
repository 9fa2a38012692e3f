"""How much of a transcript has been edited."""

import frappe
from frappe.query_builder.functions import Count


def summary_of_edits(recording: str, lock: bool = False) -> dict:
	"""-> {"count": how many edits there were, "segments": names of the utterances that hold some}

	lock: as things are now, not as they were when the transaction began
	"""
	segment, edit = frappe.qb.DocType("Transcript Segment"), frappe.qb.DocType("Transcript Edit")
	edited = (
		frappe.qb.from_(segment)
		.select(segment.name)
		.where(segment.recording == recording)
		.where((segment.text_edited == 1) | (segment.speaker_edited == 1) | (segment.limits_edited == 1))
		.orderby(segment.position)
	)
	count = frappe.qb.from_(edit).select(Count("*")).where(edit.recording == recording)
	if lock:
		edited, count = edited.for_update(), count.for_update()
	return {"count": count.run()[0][0], "segments": edited.run(pluck=True)}
