"""Sets up a speech model for a site: fetches it, tries it on this machine, and only then selects it in Settings."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import frappe

from call_intelligence.engine.catalogue import is_folder_name, repository_of
from call_intelligence.queue.stages import TRANSCRIBING
from call_intelligence.speech import choice, engine_stage, messages
from call_intelligence.speech.expectations import knows_english_only
from call_intelligence.speech.model_settings import is_installed
from call_intelligence.speech.supervise import (
	APP_ROOT,
	EngineError,
	Limits,
	engine_environment,
	engine_home,
	engine_python,
	models_folder,
	run_engine,
)

# a made-up call in English, spoken by synthetic voices (flite's slt and rms): 77 s
SAMPLE = APP_ROOT / "call_intelligence" / "engine" / "sample" / "speech.ogg"
SAMPLE_SECONDS = 76.9
SAMPLE_WORDS = 229
LEAST_WORDS = (
	SAMPLE_WORDS // 10
)  # fewest words from a working model; one trained for another language may not know English well


class SetupProblem(Exception):
	"""An error for the user of the command; its text says what to do."""


@dataclass(frozen=True)
class Trial:
	"""Result of trying a model on this machine. Times are seconds."""

	device: str
	compute_type: str
	words: int
	load_seconds: float
	seconds_per_minute: float  # to transcribe a minute of speech
	peak_memory_mb: int
	warnings: list[dict]

	@property
	def hours_per_day(self) -> float:
		"""Hours of speech that can be transcribed in a day, one call at a time"""
		return 24 * 60 / self.seconds_per_minute


def build_environment() -> int:
	"""Install the speech engine with its own Python -> exit status"""
	command = [sys.executable, "-m", "call_intelligence.engine.environment", "create", str(engine_home())]
	return subprocess.run(command, cwd=APP_ROOT, check=False).returncode


def set_up(model: str, language: str | None, say: Callable[[str], None]) -> None:
	"""Fetch, try and choose a model, for one language if given. Raises SetupProblem without changing Settings."""
	model = checked_name(model)
	language = checked_language(language)
	if language not in (None, "en") and knows_english_only(model):
		raise SetupProblem(f"{model} knows English only: use another model for {language}.")
	if not (engine_home() / "env").exists() and build_environment():
		raise SetupProblem("The speech engine could not be installed, so that no model was set up.")
	if not is_folder_name(model):
		fetch(model)
	say(f"Trying {model} on {SAMPLE_SECONDS:.0f} s of speech ...")
	trial = try_model(model)
	for text in told(trial):
		say(text)
	choose(model, language)
	if language:
		say(f"Done: calls in {language} are transcribed with {model} from now on.")
	else:
		say(f"Done: calls are transcribed with {model} from now on.")


def checked_name(model: str) -> str:
	"""-> the name; for a folder its absolute path"""
	model = model.strip()
	try:
		folder = folder_of(model)
	except (OSError, RuntimeError) as error:
		# the name is too long for the disk, or ~user does not exist
		raise SetupProblem(f"{model[:80]} is no folder that can be opened: {error}") from error
	if folder:
		return str(folder)
	if not repository_of(model) and not is_installed(model):
		raise SetupProblem(
			f"There is no speech model called {model[:80]}. Use one of small, medium, large-v3, large-v3-turbo, distil-large-v3, a name on the hub such as org/name, or a folder."
		)
	return model


def folder_of(model: str) -> Path | None:
	"""The folder that a name refers to, None if it isn't a folder. Raises SetupProblem if it contains no model."""
	if is_folder_name(model) or (Path("..") / model / "model.bin").is_file():
		# bench changes into sites/ before it runs a command
		path = Path(model).expanduser()
		folder = path if path.is_absolute() or (path / "model.bin").is_file() else Path("..") / path
		if not (folder / "model.bin").is_file():
			raise SetupProblem(
				f"There is no model.bin in {folder.resolve()}: name the folder of a CTranslate2 model."
			)
		return folder.resolve()
	return None


def checked_language(language: str | None) -> str | None:
	if not language:
		return None
	code = language.strip().lower()
	if not choice.CODE.fullmatch(code):
		raise SetupProblem(f"{language} is no language code: use one of two or three letters, such as pl.")
	return code


