"""Recordings whose figures are older than their transcript are found by an indexed field, in place of comparing two columns of all."""

import frappe


def execute() -> None:
	recording = frappe.qb.DocType("Call Recording")
	behind = recording.transcript_version > recording.analysed_version
	frappe.qb.update(recording).set(recording.analysis_due, 1).where(behind).run()
