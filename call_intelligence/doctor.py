"""Checks that everything a call needs is available. One check for each part: what was found, and how to fix it."""

import json
import resource
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import frappe
from frappe.utils.background_jobs import get_queue, get_redis_conn, get_workers

from call_intelligence.engine import hardware
from call_intelligence.engine.catalogue import is_folder_name
from call_intelligence.queue.enqueue import queue_name
from call_intelligence.speech import advice, choice
from call_intelligence.speech.supervise import (
	APP_ROOT,
	engine_environment,
	engine_home,
	engine_python,
	models_folder,
)

LEAST_DISK_GB = 5
LEAST_OPEN_FILES = 1024

# the engine's packages whose versions are shown
ENGINE_PACKAGES = ("faster-whisper", "av", "torch", "pyannote-audio")


@dataclass
class Check:
	part: str
	ok: bool
	found: str
	fix: str = ""


def run() -> list[Check]:
	checks = [database, redis, queue, workers, scheduler, ffmpeg, disk, open_files]
	return [guarded(check) for check in [*checks, speech_models, processors]] + engine()


def guarded(check) -> Check:
	try:
		return check()
	except Exception as error:
		return Check(
			check.__name__,
			False,
			f"{type(error).__name__}: {error}",
			"start it, and see that the bench's config names it",
		)


def database() -> Check:
	version = frappe.db.sql("select version()")[0][0]
	return Check("database", True, f"{frappe.db.db_type} {version}")


def redis() -> Check:
	return Check("redis", True, get_redis_conn().info("server")["redis_version"])


def queue() -> Check:
	name = queue_name()
	note = (
		""
		if name == "transcription"
		else " (a queue of its own, transcription, keeps other jobs moving: see README)"
	)
	return Check("queue", True, f"{name}: {get_queue(name).count} waiting{note}")


def workers() -> Check:
	name = queue_name()
	serving = [
		worker.name for worker in get_workers() if any(q.endswith(f":{name}") for q in worker.queue_names())
	]
	if not serving:
		return Check("workers", False, f"no worker serves the queue {name}", f"bench worker --queue {name}")
	return Check("workers", True, f"{len(serving)} on {name}")


def scheduler() -> Check:
	"""Calls are processed and retried even without it. A dormant site passes the check, with a note."""
	from frappe.utils.scheduler import is_dormant, is_scheduler_disabled

	by_hand = "a call whose worker was lost waits until somebody looks at one or uploads another"
	if frappe.conf.maintenance_mode:
		fix = "bench --site SITE set-maintenance-mode off"
		return Check("scheduler", False, f"stopped, the site is in maintenance mode: {by_hand}", fix)
	if frappe.conf.pause_scheduler:
		fix = "bench --site SITE set-config -p pause_scheduler 0"
		return Check("scheduler", False, f"paused: {by_hand}", fix)
	if is_scheduler_disabled(verbose=False):
		return Check("scheduler", False, f"disabled: {by_hand}", "bench --site SITE enable-scheduler")
	if is_dormant():
		days = frappe.get_system_settings("dormant_days") or 4
		return Check(
			"scheduler",
			True,
			f"enabled, but nobody has logged in for {days} days, so that Frappe runs it once a day: {by_hand}",
			"Log in to Desk, or raise Dormant Days in System Settings where calls only come in by REST",
		)
	return Check("scheduler", True, "enabled")


def ffmpeg() -> Check:
	path = shutil.which("ffmpeg")
	if not path:
		return Check("ffmpeg", False, "not found", "apt-get install ffmpeg")
	version = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stdout.split(
		"\n"
	)[0]
	return Check("ffmpeg", True, version.split(" Copyright")[0].removeprefix("ffmpeg version "))


def disk() -> Check:
	free = shutil.disk_usage(frappe.get_site_path()).free / 1024**3
	ok = free >= LEAST_DISK_GB
	return Check(
		"disk",
		ok,
		f"{free:.0f} GB free",
		"" if ok else "make room: an hour of stereo takes 0.5 GB while it is processed",
	)


