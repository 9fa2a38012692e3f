"""Background jobs that make playback copies: those missing on disk or needed for the first time."""

import frappe

from call_intelligence.speech import playback


def make_playback_copy(name: str) -> None:
	"""Background job: make the copy of the Call Recording `name` for players, unless the original plays at the times of the transcript.
	The call and the transcript don't change."""
	playback.make(name, playback.by_preparing)


def make_playback_copy_anyway(name: str) -> None:
	"""Background job: make the copy even if the original seems to suffice, because a browser found another length or can't play the
	format. Of a video it is the sound only, beside the copy with pictures."""
	playback.make(name, playback.by_copying, "sound_file" if is_video(name) else "playback_file")


def is_video(name: str) -> bool:
	return frappe.db.get_value("Call Recording", name, "kind") == "Video"
