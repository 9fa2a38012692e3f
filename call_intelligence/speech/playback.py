"""Makes copies of recordings for players when they are missing on disk or needed for the first time. Requests that need such a copy
(playback_requests.py) queue the jobs in `jobs.py`.
"""

import json
import shutil
from pathlib import Path

import frappe
from frappe.utils import flt

from call_intelligence.core import storage, writing
from call_intelligence.engine.stages import CUT, RESULTS
from call_intelligence.queue.stages import ENGINE_STAGE, PREPARING
from call_intelligence.speech import playback_requests
from call_intelligence.speech.engine_stage import limits_for, source_path, stage_arguments
from call_intelligence.speech.supervise import EngineError, run_engine

COPYING = "playback-"  # begins the name of the working folder of a copy


def make(name: str, maker, field: str = "playback_file") -> None:
	"""maker: `by_preparing` or `by_copying`; field: of Call Recording, for the copy"""
	if not may_be_made(name, field) or playback_requests.has_failed(name):
		return
	recording = frappe.get_doc("Call Recording", name)
	folder = storage.work_folder(f"{COPYING}{name}")
	folder.mkdir(parents=True, exist_ok=True)
	try:
		keep(recording.name, maker(recording, folder), field)
	except Exception as error:
		frappe.db.rollback()
		playback_requests.note_failure(name)
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
