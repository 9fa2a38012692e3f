"""`./run shell`: a shell in the bench's environment."""

import os
import subprocess

from devbench import shell
from devbench.bench import DEMO_SITE, Bench
from devbench.console import Console
from devbench.errors import BenchError
from devbench.files import write_text


def run(bench: Bench, console: Console, command: list[str]) -> int:
	"""Starts $SHELL in sites/, or runs `command` there; `bench` on its path is this bench's."""
	if not bench.python.exists():
		raise BenchError("There is no bench yet", hint="./run up makes one.")
	programs = bench.root / "bin"
	words = " ".join(f'"{word}"' for word in bench.frappe_command)
	write_text(programs / "bench", f'#!/bin/sh\ncd "{bench.sites}" && exec {words} "$@"\n', mode=0o755)
	path = os.pathsep.join([str(programs), str(bench.env / "bin"), os.environ.get("PATH", "")])
	env = shell.environment(PATH=path, FRAPPE_SITE=DEMO_SITE, VIRTUAL_ENV=str(bench.env))
	if not command:
		console.note(f"bench --site {DEMO_SITE} ...; exit leaves")
		command = [os.environ.get("SHELL", "/bin/sh")]
	return subprocess.run(command, cwd=bench.sites, env=env, check=False).returncode
