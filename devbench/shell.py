"""Runs programs for steps: output in a log, its end in the error, no processes left after an interrupt."""

import os
import re
import signal
import subprocess
import threading
from pathlib import Path

from devbench.errors import BenchError

_running: set[subprocess.Popen] = set()
_lock = threading.Lock()
_aborted = threading.Event()

# Open files that programs inherit: the lock of the bench. If ./run is killed, a program that continues still
# holds the lock, and the next ./run waits for it instead of running at the same time.
inherited: tuple[int, ...] = ()

# A virtual environment or module path of the caller must not leak into the bench. With CI set, Frappe's workers behave as in
# a test and only log errors; checks should run in the same way as for users.
_FOREIGN = (
	*("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE"),
	*("SITES_PATH", "FRAPPE_SITE", "CI"),
)


def environment(**extra: str) -> dict[str, str]:
	"""The caller's environment without variables that change which code runs, plus `extra`."""
	clean = {key: value for key, value in os.environ.items() if key not in _FOREIGN}
	clean.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PYTHONUNBUFFERED="1")
	clean.update(extra)
	return clean


def run(
	argv: list, log: Path, cwd: Path | None = None, env: dict | None = None, feed: str | None = None
) -> None:
	"""Runs a program to its end; its output is appended to `log`.

	Raises BenchError with the last lines of the output when it fails, or after `abort()`.
	"""
	argv = [str(part) for part in argv]
	log.parent.mkdir(parents=True, exist_ok=True)
	with log.open("ab") as output:
		output.write(f"$ {' '.join(argv)}\n".encode())
		output.flush()
		position = output.tell()
		try:
			process = _start(argv, output, cwd, env, feed)
		except FileNotFoundError:
			raise BenchError(f"{argv[0]} was not found") from None
		try:
			process.communicate(feed.encode() if feed is not None else None)
		finally:
			with _lock:
				_running.discard(process)
	if _aborted.is_set():
		raise BenchError("interrupted", code=130)
	if process.returncode:
		raise BenchError(
			f"{Path(argv[0]).name} ended with status {process.returncode}:\n{tail(log, position)}",
			hint=f"All of its output: {log}",
		)


def output(argv: list, cwd: Path | None = None, env: dict | None = None, timeout: float = 60) -> str | None:
	"""Stdout of a program, stripped; None if it is missing, fails or takes longer than `timeout` seconds."""
	try:
		result = subprocess.run(
			[str(part) for part in argv],
			cwd=cwd,
			env=env or environment(),
			stdin=subprocess.DEVNULL,
			stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT,
			timeout=timeout,
		)
	except (OSError, subprocess.TimeoutExpired):
		return None
	return result.stdout.decode(errors="replace").strip() if result.returncode == 0 else None


_ERROR = re.compile(r"\b(error|fatal|exception|refused|denied|not found|no such)\b", re.IGNORECASE)


def tail(log: Path, position: int = 0, lines: int = 25) -> str:
	"""The last `lines` lines of `log` after byte `position`, indented; then the first that tells of an error, unless it is one of
	them: programs go on for a while after the cause."""
	with log.open("rb") as file:
		file.seek(position)
		text = file.read().decode(errors="replace")
	# Of a progress bar, only its last state.
	shown = [line.rsplit("\r", 1)[-1] for line in text.rstrip().split("\n")]
	last = shown[-lines:]
	cause = next((line for line in shown if _ERROR.search(line)), None)
	if cause and cause not in last:
		last += ["", f"The first error: {cause.strip()}"]
	return "\n".join(f"    {line}".rstrip() for line in last)


def abort() -> None:
	"""Ends every program started by `run`, with its children, and lets it start no more."""
	_aborted.set()
	with _lock:
		processes = list(_running)
	for process in processes:
		if process.poll() is None:
			try:
				os.killpg(process.pid, signal.SIGTERM)
			except ProcessLookupError:
				pass


def _start(argv, output, cwd, env, feed) -> subprocess.Popen:
	with _lock:
		if _aborted.is_set():
			raise BenchError("interrupted", code=130)
		process = subprocess.Popen(
			argv,
			cwd=cwd,
			env=env or environment(),
			stdin=subprocess.PIPE if feed is not None else subprocess.DEVNULL,
			stdout=output,
			stderr=subprocess.STDOUT,
			start_new_session=True,
			pass_fds=inherited,
		)
		_running.add(process)
	return process
