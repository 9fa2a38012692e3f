"""Cuts the sound of a clip with `only_this_part` out of its call's recording.

Each attempt works in a separate folder, and its result becomes the clip's sound in one step, while the clip is locked and known to be
live. A killed attempt leaves its folder: the sweep sees that it is not touched any more, and the number of such folders is the number
of lost attempts.
"""

import os
import shutil
import tempfile
import time
from pathlib import Path

import frappe
from frappe import _
from frappe.translate import get_user_lang
from frappe.utils import cint, flt

from call_intelligence import transcript
from call_intelligence.clips import sound
from call_intelligence.clips.sound import FAILED, PREPARING, READY
from call_intelligence.core import storage, writing
from call_intelligence.queue.lease import lease_seconds
from call_intelligence.speech import messages
from call_intelligence.speech.engine_stage import file_mb
from call_intelligence.speech.supervise import EngineError, Limits, run_engine

DOCTYPE = "Call Clip"
ATTEMPT = "cut-"
MOST_ATTEMPTS = 3
MEMORY_MB = 1500
# minimum, and for each second of sound up to the end of the part
CPU_SECONDS = (300, 0.5)


class Ended(Exception):
	"""The clip has ended or was deleted: there is nothing to cut."""


def cut(clip: str) -> None:
	"""Idempotent; concurrent runs produce the same file."""
	row = waiting(clip)
	if not row:
		return
	# errors are stored in the language of the clip's sharer
	frappe.local.lang = get_user_lang(row.shared_by)
	folder = sound.folder(clip)
	folder.mkdir(parents=True, exist_ok=True)
	work = Path(tempfile.mkdtemp(prefix=ATTEMPT, dir=folder))
	try:
		if len(lost_attempts(clip)) >= MOST_ATTEMPTS:
			raise EngineError("worker_lost")
		run(row, work)
		finish(clip, work)
	except Ended:
		frappe.db.rollback()
		sound.remove(clip)
	except EngineError as error:
		frappe.db.rollback()
		if error.transient and len(lost_attempts(clip)) + 1 < MOST_ATTEMPTS:
			# the sweep queues another attempt, as after a lost worker
			return
		fail(clip, work, error)


def cut_again(name: str) -> None:
	"""Cut sound that is missing on disk. Restored backups lack it, as Frappe packs only private/files."""
	row = frappe.db.get_value(DOCTYPE, name, ["ended", "media_state"], as_dict=True, for_update=True)
	if not row or row.ended or row.media_state != READY or sound.path(name):
		return
	writing.set_value(DOCTYPE, name, "media_state", PREPARING, update_modified=False)
	frappe.db.commit()
	cut(name)


def waiting(clip: str, lock: bool = False):
	"""The Call Clip's row if it has not ended and has no sound yet; else None"""
	row = frappe.db.get_value(
		DOCTYPE,
		clip,
		["name", "call", "start_seconds", "end_seconds", "shared_by", "ended", "media_state"],
		as_dict=True,
		for_update=lock,
	)
	return row if row and not row.ended and row.media_state == PREPARING else None


def run(row, work: Path) -> None:
	"""Raises EngineError; Ended."""
	source = source_of(row.call)
	limits = limits_for(flt(row.end_seconds))
	# no transaction stays open while the engine works
	frappe.db.rollback()
	run_engine(
		[
			*(source, "--work", str(work)),
			*("--cut", str(flt(row.start_seconds)), str(flt(row.end_seconds))),
		],
		limits,
		lambda fraction: None,
		lambda: give_sign_of_life(row.name, work),
	)


def give_sign_of_life(clip: str, work: Path) -> None:
	"""Called while the engine works. Raises Ended."""
	frappe.db.rollback()
	if not waiting(clip):
		raise Ended
	try:
		os.utime(work)
	except FileNotFoundError:
		# the clip has just ended, and its folder was removed
		raise Ended from None


def source_of(call: str) -> str:
	"""The original, which has the transcript's timeline; the playback copy if that is gone. Raises EngineError."""
	recording = transcript.recording_of(call)
	files = recording and frappe.db.get_value("Call Recording", recording, ["file", "playback_file"])
	for file in filter(None, files or ()):
		try:
			return str(storage.path_of(file))
		except frappe.DoesNotExistError:
			frappe.clear_last_message()
	raise EngineError("file_missing")


def limits_for(seconds: float) -> Limits:
	"""seconds: the end of the part, since everything before it is decoded as well"""
	least, per_second = CPU_SECONDS
	cpu_seconds = round(least + per_second * seconds)
	memory = frappe.db.get_single_value("Call Intelligence Settings", "memory_limit_mb")
	return Limits(cint(memory) or MEMORY_MB, cpu_seconds, 2 * cpu_seconds, file_mb(seconds))


def finish(clip: str, work: Path) -> None:
	"""Raises Ended."""
	frappe.db.rollback()
	# locked until the commit: if the clip is ended or deleted concurrently, either this job sees it, or the sound is removed afterwards
	row = frappe.db.get_value(DOCTYPE, clip, ["ended", "media_state"], as_dict=True, for_update=True)
	if not row or row.ended:
		raise Ended
	if row.media_state == PREPARING:
		(work / sound.PART).replace(sound.folder(clip) / sound.PART)
		settle(clip, READY, None)
	else:
		# another attempt was faster: release the lock, for which users who open the clip would wait
		frappe.db.rollback()
	remove_attempts(clip)


def fail(clip: str, work: Path, error: EngineError) -> None:
	"""Store the error on the clip, for its sharer and its recipients."""
	if not waiting(clip, lock=True):
		# another attempt succeeded, or the clip has ended
		frappe.db.rollback()
		shutil.rmtree(work, ignore_errors=True)
		return
	settle(clip, FAILED, error_text(error))
	frappe.log_error(
		title=f"Call Intelligence: {error.code}",
		message=str(error),
		reference_doctype=DOCTYPE,
		reference_name=clip,
	)
	frappe.db.commit()
	remove_attempts(clip)


def error_text(error: EngineError) -> str:
	texts = {
		"part_missing": _(
			"The recording has no sound at this place: it is damaged or cut off. Please share another part."
		),
		"time_limit": _(
			"Preparing the sound of this clip took too long and was stopped. Please share the part again."
		),
		"worker_lost": _(
			"Preparing the sound of this clip stopped several times on the server. Please share the part again."
		),
		"engine_killed": _(
			"Preparing the sound of this clip was interrupted on the server. Please share the part again."
		),
	}
	return texts.get(error.code) or messages.error_text(error.code, error.params)


def settle(clip: str, state: str, error: str | None) -> None:
	"""Commits."""
	writing.set_value(DOCTYPE, clip, {"media_state": state, "media_error": error}, update_modified=False)
	frappe.db.commit()


# ------------------------------------------------------------------------------------------------ attempts


def attempts(clip: str) -> list[Path]:
	return list(sound.folder(clip).glob(f"{ATTEMPT}*"))


def lost_attempts(clip: str) -> list[Path]:
	"""Attempts that show no sign of life any more"""
	lapsed = time.time() - lease_seconds()
	found = []
	for attempt in attempts(clip):
		try:
			if attempt.stat().st_mtime < lapsed:
				found.append(attempt)
		except FileNotFoundError:
			# it has just finished
			continue
	return found


def remove_attempts(clip: str) -> None:
	for attempt in attempts(clip):
		shutil.rmtree(attempt, ignore_errors=True)
