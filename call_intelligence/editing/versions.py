"""The history of edits, and undoing them."""

import json

import frappe
from frappe import _
from frappe.utils import get_fullname

from call_intelligence.editing import edits, voices
from call_intelligence.editing.heirs import Heirs
from call_intelligence.editing.rows import ROW
from call_intelligence.editing.session import EditConflict, Editing
from call_intelligence.transcript import UNKNOWN_SPEAKER, participant_rows, speaker_name, speaker_names, table
from call_intelligence.transcript.segments import named
from call_intelligence.transcript.table import FLAGS

OF_ROWS = ("Text", "Speaker", "Split", "Merge")
OPPOSITE = {"Split": "Merge", "Merge": "Split"}
NEWEST = 500


def history(call: str) -> list[dict]:
	"""The newest first. -> [{"name", "action", "user", "user_name", "when", "at", "segment", "restores", "restored", "now",
	"before": [{"text", "speaker"}], "after": [{"text", "speaker"}]}]; text is None where only speakers were changed;
	now: what `restore` would replace, to be sent back as `seen`; None where no check is made
	"""
	found = frappe.get_all(
		"Transcript Edit",
		filters={"call": call},
		fields=[
			"name", "action", "owner", "creation", "start_seconds", "segment", "restores", "before", "after",
		],
		order_by="creation desc, name",
		limit=NEWEST,
	)  # fmt: skip
	restored = {row.restores for row in found if row.restores}
	now = present(call, {row.segment for row in found if row.action in ("Text", "Speaker")})
	return [
		{
			"name": row.name,
			"action": row.action,
			"user": row.owner,
			"user_name": get_fullname(row.owner),
			"when": row.creation,
			"at": row.start_seconds if row.action in OF_ROWS else None,
			"segment": row.segment,
			"restores": row.restores,
			"restored": row.name in restored,
			"now": now(row),
			"before": shown(row.before),
			"after": shown(row.after),
		}
		for row in found
	]


def present(call: str, segments: set[str]):
	"""-> now(edit): see history"""
	rows = named(segments)
	names = speaker_names(call)

	def now(edit) -> str | None:
		if edit.action == "Rename speaker":
			key = json.loads(edit.before)["speaker"]
			return names.get(key) or speaker_name(key)
		row = rows.get(edit.segment)
		if row and edit.action == "Text":
			return row.text
		if row and edit.action == "Speaker":
			return row.speaker_key or UNKNOWN_SPEAKER
		return None

	return now


def shown(snapshots: str) -> list[dict]:
	rows = json.loads(snapshots)
	return [
		{"text": row.get("text"), "speaker": row["speaker_name"]}
		for row in (rows if isinstance(rows, list) else [rows])
	]


def restore(call: str, edit: str, seen: str | None = None) -> dict:
	"""Undo an edit; this is an edit as well. -> as Editing.done

	seen: what the editor sees now (`now` of the history); None skips the check.
	"""
	editing = Editing(call)
	found = frappe.db.get_value(
		"Transcript Edit",
		{"name": edit, "recording": editing.recording},
		["name", "action", "before", "after", "creation"],
		as_dict=True,
	)
	if not found:
		frappe.throw(_("This version no longer exists."))
	if found.action != "Text":
		refuse_if_processed_since(editing, found.creation)
	before, after = json.loads(found.before), json.loads(found.after)
	if found.action in OF_ROWS:
		return restore_rows(editing, found, before, after, seen)
	if found.action == "Rename speaker":
		return restore_name(editing, before, edit, seen)
	if "segments" not in before:
		# undo of an undone merge: merge again
		return edits.merge_speakers(call, after["speaker"], before["speaker"])
	return restore_merged_speaker(editing, before, after, edit)


def refuse_if_processed_since(editing: Editing, when) -> None:
	"""Raise if a run has ended since then, because S1 or S2 may now be another voice."""
	later = {"recording": editing.recording, "finished_at": [">", when]}
	if frappe.db.get_value("Processing Run", later, for_update=True):
		frappe.throw(
			_("The call has been processed again since then, so this can't be restored automatically."),
			EditConflict,
		)


