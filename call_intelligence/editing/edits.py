"""The edits of a transcript. Each function is one atomic edit and returns the result of Editing.done."""

import frappe
from frappe import _

from call_intelligence.core.plain import plain, without_brackets
from call_intelligence.editing import rows, voices, wording
from call_intelligence.editing.session import EditConflict, Editing
from call_intelligence.editing.voice_names import free_key
from call_intelligence.statistics.fields import VOICE_FIELDS
from call_intelligence.transcript import UNKNOWN_SPEAKER, participant_rows
from call_intelligence.transcript.table import give, read_rows

LONGEST_TEXT = 10_000
LONGEST_NAME = 140
# of a merged utterance
LONGEST_MERGED = 30_000
NEW_SPEAKER = "new"


def correct_text(call: str, segment: str, text: str, before: str | None = None) -> dict:
	editing = Editing(call)
	row = editing.row(segment)
	text = without_brackets(wording.clean(text))
	if not text:
		frappe.throw(
			_("An utterance cannot be empty. To take words away, merge it with its neighbour first.")
		)
	if len(text) > LONGEST_TEXT:
		frappe.throw(
			_("This text is too long for one utterance: {0} characters, where {1} are possible.").format(
				len(text), LONGEST_TEXT
			)
		)
	# a repeated request, whose first answer was lost: nothing to do
	if text == wording.clean(row["text"]):
		return editing.unchanged()
	editing.expect(row["text"], before)
	return editing.replace("Text", [row], [rows.corrected(row, text)])


def set_speaker(call: str, segment: str, speaker: str, before: str | None = None) -> dict:
	"""speaker: the key of a voice of the call, "unknown", or "new" for a voice that was missed"""
	editing = Editing(call)
	row = editing.row(segment)
	keys = editing.voices()
	if speaker == NEW_SPEAKER:
		turns = voices.turns_of(editing.recording)
		speaker = free_key(
			[*keys, *(turn["speaker"] for turn in turns), *(turn.get("was") for turn in turns)]
		)
	elif speaker not in (*keys, UNKNOWN_SPEAKER):
		frappe.throw(_("This call has no speaker {0}.").format(frappe.utils.escape_html(speaker)))
	if speaker == row["speaker"]:
		return editing.unchanged()
	if before is not None and before != row["speaker"]:
		editing.expect(editing.name_of(row["speaker"]), "")
	return editing.replace("Speaker", [row], [{**row, "speaker": speaker, "speaker_edited": 1}])


def split(call: str, segment: str, word: int, before: str | None = None) -> dict:
	"""Split before word number `word` (the first is 0)."""
	editing = Editing(call)
	row = editing.row(segment)
	editing.expect(row["text"], before)
	if not 0 < word < len(row["words"]):
		frappe.throw(_("An utterance is split between two of its words: place the cursor between them."))
	parts = rows.split(row, word, frappe.generate_hash(length=10))
	return editing.replace("Split", [row], parts)


def merge(call: str, segment: str, following: str | None = None) -> dict:
	"""Merge with the next utterance on the same channel; following: name of the utterance that the editor sees as the next one"""
	editing = Editing(call)
	row = editing.row(segment)
	other = editing.next_row(row)
	if following and (not other or other["name"] != following):
		if editing.row(following)["channel"] != row["channel"]:
			frappe.throw(_("These two were recorded on different channels, so they cannot be one utterance."))
		frappe.throw(
			_("Somebody else has changed the utterances here meanwhile; nothing was merged."), EditConflict
		)
	if not other:
		frappe.throw(_("There is no later utterance on the same channel to merge this one with."))
	if len(row["text"]) + len(other["text"]) > LONGEST_MERGED:
		frappe.throw(
			_("These two would be too long for one utterance: at most {0} characters are possible.").format(
				LONGEST_MERGED
			)
		)
	return editing.replace("Merge", [row, other], [rows.merged(row, other)])


