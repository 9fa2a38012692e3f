"""`./run test`: pytest in the bench's Python, with the services up and a site that only tests use."""

import os
import subprocess

from devbench import shell
from devbench.assembly import Assembly
from devbench.bench import Bench
from devbench.console import Console
from devbench.in_use import in_use
from devbench.lock import exclusive

# pytest's own status for "nothing was collected"; not a success for somebody who asked for tests.
NO_TESTS = 5


def environment(bench: Bench, site: str) -> dict[str, str]:
	"""What tests/conftest.py reads to find the bench."""
	return shell.environment(
		CALL_INTELLIGENCE_BENCH=str(bench.root),
		CALL_INTELLIGENCE_TEST_SITE=site,
		CALL_INTELLIGENCE_ENGINE=str(bench.engine),
		PYTHONDONTWRITEBYTECODE="1",
	)


def run(bench: Bench, console: Console, site: str, arguments: list[str]) -> int:
	"""Returns pytest's exit status. A bench that was up before stays up."""
	with in_use(bench, console):
		with exclusive(bench, console):
			Assembly(bench, console).run([site], tools=True)
		console.title(f"Bench ready after {console.elapsed():.0f} s; tests on {site}")
		return pytest(bench, site, arguments)


def at_once(arguments: list[str]) -> list[str]:
	"""Of all tests, those of the site run in one process, and the others meanwhile in a second one; see tests/conftest.py.

	Who names tests, or looks into one, wants a single process.
	"""
	interactive = {"-s", "--pdb", "--trace", "-n", "--numprocesses"}
	everything = all(argument.startswith("-") for argument in arguments)
	if not everything or interactive & set(arguments):
		return []
	return ["--numprocesses=2", "--dist=loadscope"]


def pytest(bench: Bench, site: str, arguments: list[str]) -> int:
	"""pytest's output goes straight to the terminal: its summary is what comes last."""
	process = subprocess.Popen(
		[bench.python, "-m", "pytest", *at_once(arguments), *arguments],
		cwd=bench.checkout,
		env=environment(bench, site),
		stdin=subprocess.DEVNULL if not os.isatty(0) else None,
	)
	try:
		return process.wait()
	except KeyboardInterrupt:
		# The terminal sent it to pytest as well, which prints what it has so far.
		process.wait()
		raise
