"""`./run test`: pytest in the bench's Python, with the services up and a site that only tests use."""

import os
import subprocess

from devbench import shell
from devbench.assembly import Assembly
from devbench.bench import TEST_SITE, Bench
from devbench.console import Console
from devbench.in_use import in_use
from devbench.lock import exclusive

# one for each process
TEST_SITES = [TEST_SITE, "test2.localhost"]
# pytest's own status for "nothing was collected"; not a success for somebody who asked for tests.
NO_TESTS = 5


def environment(bench: Bench, *sites: str) -> dict[str, str]:
	"""What tests/conftest.py reads to find the bench."""
	return shell.environment(
		CALL_INTELLIGENCE_BENCH=str(bench.root),
		CALL_INTELLIGENCE_TEST_SITES=" ".join(sites),
		CALL_INTELLIGENCE_ENGINE=str(bench.engine),
		PYTHONDONTWRITEBYTECODE="1",
	)


def run(bench: Bench, console: Console, arguments: list[str]) -> int:
	"""Returns pytest's exit status. A bench that was up before stays up."""
	sites = TEST_SITES if at_once(arguments) else TEST_SITES[:1]
	with in_use(bench, console):
		with exclusive(bench, console):
			Assembly(bench, console).run(sites, tools=True)
		console.title(f"Bench ready after {console.elapsed():.0f} s; tests on {' and '.join(sites)}")
		return pytest(bench, sites, arguments)


def at_once(arguments: list[str]) -> list[str]:
	"""All tests run in two processes, each with a site of its own; see tests/processes.py.

	Who names tests, or looks into one, wants a single process.
	"""
	interactive = ("-s", "--pdb", "--trace", "-n", "--numprocesses")
	everything = all(argument.startswith("-") for argument in arguments)
	if not everything or any(argument.startswith(interactive) for argument in arguments):
		return []
	return ["--numprocesses=2", "--dist=loadscope"]


def pytest(bench: Bench, sites: list[str], arguments: list[str]) -> int:
	"""pytest's output goes straight to the terminal: its summary is what comes last."""
	process = subprocess.Popen(
		[bench.python, "-m", "pytest", *at_once(arguments), *arguments],
		cwd=bench.checkout,
		env=environment(bench, *sites),
		stdin=subprocess.DEVNULL if not os.isatty(0) else None,
	)
	try:
		return process.wait()
	except KeyboardInterrupt:
		# The terminal sent it to pytest as well, which prints what it has so far.
		process.wait()
		raise
