"""Background jobs: make copies of recordings for players when they are missing on disk or needed for the first time.

Requests that need such a copy start these jobs.
"""

import json
import shutil
from pathlib import Path

import frappe
from frappe.utils import flt

from call_intelligence.core import storage, writing
from call_intelligence.engine.stages import CUT, RESULTS
from call_intelligence.queue.stages import ENGINE_STAGE, PREPARING
from call_intelligence.speech.engine_stage import limits_for, source_path, stage_arguments
from call_intelligence.speech.supervise import EngineError, run_engine

FAILED = "call_intelligence_playback_failed"
ASKED = "call_intelligence_playback_asked"
COPIES_AN_HOUR = 60
# until it is tried again
FAILED_SECONDS = 3600
COPYING = "playback-"  # begins the name of the working folder of a copy


def copy(name: str) -> None:
	"""Make the copy of the Call Recording `name` for players, unless the original plays at the times of the transcript. The call and
	the transcript don't change."""
	make(name, by_preparing)


def copy_anyway(name: str) -> None:
	"""Make the copy even if the original seems to suffice, because a browser found another length or can't play the format. Of a
	video it is the sound only, beside the copy with pictures."""
	make(name, by_copying, "sound_file" if is_video(name) else "playback_file")


def is_video(name: str) -> bool:
	return frappe.db.get_value("Call Recording", name, "kind") == "Video"


def make(name: str, maker, field: str = "playback_file") -> None:
	"""field: of Call Recording, for the copy"""
	if not may_be_made(name, field) or has_failed(name):
		return
	recording = frappe.get_doc("Call Recording", name)
	folder = storage.work_folder(f"{COPYING}{name}")
	folder.mkdir(parents=True, exist_ok=True)
	try:
		keep(recording.name, maker(recording, folder), field)
	except Exception as error:
		frappe.db.rollback()
		frappe.cache.set_value(f"{FAILED}|{name}", 1, expires_in_sec=FAILED_SECONDS)
		if not isinstance(error, EngineError):
			raise
		frappe.log_error(
			title=f"Call Intelligence: {error.code}",
			message=str(error),
			reference_doctype="Call Recording",
			reference_name=name,
		)
	finally:
		shutil.rmtree(folder, ignore_errors=True)
	frappe.db.commit()


def may_ask(name: str) -> bool:
	"""Whether the session's user may request a copy of this recording; at most COPIES_AN_HOUR, since each reads a whole file."""
	key = f"{ASKED}|{frappe.session.user}"
	asked = frappe.cache.get_value(key, expires=True) or []
	if name in asked:
		return True
	if len(asked) >= COPIES_AN_HOUR:
		return False
	frappe.cache.set_value(key, [*asked, name], expires_in_sec=3600)
	return True


def has_failed(name: str) -> bool:
	"""Whether making the copy failed within the last FAILED_SECONDS"""
	return bool(frappe.cache.get_value(f"{FAILED}|{name}", expires=True))


def by_preparing(recording, folder: Path) -> Path | None:
	"""-> the copy, None if the original suffices. Raises EngineError."""
	settings = frappe.get_single("Call Intelligence Settings")
	arguments = [source_path(recording), "--work", str(folder), "--stage", ENGINE_STAGE[PREPARING]]
	arguments += stage_arguments(PREPARING, recording, settings, {}, folder)
	run(arguments, recording, settings)
	made = json.loads((folder / "prepare.json").read_text()).get("playback")
	return folder / made if made else None


def by_copying(recording, folder: Path) -> Path:
	"""Raises EngineError."""
	settings = frappe.get_single("Call Intelligence Settings")
	# beyond the end, so that nothing is cut off
	end = flt(recording.duration) + 1
	arguments = [source_path(recording), "--work", str(folder), "--cut", "0", str(end)]
	run(arguments, recording, settings)
	return folder / RESULTS[CUT]


def run(arguments: list[str], recording, settings) -> None:
	limits = limits_for(PREPARING, recording, settings)
	# no transaction stays open while the engine works
	frappe.db.rollback()
	run_engine(arguments, limits, lambda fraction: None, lambda: None)


def keep(recording: str, made: Path | None, field: str) -> None:
	# a run that prepared the recording meanwhile has made the copy already
	frappe.db.get_value("Call Recording", recording, "name", for_update=True)
	if not may_be_made(recording, field):
		return
	storage.delete_file(frappe.db.get_value("Call Recording", recording, field))
	values: dict = {field: None, "plain_timeline": 1}
	if made:
		values = {field: storage.adopt(made, extension=made.suffix[1:], recording=recording, field=field)}
	writing.set_value("Call Recording", recording, values, update_modified=False)


def may_be_made(recording: str, field: str = "playback_file") -> bool:
	row = frappe.db.get_value("Call Recording", recording, ["file", field, "duration"], as_dict=True)
	# a recording without a length has not been prepared yet, which will make the copy
	return bool(
		row
		and (row[field] or row.duration)
		and not (row[field] and storage.find(row[field]))
		and storage.find(row.file)
	)
