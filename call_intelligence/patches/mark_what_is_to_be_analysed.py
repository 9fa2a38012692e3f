"""Fills the indexed field that marks recordings whose figures are older than their transcript: comparing columns reads all rows."""

import frappe


def execute() -> None:
	recording = frappe.qb.DocType("Call Recording")
	behind = recording.transcript_version > recording.analysed_version
	frappe.qb.update(recording).set(recording.analysis_due, 1).where(behind).run()
