"""Runs one engine stage as a child process under limits, and reads its events."""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import frappe
from frappe.utils import get_bench_path

from call_intelligence.queue.lease import RENEW_SECONDS

APP_ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Limits:
	memory_mb: int
	cpu_seconds: int
	wall_seconds: int
	file_mb: int
	"""of one file that is written"""


@dataclass
class StageResult:
	seconds: float = 0
	peak_memory_mb: int = 0
	warnings: list[dict] = field(default_factory=list)
	"""[{"code", "params"}]"""
	done: bool = False
	"""the child has said that its result is written"""


PASSED_ON = (
	*("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES"),
	# for downloading models
	*(
		"HF_HOME",
		"HF_ENDPOINT",
		"HTTP_PROXY",
		"HTTPS_PROXY",
		"NO_PROXY",
		"SSL_CERT_FILE",
		"REQUESTS_CA_BUNDLE",
	),
	*("http_proxy", "https_proxy", "no_proxy"),
)


class EngineError(Exception):
	"""A stage failed. code: see speech/messages.py; transient: trying again may help."""

	def __init__(self, code: str, params: dict | None = None, detail: str = "", transient: bool = False):
		super().__init__(f"{code} {params or ''}\n{detail}".strip())
		self.code, self.params, self.detail, self.transient = code, params or {}, detail, transient


# ------------------------------------------------------------------------------------- location of the engine


def engine_home() -> Path:
	"""The folder with the engine's environment and models; set by `call_intelligence_engine.home` in the site config."""
	conf = frappe.conf.get("call_intelligence_engine") or {}
	return Path(conf.get("home") or os.path.join(get_bench_path(), "call_intelligence_engine"))


def engine_python() -> str:
	"""The interpreter with the speech libraries; the bench's if no environment was set up."""
	conf = frappe.conf.get("call_intelligence_engine") or {}
	own = engine_home() / "env" / "bin" / "python"
	return conf.get("python") or (str(own) if own.exists() else sys.executable)


def models_folder() -> Path:
	conf = frappe.conf.get("call_intelligence_engine") or {}
	return Path(conf.get("models") or engine_home() / "models")


def engine_environment(token: str | None = None) -> dict:
	"""Environment variables of the child: only those it needs, so that it doesn't get the worker's secrets."""
	env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
	env |= {"PYTHONPATH": str(APP_ROOT), "PYTHONUNBUFFERED": "1", "PYANNOTE_METRICS_ENABLED": "false"}
	if token:
		env["CALL_INTELLIGENCE_HF_TOKEN"] = token
	return env


# ---------------------------------------------------------------------------------------------- the child


def run_engine(
	arguments: list[str],
	limits: Limits,
	on_progress: Callable[[float], None],
	on_tick: Callable[[], None],
	token: str | None = None,
) -> StageResult:
	"""Run `python -m call_intelligence.engine --json` with `arguments` for one stage, until its result is written.

	The child is killed then, since unloading models can take many seconds on a busy machine.
	on_progress(fraction 0..1) and on_tick() (every few seconds) run in this process; their exceptions end the child.
	Raises EngineError.
	"""
	command = [
		*(engine_python(), "-m", "call_intelligence.engine", *arguments, "--json"),
		*("--memory-mb", str(limits.memory_mb), "--cpu-seconds", str(limits.cpu_seconds)),
		*("--file-mb", str(limits.file_mb)),
	]
	with tempfile.TemporaryFile() as stderr:
		child = subprocess.Popen(
			command,
			stdin=subprocess.DEVNULL,
			stdout=subprocess.PIPE,
			stderr=stderr,
			env=engine_environment(token),
			cwd=APP_ROOT,
			start_new_session=True,
		)
		try:
			return listen(child, stderr, limits, on_progress, on_tick)
		finally:
			end(child)


def listen(child, stderr, limits: Limits, on_progress, on_tick) -> StageResult:
	result, error, buffer = StageResult(), None, b""
	started = last_tick = time.monotonic()
	with selectors.DefaultSelector() as selector:
		selector.register(child.stdout, selectors.EVENT_READ)
		while True:
			ready = selector.select(timeout=1)
			if ready:
				block = os.read(child.stdout.fileno(), 65536)
				if not block:
					break
				*lines, buffer = (buffer + block).split(b"\n")
				for line in lines:
					error = handle(line, result, on_progress) or error
				if result.done:
					return result
			now = time.monotonic()
			if now - last_tick >= RENEW_SECONDS:
				last_tick = now
				on_tick()
			if now - started > limits.wall_seconds:
				raise EngineError("time_limit", {"seconds": limits.wall_seconds})
			if resident_mb(child.pid) > limits.memory_mb:
				raise EngineError("out_of_memory", {"limit_mb": limits.memory_mb})
	try:
		code = child.wait(timeout=RENEW_SECONDS)
	except subprocess.TimeoutExpired:
		raise error or EngineError("engine_killed", {}, "it hung without a result", transient=True) from None
	if error:
		raise error
	raise crashed(code, tail(stderr), limits)


def handle(line: bytes, result: StageResult, on_progress) -> EngineError | None:
	try:
		event = json.loads(line)
	except ValueError:
		return None  # output of a library
	kind = event.get("event") if isinstance(event, dict) else None
	if kind == "progress":
		on_progress(float(event.get("fraction") or 0))
	elif kind == "warning":
		result.warnings.append({"code": event.get("code"), "params": event.get("params") or {}})
	elif kind == "done":
		result.seconds += float(event.get("seconds") or 0)
		result.peak_memory_mb = max(result.peak_memory_mb, round(event.get("peak_mb") or 0))
		result.done = True
	elif kind == "error":
		return EngineError(
			event.get("code") or "internal",
			event.get("params"),
			str(event.get("detail") or ""),
			bool(event.get("retryable")),
		)
	return None


def crashed(code: int, detail: str, limits: Limits) -> EngineError:
	"""The error for a child that ended without reporting one"""
	if code == -signal.SIGXCPU:
		return EngineError("time_limit", {"seconds": limits.cpu_seconds}, detail)
	if code == -signal.SIGABRT and ("memory" in detail.lower() or "bad_alloc" in detail):
		# a library aborted before Python could report it
		return EngineError("out_of_memory", {"limit_mb": limits.memory_mb}, detail)
	if code == -signal.SIGKILL:
		# killed by the kernel's out-of-memory killer or an administrator; a retry may succeed
		return EngineError("engine_killed", {}, detail, transient=True)
	if code > 0 and "No module named" in detail:
		return EngineError("engine_missing", {}, detail)
	return EngineError("internal", {"exit_code": code}, detail, transient=code < 0)


def resident_mb(pid: int) -> float:
	try:
		pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
	except (OSError, IndexError, ValueError):
		return 0
	return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def tail(stream, size: int = 4000) -> str:
	stream.seek(0, os.SEEK_END)
	stream.seek(max(stream.tell() - size, 0))
	return stream.read().decode(errors="replace")


def end(child) -> None:
	if child.poll() is None:
		# kill its whole session, including processes that it started
		os.killpg(child.pid, signal.SIGKILL)
	child.wait()
	child.stdout.close()
