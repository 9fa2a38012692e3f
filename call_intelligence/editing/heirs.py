"""Finds the voice that another one has been merged into since an edit was made."""

import json

import frappe
from frappe import _

from call_intelligence.editing.session import EditConflict, Editing
from call_intelligence.transcript import UNKNOWN_SPEAKER


class Heirs:
	def __init__(self, editing: Editing, since):
		self.keys = {*editing.voices(), UNKNOWN_SPEAKER}
		self.merges = merges_since(editing.recording, since)

	def of(self, key: str) -> str:
		"""The key of the voice that `key` was merged into; `key` itself if it wasn't merged or is a voice of the call again."""
		for was, becomes in self.merges:
			if was["speaker"] == key and key not in self.keys:
				key = becomes["speaker"]
		return key

	def give(self, row: dict) -> dict:
		"""The old row with a speaker who is in the transcript now. Raises EditConflict if there is none."""
		heir = self.of(row["speaker"])
		if heir == row["speaker"]:
			# the voice exists, or had only lost its last utterance
			return row
		if heir not in self.keys:
			frappe.throw(_("This speaker is no longer in the transcript."), EditConflict)
		# if the turns record the merge, the speaker counts as found; else as set by hand
		remembered = any(was["speaker"] == row["speaker"] and was["turns"] for was, _becomes in self.merges)
		return {**row, "speaker": heir, "speaker_edited": row["speaker_edited"] if remembered else 1}


def merges_since(recording: str, since) -> list[tuple[dict, dict]]:
	"""[(before, after)] of the merges of speakers that were not undone, the oldest first; a locking read (see table.read_rows)"""
	edit = frappe.qb.DocType("Transcript Edit")
	found = (
		frappe.qb.from_(edit)
		.select(edit.name, edit.restores, edit.before, edit.after)
		.where((edit.recording == recording) & (edit.action == "Merge speakers"))
		.where(edit.creation > since)
		.orderby(edit.creation)
		.for_update()
	).run(as_dict=True)
	taken_back = {row.restores for row in found}
	return [
		(json.loads(row.before), json.loads(row.after))
		for row in found
		if not row.restores and row.name not in taken_back
	]
