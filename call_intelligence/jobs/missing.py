"""Background jobs: files that are missing on disk are made again from the recording.

A restored backup has no sound of clips, as Frappe packs private/files only. Requests that need such a file start these jobs.
"""

import frappe

from call_intelligence import storage
from call_intelligence.clips import media
from call_intelligence.jobs import clip as clips
from call_intelligence.jobs import enqueue
from call_intelligence.jobs.stages import PREPARING
from call_intelligence.texts import writing


def clip_sound(name: str) -> None:
	"""name: of a Call Clip"""
	row = frappe.db.get_value(clips.DOCTYPE, name, ["ended", "media_state"], as_dict=True, for_update=True)
	if not row or row.ended or row.media_state != media.READY or media.path(name):
		return
	writing.set_value(clips.DOCTYPE, name, "media_state", media.PREPARING, update_modified=False)
	frappe.db.commit()
	clips.cut(name)


def playback(name: str) -> None:
	"""The copy of a Call Recording that players read; name: of the recording. What was transcribed stays."""
	row = frappe.db.get_value(
		"Call Recording", name, ["file", "playback_file"], as_dict=True, for_update=True
	)
	if not row or not row.playback_file or storage.find(row.playback_file) or not storage.find(row.file):
		return
	enqueue.start_run(name, (PREPARING,))
	frappe.db.commit()
