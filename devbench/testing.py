"""`./run test`: pytest in the bench's Python, with the services up and a site only for tests."""

import os
import signal
import subprocess

from devbench import shell
from devbench.assembly import Assembly
from devbench.bench import TEST_SITE, Bench
from devbench.console import Console
from devbench.in_use import in_use
from devbench.lock import exclusive

# one for each process
TEST_SITES = [TEST_SITE, "test2.localhost"]
# pytest's status for "no tests collected"; not a success if tests were requested.
NO_TESTS = 5


def environment(bench: Bench, *sites: str) -> dict[str, str]:
	"""Environment variables with which tests/conftest.py finds the bench."""
	return shell.environment(
		CALL_INTELLIGENCE_BENCH=str(bench.root),
		CALL_INTELLIGENCE_TEST_SITES=" ".join(sites),
		CALL_INTELLIGENCE_ENGINE=str(bench.engine),
		PYTHONDONTWRITEBYTECODE="1",
	)


def run(bench: Bench, console: Console, arguments: list[str]) -> int:
	"""Returns pytest's exit status. A bench that was already up stays up."""
	sites = TEST_SITES if at_once(arguments) else TEST_SITES[:1]
	with in_use(bench, console):
		with exclusive(bench, console):
			Assembly(bench, console).run(sites, tools=True)
		console.title(f"Bench ready after {console.elapsed():.0f} s; tests on {' and '.join(sites)}")
		return pytest(bench, sites, arguments)


def at_once(arguments: list[str]) -> list[str]:
	"""Arguments that run all tests in two processes with a site each, else none; see tests/processes.py.

	Naming tests, or debugging one, needs a single process.
	"""
	interactive = ("-s", "--pdb", "--trace", "-n", "--numprocesses")
	everything = all(argument.startswith("-") for argument in arguments)
	if not everything or any(argument.startswith(interactive) for argument in arguments):
		return []
	return ["--numprocesses=2", "--dist=loadscope"]


def pytest(bench: Bench, sites: list[str], arguments: list[str]) -> int:
	"""pytest's output goes straight to the terminal, ending with its summary, even if `./run test` is asked to stop."""
	process = subprocess.Popen(
		[bench.python, "-m", "pytest", *at_once(arguments), *arguments],
		cwd=bench.checkout,
		env=environment(bench, *sites),
		stdin=subprocess.DEVNULL if not os.isatty(0) else None,
	)
	# a terminal's Ctrl-C goes to both, these only to this process
	for sign in (signal.SIGTERM, signal.SIGHUP):
		signal.signal(sign, lambda *_: process.send_signal(signal.SIGINT))
	try:
		return process.wait()
	except KeyboardInterrupt:
		# The terminal sent the signal to pytest too, which prints its results so far.
		process.wait()
		raise
