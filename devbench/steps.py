"""Steps that are done once: a stamp per step, keyed on a fingerprint of its inputs; independent ones side by side."""

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
	"""One piece of the assembly.

	`fingerprint` returns what the outcome depends on; None means "look every time" (the action must then be quick
	when there is nothing to do). `outputs` must exist for a stamp to count. `action` gets True when an earlier run
	completed (the outcome is whole, if perhaps old) and False when it never did or was interrupted half way.
	The failure of an `optional` step is reported and the others go on.
	"""

	name: str
	action: Callable[[bool], None]
	fingerprint: Callable[[], str] | None = None
	needs: tuple[str, ...] = ()
	outputs: tuple[Path, ...] = ()
	optional: bool = False


class Stamps:
	"""Which steps are done, as one small file each."""

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
	"""True when the step was completed with the inputs that it has now and its outputs are still there."""
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
		# Taken before the action: inputs edited meanwhile must count as a change next time.
		fingerprint = step.fingerprint() if step.fingerprint else None
		step.action(whole)
	except BaseException as error:
		# A step that was ended because another one failed is not worth a line of its own.
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
	"""Runs steps in the order of their needs, up to `width` side by side; returns the names of those that ran.

	A need that names no step of the list counts as met. When one fails, no further one is started, those that run may
	finish (their work counts next time), and its error is raised. On an interrupt, those that run are ended.
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
	"""Prints an error in words for people; returns the exit status."""
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
	"""A value that several threads may ask for and that is worked out once."""

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
