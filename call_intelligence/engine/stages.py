"""The three stages, and `cut`, which is independent of them. Each stage reads the files of earlier ones in the work folder and writes its
result there atomically, so that it can be repeated alone."""

import json
import os
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from .limits import is_disk_full, is_out_of_memory, peak_mb
from .protocol import Reporter
from .types import EngineError

STAGES = ("prepare", "transcribe", "diarize")
CUT = "cut"
RESULTS = {
	"prepare": "prepare.json",
	"transcribe": "words.json",
	"diarize": "utterances.json",
	CUT: "part.m4a",
}


def run(stage: str, options: Namespace, reporter: Reporter) -> None:
	"""Run one stage and report it. options: the parsed command line. Raises EngineError."""
	started = time.monotonic()
	reporter.start(stage)
	try:
		work = {"prepare": _prepare, "transcribe": _transcribe, "diarize": _diarize, CUT: _cut}[stage]
		warnings = work(options, reporter.progress)
	except EngineError:
		raise
	except Exception as error:
		if is_out_of_memory(error):
			raise EngineError("out_of_memory", str(error), retryable=True) from error
		if is_disk_full(error):
			raise EngineError("disk_full", str(error), retryable=True) from error
		raise EngineError(
			"internal", f"{type(error).__name__}: {error}", retryable=isinstance(error, OSError)
		) from error
	for warning in warnings:
		reporter.warn(warning)
	reporter.done(time.monotonic() - started, peak_mb(), RESULTS[stage])


def read(work: str | Path, name: str) -> dict:
	"""The contents of a result file. Raises EngineError internal if an earlier stage hasn't written it."""
	try:
		return json.loads((Path(work) / name).read_text(encoding="utf-8"))
	except FileNotFoundError as error:
		raise EngineError("internal", f"{name} is missing: run the earlier stage first") from error


def _prepare(options: Namespace, progress: Callable[[float], None]) -> list[dict]:
	try:
		from .prepare import prepare
	except ImportError as error:
		raise EngineError("engine_missing", str(error), misconfigured=True) from error
	result = prepare(options.file, options.work, options.max_duration, progress)
	_write(options.work, RESULTS["prepare"], result)
	return result["warnings"]


def _transcribe(options: Namespace, progress: Callable[[float], None]) -> list[dict]:
	prepared = read(options.work, RESULTS["prepare"])
	try:
		from .transcribe import transcribe

		result = transcribe(
			_speech(options.work, prepared),
			model=options.model,
			model_for=options.model_for,
			models=options.models,
			language=None if options.language in (None, "", "auto") else options.language,
			one_language=options.one_language,
			hotwords=Path(options.hotwords).read_text(encoding="utf-8") if options.hotwords else None,
			threads=options.threads,
			device=options.device,
			progress=progress,
		)
	except ImportError as error:
		raise EngineError("engine_missing", str(error), misconfigured=True) from error
	_write(options.work, RESULTS["transcribe"], result)
	return result["warnings"]


def _diarize(options: Namespace, progress: Callable[[float], None]) -> list[dict]:
	from .align import align, gaps_from_json, words_from_json
	from .diarize import diarize

	prepared, heard = read(options.work, RESULTS["prepare"]), read(options.work, RESULTS["transcribe"])
	turns = diarize(
		prepared,
		heard,
		Path(options.work),
		options.diarizer,
		progress,
		model=options.diarization_model,
		models=options.models,
		token=os.environ.get("CALL_INTELLIGENCE_HF_TOKEN"),
		speakers=options.speakers,
		labels=options.labels,
		threads=options.threads,
		device=options.device,
	)
	utterances = align(words_from_json(heard["words"]), turns, gaps_from_json(heard.get("gaps", [])))
	_write(options.work, "turns.json", turns.as_json())
	_write(
		options.work,
		RESULTS["diarize"],
		{
			"speakers": [speaker.as_json() for speaker in turns.speakers],
			"utterances": [utterance.as_json() for utterance in utterances],
		},
	)
	return turns.warnings


def _cut(options: Namespace, progress: Callable[[float], None]) -> list[dict]:
	try:
		from .cut import cut
	except ImportError as error:
		raise EngineError("engine_missing", str(error), misconfigured=True) from error
	start, end = options.cut
	return cut(options.file, options.work, start, end, progress)


def _speech(work: str | Path, prepared: dict) -> list[Path]:
	paths = [Path(work) / name for name in prepared["speech"]]
	missing = [path.name for path in paths if not path.exists()]
	if missing:
		raise EngineError("internal", f"{', '.join(missing)} is missing: run prepare first")
	return paths


def _write(work: str | Path, name: str, result: dict) -> None:
	target = Path(work) / name
	fresh = target.with_name(name + ".new")
	fresh.write_text(json.dumps(result, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
	fresh.replace(target)
