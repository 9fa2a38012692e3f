"""Steps that run once: one stamp per step, keyed by a fingerprint of its inputs; independent steps run in parallel."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from devbench import shell
from devbench.console import Console
from devbench.errors import BenchError
from devbench.files import write_text


@dataclass(frozen=True)
class Step:
	"""One step of the assembly.

	`fingerprint` returns a hash of the inputs; None means "run every time" (the action must then be quick
	when there is nothing to do). `outputs` must exist for a stamp to count. `action` gets True when an earlier run
	completed (the result is whole, though maybe outdated) and False when it never did or was interrupted.
	If an `optional` step fails, this is reported and the others continue.
	"""

	name: str
	action: Callable[[bool], None]
	fingerprint: Callable[[], str] | None = None
	needs: tuple[str, ...] = ()
	outputs: tuple[Path, ...] = ()
	optional: bool = False


class Stamps:
	"""Stamps of completed steps, one small file each."""

	def __init__(self, folder: Path):
		self.folder = folder

	def path(self, name: str) -> Path:
		return self.folder / name.replace(" ", "-").replace("/", "-")

	def read(self, name: str) -> str | None:
		try:
			return self.path(name).read_text()
		except FileNotFoundError:
			return None

	def clear(self, name: str) -> None:
		self.path(name).unlink(missing_ok=True)

	def write(self, name: str, fingerprint: str) -> None:
		write_text(self.path(name), fingerprint)


def is_current(step: Step, stamps: Stamps) -> bool:
	"""Whether the step was completed with its current inputs and its outputs still exist."""
	if step.fingerprint is None:
		return False
	stamp = stamps.read(step.name)
	return stamp is not None and all(p.exists() for p in step.outputs) and stamp == step.fingerprint()


def perform(step: Step, stamps: Stamps, console: Console) -> bool:
	"""Runs one step unless it is current; returns whether it ran. An interrupted step has no stamp."""
	if is_current(step, stamps):
		return False
	whole = stamps.read(step.name) is not None and all(p.exists() for p in step.outputs)
	stamps.clear(step.name)
	began = time.monotonic()
	announced = step.fingerprint is not None
	if announced:
		console.begin(step.name)
	try:
		# Computed before the action: inputs edited meanwhile must count as a change next time.
		fingerprint = step.fingerprint() if step.fingerprint else None
		step.action(whole)
	except BaseException as error:
		# Don't report a step that was ended because another one failed.
		if getattr(error, "code", None) != 130:
			console.failed(step.name, time.monotonic() - began)
		raise
	if fingerprint is not None:
		stamps.write(step.name, fingerprint)
	took = time.monotonic() - began
	if announced or took > 0.5:
		console.done(step.name, took)
	return announced


def run_all(steps: list[Step], stamps: Stamps, console: Console, width: int = 4) -> list[str]:
	"""Runs steps in the order of their needs, up to `width` in parallel; returns the names of those that ran.

	A need that is not in the list counts as met. When a step fails, no further one is started, running ones may
	finish (their work counts next time), and its error is raised. On an interrupt, running steps are ended.
	"""
	names = {step.name for step in steps}
	waiting = {step.name: step for step in steps}
	if len(waiting) != len(steps):
		raise ValueError("two steps have one name")
	met: set[str] = set()
	ran: list[str] = []
	running = {}
	failure: BaseException | None = None
	with ThreadPoolExecutor(max_workers=width) as pool:
		try:
			while running or (waiting and not failure):
				ready = [s for s in waiting.values() if all(n in met or n not in names for n in s.needs)]
				for step in ready[: 0 if failure else width - len(running)]:
					running[pool.submit(perform, step, stamps, console)] = step
					del waiting[step.name]
				if not running:
					raise ValueError(f"steps that wait for each other: {', '.join(sorted(waiting))}")
				finished, _ = wait(running, return_when=FIRST_COMPLETED)
				for future in finished:
					step = running.pop(future)
					error = future.exception()
					if error is None:
						if future.result():
							ran.append(step.name)
						met.add(step.name)
					elif step.optional and isinstance(error, BenchError):
						explain(error, console)
						met.add(step.name)
					else:
						failure = failure or error
						if running:
							console.note(
								f"finishing {', '.join(s.name for s in running.values())} before giving up"
							)
		except BaseException:
			shell.abort()
			raise
	if failure:
		raise failure
	return ran


def explain(error: BaseException, console: Console) -> int:
	"""Prints an error as a message; returns the exit status."""
	if isinstance(error, KeyboardInterrupt):
		console.line()
		console.line("Interrupted. The next start goes on from here.")
		return 130
	if isinstance(error, BenchError):
		console.line(console.paint(f"Error: {error}", "red"))
		if error.hint:
			console.line(error.hint)
		return error.code
	raise error


class Once:
	"""A value for several threads that is computed once."""

	def __init__(self, make: Callable):
		self._make = make
		self._lock = threading.Lock()
		self._made = False

	def __call__(self):
		with self._lock:
			if not self._made:
				self._value = self._make()
				self._made = True
			return self._value
