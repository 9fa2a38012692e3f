"""How much of a transcript has been edited."""

import frappe


def summary(recording: str) -> dict:
	"""-> {"count": how many edits there were, "segments": names of the utterances that hold some}"""
	segment = frappe.qb.DocType("Transcript Segment")
	edited = (
		frappe.qb.from_(segment)
		.select(segment.name)
		.where(segment.recording == recording)
		.where((segment.text_edited == 1) | (segment.speaker_edited == 1) | (segment.limits_edited == 1))
		.orderby(segment.position)
	).run(pluck=True)
	return {"count": frappe.db.count("Transcript Edit", {"recording": recording}), "segments": edited}