def rename_speaker(call: str, speaker: str, name: str, before: str | None = None) -> dict:
	"""Rename the speaker in the whole call; an empty name brings back the default one."""
	editing = Editing(call)
	if speaker not in editing.voices():
		frappe.throw(
			_("This speaker cannot be given a name. Give the utterance to a speaker of its own first.")
		)
	name = wording.clean(name)
	if len(name) > LONGEST_NAME:
		frappe.throw(_("A name may have {0} characters at most.").format(LONGEST_NAME))
	if "<" in name or ">" in name:
		# Desk renders names as markup in lists and prints
		frappe.throw(_("A name cannot contain angle brackets."))
	name = plain(name)
	known = voices.voice(call, speaker)
	if known and name == (known.display_name or ""):
		return editing.unchanged()
	editing.expect(editing.name_of(speaker), before)
	return write_name(editing, speaker, name)


def write_name(editing: Editing, speaker: str, name: str, restores: str | None = None) -> dict:
	row = voices.added(editing.call, speaker)
	# keep how the person's record was matched
	matched_by = row.matched_by if row.party else "By hand" if name else ""
	was = {"speaker": speaker, "name": row.display_name, "matched_by": row.matched_by}
	becomes = {"speaker": speaker, "name": name or None, "matched_by": matched_by}
	shown = editing.name_of(speaker)
	values = {"display_name": becomes["name"], "matched_by": matched_by, "name_automatic": 0 if name else 1}
	if row.voice_by:
		values["voice_by"] = "By hand"
	participant_rows.update(row.name, values)
	editing.touch()
	was["speaker_name"], becomes["speaker_name"] = shown, editing.name_of(speaker)
	edit = editing.log("Rename speaker", {}, was, becomes, restores)
	return editing.done(edit, removed=[], segments=[])


def merge_speakers(call: str, speaker: str, into: str) -> dict:
	"""Give all utterances of `speaker` to `into`."""
	editing = Editing(call)
	keys = editing.voices()
	if speaker == into or into not in keys or speaker not in (*keys, UNKNOWN_SPEAKER):
		frappe.throw(_("Choose two different speakers of this call."))
	said = read_rows(editing.recording, lambda t: t.speaker_key == speaker)
	turns = voices.turns_of(editing.recording)
	heir = voices.added(call, into)
	gone = voices.voice(call, speaker)
	was = {
		"speaker": speaker,
		"speaker_name": editing.name_of(speaker),
		"participant": gone and {field: gone[field] for field in ("name", *voices.ABOUT_A_PERSON)},
		"heir": {field: heir[field] for field in voices.ABOUT_A_PERSON},
		"segments": {row["name"]: row["speaker_edited"] for row in said},
		"turns": sorted({turn.get("was") or turn["speaker"] for turn in turns if turn["speaker"] == speaker}),
	}
	# the diarizer will separate the two voices again, so the turns record that they are one
	for turn in turns:
		if turn["speaker"] == speaker:
			turn.update(speaker=into, was=turn.get("was") or speaker)
	voices.write_turns(editing.recording, turns)
	for by_hand in (0, 1):
		# a voice without turns can only be recorded as merged in its utterances
		names = [row["name"] for row in said if row["speaker_edited"] == by_hand]
		give(names, into, by_hand if was["turns"] else 1)
	if gone and voices.is_known_person(gone):
		if not voices.is_known_person(heir):
			person = {field: gone[field] for field in voices.ABOUT_A_PERSON}
			participant_rows.update(heir.name, person)
			participant_rows.remove(gone.name)
		else:
			# stays as a participant without a voice, since participants see the call
			silent = {"speaker_key": None, **dict.fromkeys(VOICE_FIELDS)}
			participant_rows.update(gone.name, silent)
	elif gone:
		participant_rows.remove(gone.name)
	voices.refresh_talk(call, editing.recording)
	editing.touch()
	becomes = {"speaker": into, "speaker_name": editing.name_of(into)}
	return editing.done(editing.log("Merge speakers", {}, was, becomes))
