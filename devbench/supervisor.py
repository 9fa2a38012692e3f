"""Keeps a bench's services running: one process per bench, started by `up`, stopped by `down`.

    python -m devbench.supervisor BENCH_ROOT

Reads config/services.json (see services.py), starts its services in order, restarts those that end unexpectedly (at
once, then after increasing pauses) and writes config/state.json after every change. SIGHUP: read the list again
and start, stop or restart what changed. SIGTERM: stop everything in reverse order and exit.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from devbench import identity, shell
from devbench.files import files_fingerprint, read_json, write_json

_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)

# Version of this supervisor: one started by an older checkout must be replaced.
CODE = files_fingerprint([Path(__file__), Path(identity.__file__)], Path(__file__).parent)

# A service that ran this long is not in a crash loop.
_STEADY = 10.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 30.0


def pause_before_restart(failures: int) -> float:
	"""Seconds to wait before starting a service that ended `failures` times in quick succession."""
	return min(_FIRST_PAUSE * 2 ** max(failures - 1, 0), _LONGEST_PAUSE)


@dataclass
class Child:
	definition: dict
	process: subprocess.Popen | None = None
	started: float = 0.0
	failures: int = 0
	restarts: int = 0
	due: float = 0.0
	kept: dict = field(default_factory=dict)


class Supervisor:
	def __init__(self, root: Path):
		self.root = root
		self.logs = root / "logs"
		self.children: dict[str, Child] = {}
		self.list = ""

	def run(self) -> None:
		signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
		self.reload()
		while True:
			event = signal.sigtimedwait(_SIGNALS, self._wait())
			if event and event.si_signo in (signal.SIGTERM, signal.SIGINT):
				break
			if event and event.si_signo == signal.SIGHUP:
				self.reload()
			self.reap()
			self.start_due()
		self.stop(list(self.children))
		(self.root / "config" / "state.json").unlink(missing_ok=True)

	def reload(self) -> None:
		wanted = read_json(self.root / "config" / "services.json", {})
		listed = {service["name"]: service for service in wanted.get("services", [])}
		self.stop([n for n, child in self.children.items() if listed.get(n) != child.definition])
		# Rebuilt in the order of the list: starts run in this order, stops in reverse.
		self.children = {n: self.children.get(n) or Child(d) for n, d in listed.items()}
		# Written to the state, so that the sender of the signal knows when it was handled.
		self.list = wanted.get("id", "")
		self.start_due()

	def start_due(self) -> None:
		now = time.monotonic()
		for child in self.children.values():
			if child.process is None and child.due <= now:
				self._start(child)
		self.report()

	def reap(self) -> None:
		now = time.monotonic()
		for child in self.children.values():
			if child.process is not None and child.process.poll() is not None:
				self._log(f"{child.definition['name']} ended with status {child.process.returncode}")
				# Its remaining processes (for example a job's) would share ports and files with its successor.
				identity.end_session(child.process.pid, 1.0)
				child.failures = 1 if now - child.started >= _STEADY else child.failures + 1
				child.due = now + pause_before_restart(child.failures)
				child.restarts += 1
				child.process, child.kept = None, {}

	def stop(self, names: list[str]) -> None:
		for name in reversed(names):
			child = self.children.pop(name)
			if child.process is not None and child.process.poll() is None:
				identity.end(child.kept, child.definition.get("patience", 5.0))
				child.process.wait()
			elif child.process is not None:
				identity.end_session(child.process.pid, 1.0)
			self._log(f"{name} stopped")
		self.report()

	def report(self) -> None:
		services = {
			name: {**child.kept, "running": child.process is not None, "restarts": child.restarts}
			for name, child in self.children.items()
		}
		state = {
			"supervisor": identity.describe(os.getpid()),
			"code": CODE,
			"list": self.list,
			"services": services,
		}
		file = self.root / "config" / "state.json"
		if read_json(file) != state:
			write_json(file, state)

	def _start(self, child: Child) -> None:
		definition = child.definition
		output = (self.logs / f"{definition['name']}.log").open("ab")
		try:
			child.process = subprocess.Popen(
				definition["argv"],
				cwd=definition.get("cwd") or self.root,
				env=shell.environment(**definition.get("env", {})),
				stdin=subprocess.DEVNULL,
				stdout=output,
				stderr=subprocess.STDOUT,
				start_new_session=True,
				preexec_fn=_die_with_parent,
			)
		except OSError as error:
			self._log(f"{definition['name']} cannot start: {error}")
			child.failures += 1
			child.due = time.monotonic() + pause_before_restart(child.failures)
			return
		finally:
			output.close()
		child.started = time.monotonic()
		child.kept = identity.describe(child.process.pid)
		self._log(f"{definition['name']} started, pid {child.process.pid}")

	def _wait(self) -> float:
		due = [child.due for child in self.children.values() if child.process is None]
		return max(0.0, min([*due, time.monotonic() + 5.0]) - time.monotonic())

	def _log(self, text: str) -> None:
		print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}", flush=True)


def _die_with_parent() -> None:
	"""Runs in the child: unblocks the supervisor's signals, and makes it die with the supervisor (even by SIGKILL)."""
	signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
	_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
	Supervisor(Path(sys.argv[1])).run()