def fetch(model: str) -> None:
	"""Download the model to the engine's models folder, with output on the terminal."""
	token = frappe.get_single("Call Intelligence Settings").get_password(
		"hugging_face_token", raise_exception=False
	)
	models_folder().mkdir(parents=True, exist_ok=True)
	done = subprocess.run(
		[engine_python(), "-m", "call_intelligence.engine.hub", model, "--models", str(models_folder())],
		cwd=APP_ROOT,
		env=engine_environment(token),
		check=False,
	)
	if done.returncode:
		raise SetupProblem(f"{model} was not set up, and Settings are as they were.")


def try_model(model: str) -> Trial:
	"""Transcribe the sample in the same way as a call, within the same limits."""
	settings = frappe.get_single("Call Intelligence Settings")
	memory, _ = engine_stage.MEMORY_MB[TRANSCRIBING]
	cpu, per_second = engine_stage.CPU_SECONDS[TRANSCRIBING]
	cpu_seconds = round(cpu + per_second * SAMPLE_SECONDS)
	limits = Limits(
		memory_mb=settings.memory_limit_mb or memory,
		cpu_seconds=cpu_seconds,
		wall_seconds=2 * cpu_seconds,
		file_mb=engine_stage.file_mb(SAMPLE_SECONDS),
	)
	with tempfile.TemporaryDirectory(prefix="call-intelligence-") as folder:
		# the engine treats a folder named call-intelligence-... as temporary
		work = os.path.join(folder, "work")
		arguments = [str(SAMPLE), "--work", work, "--models", str(models_folder())]
		if settings.threads:
			arguments += ["--threads", str(settings.threads)]
		try:
			run_engine([*arguments, "--stage", "prepare"], limits, lambda fraction: None, lambda: None)
			result = run_engine(
				[*arguments, "--stage", "transcribe", "--model", model, "--language", "en"],
				limits,
				lambda fraction: None,
				lambda: None,
			)
		except EngineError as error:
			raise SetupProblem(failed(model, error, limits)) from error
		words = frappe.parse_json(Path(work, "words.json").read_text(encoding="utf-8"))
	if len(words["words"]) < LEAST_WORDS:
		raise SetupProblem(
			f"{model} understood {len(words['words'])} of {SAMPLE_WORDS} words: it does not work here. Settings are as they were."
		)
	return Trial(
		device=words["device"],
		compute_type=words["compute_type"],
		words=len(words["words"]),
		load_seconds=words["load_seconds"],
		seconds_per_minute=max(result.seconds - words["load_seconds"], 0.01) * 60 / SAMPLE_SECONDS,
		peak_memory_mb=result.peak_memory_mb,
		warnings=result.warnings,
	)


def failed(model: str, error: EngineError, limits: Limits) -> str:
	reason = error.detail.strip().splitlines()[:1] or [messages.error_text(error.code, error.params)]
	if error.code == "out_of_memory":
		reason = [
			f"it needs more than the {limits.memory_mb} MB that the engine may use; raise Memory limit of the engine in Call Intelligence Settings if this machine has more"
		]
	return f"{model} does not work on this machine: {reason[0]}. Settings are as they were."


def told(trial: Trial) -> list[str]:
	place = "the GPU" if trial.device == "cuda" else "the processor"
	lines = [
		f"It works, on {place} ({trial.compute_type}), with at most {trial.peak_memory_mb} MB of memory.",
		f"Measured here: {trial.seconds_per_minute:.1f} s for a minute of speech, after {trial.load_seconds:.1f} s of loading the model for each call.",
		f"That is about {trial.hours_per_day:.0f} hours of speech in a day, one call at a time. Telling speakers apart on one channel takes time of its own.",
	]
	if trial.seconds_per_minute > 60:
		lines.append("This is slower than people speak: calls will wait where many come in.")
	for warning in trial.warnings:
		if warning["code"] == "gpu_unusable":
			lines.append(f"The GPU could not be used: {warning['params'].get('detail')}")
	return lines


def choose(model: str, language: str | None) -> None:
	# the connection may have timed out during the download, and Settings may have changed
	frappe.db.close()
	settings = frappe.get_single("Call Intelligence Settings")
	if language:
		models = choice.of_settings(settings)
		settings.models_for_languages = choice.written({**models, language: model})
	else:
		settings.model = model
	settings.save()
	frappe.db.commit()
