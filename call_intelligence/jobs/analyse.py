"""Updates the data derived from a transcript after an edit."""

import frappe

from call_intelligence.core import live
from call_intelligence.insights import analysis
from call_intelligence.people.automatic import recognise_participants
from call_intelligence.queue import enqueue

AT_ONCE = 5


def analyse(recording: str, user: str | None = None) -> None:
	"""Background job. It also handles edits made while it runs; the sweep picks up the rest."""
	if user:
		frappe.set_user(user)
	for _turn in range(AT_ONCE):
		# lock first, so that pending writes are committed before we read
		row = frappe.db.get_value(
			"Call Recording",
			recording,
			["call", "transcript_version", "analysed_version"],
			as_dict=True,
			for_update=True,
		)
		if not row or row.transcript_version <= row.analysed_version or is_being_processed(recording):
			return
		# recognition by elimination depends on the voices
		recognise_participants(row.call)
		analysis.store(row.call, recording)
		live.call_changed(row.call)
		frappe.db.commit()


def is_being_processed(recording: str) -> bool:
	"""Whether a run is active; its last stage does the same work."""
	return bool(
		frappe.db.exists("Processing Run", {"recording": recording, "status": ["in", enqueue.ACTIVE]})
	)
