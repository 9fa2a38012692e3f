"""Editing a transcript. If another user has changed the same place meanwhile, the answer is 409 and says what they changed; nothing
of theirs is overwritten.

Unless stated otherwise an edit returns {"edit": its name or None if nothing had to change, "transcript_version",
"speakers" and "edits": as review.get, "was": the version before, "form": whether the Call's own form has changed, "removed":
[segment], "segments": [[position, [name, start, end, speaker, text, words, channel?, language?]]]}; without the last two, anything may have changed.
"""

import frappe
from frappe import _

from call_intelligence import permissions
from call_intelligence.api.arguments import checked
from call_intelligence.editing import edits, versions
from call_intelligence.permissions import check_can_see

# merged utterances may be longer than typed ones
LONGEST_UTTERANCE = 10 * edits.LONGEST_TEXT


def check_may_edit(call: str) -> None:
	permissions.check_may_edit(
		call, _("Only the owner of the call or a Call Intelligence Manager may edit its transcript.")
	)


@frappe.whitelist(methods=["POST"])
@checked(text=edits.LONGEST_TEXT, before=LONGEST_UTTERANCE)
def correct_text(call: str, segment: str, text: str, before: str | None = None) -> dict:
	"""Change the wording of an utterance; before: the text that the editor saw. -> see above"""
	check_may_edit(call)
	return edits.correct_text(call, segment, text, before)


@frappe.whitelist(methods=["POST"])
@checked()
def set_speaker(call: str, segment: str, speaker: str, before: str | None = None) -> dict:
	"""Give an utterance to a speaker: a key, "unknown", or "new"; before: the key that the editor saw. -> see above"""
	check_may_edit(call)
	return edits.set_speaker(call, segment, speaker, before)


@frappe.whitelist(methods=["POST"])
@checked(before=LONGEST_UTTERANCE)
def split(call: str, segment: str, word: int, before: str | None = None) -> dict:
	"""Begin a new utterance with word number `word`, counted from 0; before: the text that the editor saw. -> see above"""
	check_may_edit(call)
	return edits.split(call, segment, word, before)


@frappe.whitelist(methods=["POST"])
@checked()
def merge(call: str, segment: str, following: str | None = None) -> dict:
	"""Join an utterance and the next one on its channel; following: which one the editor means. -> see above"""
	check_may_edit(call)
	return edits.merge(call, segment, following)


@frappe.whitelist(methods=["POST"])
@checked()
def rename_speaker(call: str, speaker: str, name: str, before: str | None = None) -> dict:
	"""Name a speaker throughout the call, empty for none; before: the name that the editor saw. -> see above"""
	check_may_edit(call)
	return edits.rename_speaker(call, speaker, name, before)


@frappe.whitelist(methods=["POST"])
@checked()
def merge_speakers(call: str, speaker: str, into: str) -> dict:
	"""Merge two speakers who are one person: everything said by `speaker` becomes `into`'s. -> see above"""
	check_may_edit(call)
	return edits.merge_speakers(call, speaker, into)


@frappe.whitelist(methods=["POST"])
@checked(before=LONGEST_UTTERANCE)
def restore(call: str, edit: str, before: str | None = None) -> dict:
	"""Restore what an edit of the history has replaced; before: the current text that the editor saw (`now` of the
	history). -> see above
	"""
	check_may_edit(call)
	return versions.restore(call, edit, before)


@frappe.whitelist(methods=["GET"])
@checked()
def history(call: str) -> list:
	"""-> the edits, the newest first: [{"name", "action", "user", "user_name", "when", "at" seconds, "segment", "restores",
	"restored", "now": the current text, for restore, "before": [{"text", "speaker"}], "after": [...]}]
	"""
	check_can_see(call)
	return versions.history(call)
