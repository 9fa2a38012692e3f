"""An edit of one call's transcript: locks it, checks it against the version that the editor saw, writes it with its history."""

import json

import frappe
from frappe import _

from call_intelligence.core import live
from call_intelligence.core.plain import plain
from call_intelligence.editing import voices
from call_intelligence.editing.rows import ROW
from call_intelligence.editing.summary import summary_of_edits
from call_intelligence.queue import enqueue
from call_intelligence.transcript import UNKNOWN_SPEAKER, recording_of, speaker_name, speakers, table, version
from call_intelligence.transcript.table import FLAGS

EVENT = "call_intelligence_transcript"


class EditConflict(frappe.ValidationError):
	"""Another user or a run was first: nothing has been overwritten."""

	http_status_code = 409


class Editing:
	"""Locks the recording against other edits and new runs until the transaction ends."""

	def __init__(self, call: str):
		self.call = call
		self.form_changed = False
		recording = recording_of(call)
		if not recording:
			frappe.throw(_("This call has no recording."))
		self.recording = recording
		# first without a lock: a worker that is processing holds one, and waits for ours when it writes
		self.refuse_while_processed(lock=False)
		frappe.db.get_value("Call Recording", self.recording, "name", for_update=True)
		self.refuse_while_processed(lock=True)
		self.was = version(self.recording, lock=True)

	def refuse_while_processed(self, lock: bool) -> None:
		if frappe.db.exists("Processing Run", {"recording": self.recording}) and frappe.db.get_value(
			"Processing Run",
			{"recording": self.recording, "status": ["in", enqueue.ACTIVE]},
			for_update=lock,
		):
			frappe.throw(
				_(
					"This call is being processed. You can edit its transcript as soon as that is finished; nothing was changed."
				),
				EditConflict,
			)

	# ---- reading

	def row(self, segment: str) -> dict:
		found = table.read_rows(self.recording, lambda t: t.name == segment)
		if not found:
			frappe.throw(
				_(
					"This utterance no longer exists: somebody has split or merged it or processed the call meanwhile."
				),
				EditConflict,
			)
		return found[0]

	def expect(self, now: str, before: str | None) -> None:
		"""before: what the editor saw; None skips the check."""
		if before is not None and " ".join(plain(now).split()) != " ".join(plain(before).split()):
			frappe.throw(
				_("Somebody else has changed this meanwhile. It now reads: {0}").format(
					frappe.utils.escape_html(now)
				),
				EditConflict,
			)

	def next_row(self, row: dict) -> dict | None:
		"""The next utterance on the same channel, even if there are others between them on another channel"""
		found = table.following(self.recording, row)
		return table.read_rows(self.recording, lambda t: t.name == found)[0] if found else None

	def voices(self) -> list[str]:
		"""Keys of the voices that an utterance may be given to"""
		told = [row.speaker_key for row in voices.participants(self.call) if row.speaker_key]
		return [*told, *(table.speaker_keys(self.recording) - {*told, UNKNOWN_SPEAKER})]

	def name_of(self, key: str) -> str:
		row = voices.voice(self.call, key)
		return speaker_name(key, row.display_name if row else None)

	# ---- writing

	def replace(
		self, action: str, before: list[dict], after: list[dict], restores: str | None = None
	) -> dict:
		"""Replace rows with others and add the edit to the history. -> as `done`"""
		names_before = {row["name"] for row in before}
		names_after = {row["name"] for row in after}
		old_speakers = {row["speaker"]: self.name_of(row["speaker"]) for row in before}
		for row in sorted(before, key=lambda row: -row["position"]):
			if row["name"] not in names_after:
				table.remove(self.recording, row)
		for row in after:
			if row["name"] in names_before:
				table.update(row)
			else:
				table.place(self.call, self.recording, row)
		for row in after:
			voices.add(self.call, row["speaker"])
		edit = self.log(
			action,
			after[0],
			[snapshot(row, old_speakers[row["speaker"]]) for row in before],
			[snapshot(row, self.name_of(row["speaker"])) for row in after],
			restores,
		)
		if sorted(row["speaker"] for row in before) != sorted(row["speaker"] for row in after):
			voices.refresh_talk(self.call, self.recording)
		written = table.read_rows(self.recording, lambda t: t.name.isin(list(names_after)))
		return self.done(
			edit,
			removed=sorted(names_before - names_after),
			segments=[[row["position"], compact(row)] for row in written],
		)

	def log(self, action: str, at: dict, before, after, restores: str | None = None) -> str:
		return (
			frappe.get_doc(
				{
					"doctype": "Transcript Edit",
					"call": self.call,
					"recording": self.recording,
					"action": action,
					"segment": at.get("name"),
					"start_seconds": at.get("start"),
					"end_seconds": at.get("end"),
					"restores": restores,
					"before": json.dumps(before, ensure_ascii=False),
					"after": json.dumps(after, ensure_ascii=False),
				}
			)
			.insert(ignore_permissions=True)
			.name
		)

	def done(self, edit: str, **change) -> dict:
		"""Finish the edit and notify other screens. -> as api/transcript.py documents"""
		table.bump_version(self.recording)
		now = version(self.recording, lock=True)
		enqueue.analyse(self.recording)
		frappe.clear_document_cache("Call", self.call)
		live.tell_of_call(
			EVENT, {"call": self.call, "transcript_version": now, "form": self.form_changed}, self.call
		)
		return {**self.state(), "edit": edit, "transcript_version": now, **change}

	def unchanged(self) -> dict:
		"""Return value of `done` for a request that changes nothing"""
		return {
			**self.state(),
			"edit": None,
			"transcript_version": self.was,
			"removed": [],
			"segments": [],
		}

	def state(self) -> dict:
		return {
			"was": self.was,
			"speakers": speakers(self.call, lock=True),
			"edits": summary_of_edits(self.recording, lock=True),
			"form": self.form_changed,
		}

	def touch(self) -> None:
		"""Mark the Call as changed, so that an open form can't overwrite the changed participants."""
		frappe.db.set_value("Call", self.call, "modified", frappe.utils.now())
		self.form_changed = True


def snapshot(row: dict, speaker: str) -> dict:
	"""A row as stored in the history, with the name that its speaker had"""
	return {key: row.get(key) for key in (*ROW, *FLAGS)} | {"speaker_name": speaker}


def compact(row: dict) -> list:
	"""The same format as transcript.segments"""
	told = [
		row["name"],
		row["start"],
		row["end"],
		row["speaker"] or UNKNOWN_SPEAKER,
		row["text"],
		row["words"],
	]
	if row["language"]:
		return [*told, row["channel"], row["language"]]
	return [*told, row["channel"]] if row["channel"] else told
