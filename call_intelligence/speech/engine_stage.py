"""One stage of the engine for one recording: its arguments, its limits, its progress."""

import json
import time
from pathlib import Path

import frappe
from frappe.utils import cint, flt

from call_intelligence.core import storage
from call_intelligence.core.records import associated_records
from call_intelligence.integrations.registry import title_of
from call_intelligence.queue import progress
from call_intelligence.queue.stages import ENGINE_STAGE, IDENTIFYING, PREPARING, TRANSCRIBING
from call_intelligence.speech import choice, workfiles
from call_intelligence.speech.supervise import EngineError, Limits, StageResult, models_folder, run_engine

HOTWORDS = "hotwords.txt"
DIARIZERS = {"Automatic": "auto", "By channel only": "channels", "Off": "off"}

# MB for any length, and for each hour of audio; generous for the embedded models, since admins may choose larger ones
MEMORY_MB = {PREPARING: (1500, 50), TRANSCRIBING: (6000, 100), IDENTIFYING: (6000, 300)}
# CPU seconds at least, and for each second of audio; generous, since models and machines differ by an order of magnitude
CPU_SECONDS = {PREPARING: (300, 0.5), TRANSCRIBING: (900, 20), IDENTIFYING: (900, 10)}
# MB of a file for any length, and for each second of audio: speech at 16 kHz takes 0.031
FILE_MB = (64, 0.04)


def run_engine_stage(work, mine, stage: str) -> StageResult:
	"""Raises EngineError; LeaseLost if the run is cancelled or taken over meanwhile."""
	recording = frappe.get_doc("Call Recording", work.recording)
	settings = frappe.get_single("Call Intelligence Settings")
	options = json.loads(work.options or "{}")
	folder = storage.work_folder(recording.name)
	folder.mkdir(parents=True, exist_ok=True)
	if stage == IDENTIFYING:
		workfiles.restore_words(recording.name)
	token = (
		settings.get_password("hugging_face_token", raise_exception=False) if stage == IDENTIFYING else None
	)

	heard = {"at": 0.0, "fraction": -1.0}

	def on_progress(fraction: float) -> None:
		now = time.monotonic()
		if now - heard["at"] < 1 or fraction <= heard["fraction"]:
			return
		heard.update(at=now, fraction=fraction)
		mine.renew()
		progress.show(work.call, recording.name, status=stage, fraction=fraction)
		frappe.db.commit()

	def on_tick() -> None:
		mine.renew()
		frappe.db.commit()

	# no transaction stays open while the engine works
	frappe.db.commit()
	return run_engine(
		[
			source_path(recording),
			*("--work", str(folder), "--stage", ENGINE_STAGE[stage]),
			*stage_arguments(stage, recording, settings, options, folder),
		],
		limits_for(stage, recording, settings),
		on_progress,
		on_tick,
		token,
	)


def source_path(recording) -> str:
	try:
		return str(storage.path_of(recording.file))
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		raise EngineError("file_missing") from None


def stage_arguments(stage: str, recording, settings, options: dict, folder: Path) -> list[str]:
	"""folder: for files with texts of users, which are never passed as arguments because they may begin with a dash"""
	arguments = []
	if settings.threads:
		arguments += ["--threads", str(settings.threads)]
	if stage == PREPARING:
		arguments += ["--max-duration", str(flt(settings.max_duration_hours) * 3600)]
	if stage == TRANSCRIBING:
		language = options.get("language") or recording.requested_language or settings.language
		arguments += [*model_arguments(settings, language), "--models", str(models_folder())]
		arguments += ["--language", language or "auto"]
		if settings.one_language:
			arguments += ["--one-language"]
		if words := hotwords(recording, settings):
			file = folder / HOTWORDS
			file.write_text(words, encoding="utf-8")
			arguments += ["--hotwords", str(file)]
	if stage == IDENTIFYING:
		arguments += ["--models", str(models_folder())]
		arguments += ["--diarizer", DIARIZERS.get(settings.diarizer, "auto")]
		arguments += ["--diarization-model", settings.diarization_model or "embedded"]
		if speakers := cint(options.get("speakers") or recording.requested_speakers):
			arguments += ["--speakers", str(speakers)]
		if recording.labels_file:
			arguments += ["--labels", str(storage.path_of(recording.labels_file))]
	return arguments


def model_arguments(settings, language: str | None) -> list[str]:
	"""language: the call's, if it is known before the transcription"""
	models = choice.of_settings(settings)
	if language:
		return ["--model", models.get(language, settings.model)]
	arguments = ["--model", settings.model]
	for code, model in sorted(models.items()):
		arguments += ["--model-for", f"{code}={model}"]
	return arguments


def limits_for(stage: str, recording, settings) -> Limits:
	"""Limits for the length of the audio; while that is unknown, for the maximum length."""
	seconds = flt(recording.duration)
	if stage == PREPARING or not seconds:
		seconds = flt(settings.max_duration_hours) * 3600
	memory, memory_per_hour = MEMORY_MB[stage]
	cpu, cpu_per_second = CPU_SECONDS[stage]
	cpu_seconds = round(cpu + cpu_per_second * seconds)
	return Limits(
		memory_mb=settings.memory_limit_mb or round(memory + memory_per_hour * seconds / 3600),
		cpu_seconds=cpu_seconds,
		# on a busy machine wall time exceeds CPU time
		wall_seconds=2 * cpu_seconds,
		# a copy for players includes the original pictures of a video
		file_mb=file_mb(seconds) + (original_mb(recording) if stage == PREPARING else 0),
	)


def original_mb(recording) -> int:
	"""The size of the uploaded file; 0 if it is missing"""
	path = storage.find(recording.file)
	return path.stat().st_size >> 20 if path else 0


def file_mb(seconds: float) -> int:
	"""seconds: of the audio"""
	least, per_second = FILE_MB
	return round(least + per_second * seconds)


def hotwords(recording, settings) -> str:
	"""Names that help the model to spell: of CRM records and participants, and the admin's vocabulary."""
	words = [word.strip() for word in (settings.vocabulary or "").replace("\n", ",").split(",")]
	if settings.use_record_names:
		words += [title_of(doctype, name) for doctype, name in associated_records(recording.call)]
		words += frappe.get_all(
			"Call Participant", filters={"parent": recording.call, "parenttype": "Call"}, pluck="display_name"
		)
	# the model reads only about 200 tokens
	return ", ".join(dict.fromkeys(word for word in words if word))[:500]
