"""Stores with each word whether a blank precedes it, which earlier versions did not, for languages without blanks."""

import json

import frappe

from call_intelligence.engine.spacing import WITHOUT_SPACES, found_in


def execute() -> None:
	recordings = frappe.get_all(
		"Call Recording", filters={"language": ["in", sorted(WITHOUT_SPACES)]}, pluck="name"
	)
	segment = frappe.qb.DocType("Transcript Segment")
	for recording in recordings:
		rows = (
			frappe.qb.from_(segment)
			.select(segment.name, segment.text, segment.words)
			.where(segment.recording == recording)
		).run(as_dict=True)
		for row in rows:
			words = json.dumps(found_in(row.text or "", json.loads(row.words or "[]")), ensure_ascii=False)
			if words != row.words:
				frappe.qb.update(segment).set(segment.words, words).where(segment.name == row.name).run()