def restore_rows(editing: Editing, edit: frappe._dict, before: list, after: list, seen: str | None) -> dict:
	now = {row["name"]: row for row in table.read_rows(editing.recording)}
	heirs = Heirs(editing, edit.creation)
	whole = edit.action in OPPOSITE
	for row in after:
		there = now.get(row["name"])
		intact = there is not None and (there["start"], there["end"]) == (row["start"], row["end"])
		if whole and there and intact:
			# restoring would overwrite newer changes
			speakers = (row["speaker"], heirs.of(row["speaker"]))
			intact = there["text"] == row["text"] and there["speaker"] in speakers
		if not intact:
			frappe.throw(
				_("This utterance has been changed since then. Undo the newer changes first."),
				EditConflict,
			)
	if whole:
		# Split and Merge: restore the whole rows
		names = [row["name"] for row in after]
		rows = [heirs.give({**now.get(row["name"], {}), **only(row, (*ROW, *FLAGS))}) for row in before]
		return editing.replace(OPPOSITE[edit.action], [now[name] for name in names], rows, edit.name)
	there = now[after[0]["name"]]
	if edit.action == "Text":
		becomes = {**there, **only(before[0], ("text", "words", "confidence", "text_edited"))}
	else:
		becomes = heirs.give({**there, **only(before[0], ("speaker", "speaker_edited"))})
	if becomes == there:
		return editing.unchanged()
	if edit.action == "Text":
		editing.expect(there["text"], seen)
	elif seen is not None and seen != there["speaker"]:
		editing.expect(editing.name_of(there["speaker"]), "")
	return editing.replace(edit.action, [there], [becomes], edit.name)


def only(snapshot: dict, fields) -> dict:
	return {field: snapshot[field] for field in fields}


def restore_name(editing: Editing, before: dict, edit: str, seen: str | None) -> dict:
	if before["speaker"] not in editing.voices():
		frappe.throw(_("This speaker is no longer in the transcript."), EditConflict)
	known = voices.voice(editing.call, before["speaker"])
	if known and (known.display_name or "") == (before["name"] or ""):
		return editing.unchanged()
	editing.expect(editing.name_of(before["speaker"]), seen)
	return edits.write_name(editing, before["speaker"], before["name"] or "", edit)


def restore_merged_speaker(editing: Editing, before: dict, after: dict, edit: str) -> dict:
	"""Separate two merged speakers. Utterances given to another speaker meanwhile stay with them."""
	key, into = before["speaker"], after["speaker"]
	shown_before = editing.name_of(into)
	said = table.read_rows(editing.recording, lambda t: t.speaker_key == into)
	mine = [row["name"] for row in said if row["name"] in before["segments"]]
	if not mine:
		frappe.throw(_("None of these utterances exist any more."), EditConflict)
	for by_hand in (0, 1):
		table.give([name for name in mine if before["segments"][name] == by_hand], key, by_hand)
	turns = voices.turns_of(editing.recording)
	for turn in turns:
		if turn["speaker"] == into and turn.get("was") in before["turns"]:
			turn["speaker"] = key
			if turn["was"] == key:
				del turn["was"]
	voices.write_turns(editing.recording, turns)
	bring_back_person(editing, key, into, before)
	voices.refresh_talk(editing.call, editing.recording)
	editing.touch()
	becomes = {"speaker": key, "speaker_name": editing.name_of(key)}
	was = {"speaker": into, "speaker_name": shown_before}
	return editing.done(editing.log("Merge speakers", {}, was, becomes, edit))


def bring_back_person(editing: Editing, key: str, into: str, before: dict) -> None:
	person = before["participant"]
	if not person:
		return voices.add(editing.call, key)
	silent = [
		row.name
		for row in voices.participants(editing.call)
		if row.name == person["name"] and not row.speaker_key
	]
	if silent:
		participant_rows.update(silent[0], {"speaker_key": key})
		return
	# edits made by older versions of the app lack newer fields
	about = only(person, [field for field in voices.ABOUT_A_PERSON if field in person])
	heir = voices.voice(editing.call, into)
	# move the person's data back from the other voice, unless it has been changed since
	if heir and only(heir, about) == about:
		participant_rows.update(heir.name, before["heir"])
	voices.add(editing.call, key, **about)
