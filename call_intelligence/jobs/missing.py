"""Background jobs: files that are missing on disk are made again from the recording.

A restored backup has no sound of clips, as Frappe packs private/files only. Requests that need such a file start these jobs.
"""

import json
import shutil

import frappe

from call_intelligence import storage
from call_intelligence.clips import media
from call_intelligence.jobs import clip as clips
from call_intelligence.jobs.engine_stage import limits_for, source_path, stage_arguments
from call_intelligence.jobs.stages import ENGINE_STAGE, PREPARING
from call_intelligence.jobs.supervise import EngineError, run_engine
from call_intelligence.texts import writing

FAILED = "call_intelligence_playback_failed"
# until it is tried again
FAILED_SECONDS = 3600


def clip_sound(name: str) -> None:
	"""name: of a Call Clip"""
	row = frappe.db.get_value(clips.DOCTYPE, name, ["ended", "media_state"], as_dict=True, for_update=True)
	if not row or row.ended or row.media_state != media.READY or media.path(name):
		return
	writing.set_value(clips.DOCTYPE, name, "media_state", media.PREPARING, update_modified=False)
	frappe.db.commit()
	clips.cut(name)


def playback(name: str) -> None:
	"""The copy of a Call Recording that players read; name: of the recording. The call and what was transcribed stay as they are."""
	if not is_missing(name) or frappe.cache.get_value(f"{FAILED}|{name}"):
		return
	recording = frappe.get_doc("Call Recording", name)
	folder = storage.work_folder(f"playback-{name}")
	folder.mkdir(parents=True, exist_ok=True)
	try:
		make_playback(recording, folder)
	except EngineError as error:
		frappe.db.rollback()
		frappe.cache.set_value(f"{FAILED}|{name}", 1, expires_in_sec=FAILED_SECONDS)
		frappe.log_error(
			title=f"Call Intelligence: {error.code}",
			message=str(error),
			reference_doctype="Call Recording",
			reference_name=name,
		)
	finally:
		shutil.rmtree(folder, ignore_errors=True)
	frappe.db.commit()


def make_playback(recording, folder) -> None:
	"""Raises EngineError."""
	settings = frappe.get_single("Call Intelligence Settings")
	arguments = [source_path(recording), "--work", str(folder), "--stage", ENGINE_STAGE[PREPARING]]
	arguments += stage_arguments(PREPARING, recording, settings, {}, folder)
	limits = limits_for(PREPARING, recording, settings)
	# no transaction stays open while the engine works
	frappe.db.rollback()
	run_engine(arguments, limits, lambda fraction: None, lambda: None)
	made = json.loads((folder / "prepare.json").read_text()).get("playback")
	# a run that has prepared the recording meanwhile has made the copy as well
	frappe.db.get_value("Call Recording", recording.name, "name", for_update=True)
	if made and is_missing(recording.name):
		before = frappe.db.get_value("Call Recording", recording.name, "playback_file")
		storage.delete_file(before)
		file = storage.adopt(
			folder / made, extension=made.rpartition(".")[2], recording=recording.name, field="playback_file"
		)
		writing.set_value("Call Recording", recording.name, "playback_file", file, update_modified=False)


def is_missing(recording: str) -> bool:
	row = frappe.db.get_value("Call Recording", recording, ["file", "playback_file"], as_dict=True)
	return bool(row and row.playback_file and not storage.find(row.playback_file) and storage.find(row.file))
