"""One assembly at a time per bench."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from devbench import shell
from devbench.bench import Bench
from devbench.console import Console


@contextmanager
def exclusive(bench: Bench, console: Console) -> Iterator[None]:
	"""Waits for another ./run that assembles the same bench. The system releases the lock however its holder ends."""
	bench.root.mkdir(parents=True, exist_ok=True)
	with (bench.root / "lock").open("w") as file:
		try:
			fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			console.note("another ./run is at work on this bench; waiting for it")
			fcntl.flock(file, fcntl.LOCK_EX)
		shell.inherited = (file.fileno(),)
		try:
			yield
		finally:
			shell.inherited = ()
