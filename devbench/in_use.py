"""Services run as long as a ./run command uses them, or after `./run up` until `./run down`.

config/in_use/PID.json   a command that uses the bench
config/in_use/up         `./run up`, with the supervisor that it started
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devbench import identity
from devbench.bench import Bench
from devbench.console import Console
from devbench.files import read_json, write_json
from devbench.lock import exclusive
from devbench.services import Services


@contextmanager
def in_use(bench: Bench, console: Console) -> Iterator[None]:
	"""Stops the services at the end, unless another command uses them.

	Holds the lock of the assembly: otherwise a command that is starting the services would lose them again.
	"""
	mine = _folder(bench) / f"{os.getpid()}.json"
	write_json(mine, identity.describe(os.getpid()))
	kept = is_kept(bench)
	try:
		yield
	finally:
		mine.unlink(missing_ok=True)
		if kept and Services(bench).supervised():
			# this command may have restarted the services
			keep_up(bench)
		if not is_used(bench):
			with exclusive(bench, console):
				if not is_used(bench):
					Services(bench).stop()


def is_used(bench: Bench, besides: int | None = None) -> bool:
	"""Whether another command than process `besides` uses the services, or `./run up` keeps them."""
	commands = [read_json(file, {}) for file in _folder(bench).glob("*.json")]
	others = [command for command in commands if command.get("pid") != besides]
	return is_kept(bench) or any(identity.is_same(command) for command in others)


def is_kept(bench: Bench) -> bool:
	return identity.is_same(read_json(_marker(bench), {}))


def keep_up(bench: Bench) -> None:
	"""Keeps the current services running until `./run down`"""
	write_json(_marker(bench), Services(bench).state().get("supervisor"))


def give_up(bench: Bench) -> None:
	_marker(bench).unlink(missing_ok=True)


def _marker(bench: Bench) -> Path:
	return _folder(bench) / "up"


def _folder(bench: Bench) -> Path:
	folder = bench.config / "in_use"
	folder.mkdir(parents=True, exist_ok=True)
	return folder