def open_files() -> Check:
	soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
	ok = soft >= LEAST_OPEN_FILES
	return Check("file limits", ok, f"{soft} open files", "" if ok else "ulimit -n 65536")


def speech_models() -> Check:
	"""Whether the models named in Settings are installed, and whether the hardware would allow a better one"""
	settings = frappe.get_single("Call Intelligence Settings")
	own = choice.of_settings(settings)
	found = "; ".join([settings.model, *(f"{code}: {model}" for code, model in sorted(own.items()))])
	absent = [model for model in dict.fromkeys([settings.model, *own.values()]) if not is_there(model)]
	if absent and is_folder_name(absent[0]):
		fix = "set up another model: bench --site SITE call-intelligence setup-engine --model NAME"
		return Check("speech models", False, f"{found}: there is no model in {absent[0]}", fix)
	if absent:
		fix = f"bench --site SITE call-intelligence setup-engine --model {absent[0]}"
		return Check("speech models", True, f"{found}: {absent[0]} is fetched with the first call", fix)
	better = advice.better(settings.model, hardware.gpus(), hardware.available_cpus(), total_memory())
	fix = ""
	if better:
		fix = f"This machine may be fast enough for a better one, which is measured first: bench --site SITE call-intelligence setup-engine --model {better}"
	return Check("speech models", True, found, fix)


def is_there(model: str) -> bool:
	return any(
		(folder / "model.bin").is_file()
		for folder in (models_folder() / "whisper" / model, Path(model).expanduser())
	)


def total_memory() -> int | None:
	"""MB; None where it can't be determined"""
	told = hardware.memory_mb()
	return told and told[0]


def processors() -> Check:
	"""The hardware that transcribes speech"""
	gpus, memory = hardware.gpus(), total_memory()
	found = f"{hardware.available_cpus()} cores" + (f", {memory / 1024:.0f} GB" if memory else "")
	if not gpus:
		return Check("hardware", True, f"{found}, no GPU")
	found += "".join(f", {gpu.name} ({gpu.total_mb / 1024:.0f} GB)" for gpu in gpus)
	if problem := hardware.gpu_problem(str(models_folder() / "whisper" / "base"), "default", engine_python()):
		return Check(
			"hardware",
			False,
			f"{found}: the GPU can't be used ({problem})",
			"Install CUDA's libraries cuBLAS and cuDNN, and name their folder in the workers' LD_LIBRARY_PATH",
		)
	return Check("hardware", True, found)


def engine() -> list[Check]:
	"""The engine's report on its environment, created by the engine's interpreter."""
	fix = "bench --site SITE call-intelligence setup-engine"
	try:
		answer = subprocess.run(
			[
				engine_python(),
				"-m",
				"call_intelligence.engine.environment",
				"check",
				str(engine_home()),
				"--json",
			],
			capture_output=True,
			text=True,
			env=engine_environment(),
			cwd=APP_ROOT,
			timeout=120,
			check=False,
		)
		report = json.loads(answer.stdout)
	except (OSError, ValueError, subprocess.TimeoutExpired) as error:
		return [Check("engine", False, f"{type(error).__name__}: {error}", fix)]
	packages = [
		f"{name} {report['packages'][name]['found']}"
		for name in ENGINE_PACKAGES
		if name in report["packages"]
	]
	checks = [
		Check(
			"engine",
			report["ok"],
			"; ".join(problem["what"] for problem in report["problems"])
			or f"Python {report['python']}, {', '.join(packages)}",
			"" if report["ok"] else fix,
		)
	]
	for name, model in report["models"].items():
		checks.append(
			Check(f"model {name}", model["ok"], model["problem"] or "complete", "" if model["ok"] else fix)
		)
	return checks
