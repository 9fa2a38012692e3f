"""`./run lint`: all static checks of the code."""

import subprocess
import time
from collections.abc import Callable

from devbench import hygiene, rooms, shell
from devbench.assembly import Assembly
from devbench.bench import Bench
from devbench.console import Console
from devbench.files import walk
from devbench.lock import exclusive
from devbench.steps import run_all


def run(bench: Bench, console: Console, draw: bool = False) -> int:
	"""draw: first write the picture of the rooms into ARCHITECTURE.md. Runs all checks, and returns 0 if none reports a problem."""
	with exclusive(bench, console):
		assembly = Assembly(bench, console)
		assembly.make_folders()
		run_all(assembly.tools(), assembly.stamps, console)
	if draw:
		rooms.write(bench.checkout)
	failed = [name for name, check in checks(bench) if not _report(console, name, check)]
	console.title(f"Lint: {'failed: ' + ', '.join(failed) if failed else 'nothing to say'}")
	return 1 if failed else 0


def checks(bench: Bench) -> list[tuple[str, Callable[[], list[str]]]]:
	"""Name and function of every check; the function returns lines to print, none if all is well."""
	checkout = bench.checkout
	ruff = bench.tools / "python" / "bin" / "ruff"
	own_tools = checkout / "node_modules" / ".bin"
	eslint, prettier = own_tools / "eslint", own_tools / "prettier"
	files = hygiene.tracked_files(checkout)
	scripts = [
		str(file.relative_to(checkout))
		for file in files
		if file.suffix in (".js", ".mjs", ".vue", ".css", ".scss") and "dist" not in file.parts
	]
	shell_scripts = [checkout / "run", checkout / ".ci" / "run"]
	return [
		("ruff check", lambda: _program([ruff, "check", "--quiet", "--no-cache", "."], checkout)),
		(
			"ruff format",
			lambda: _program(
				[ruff, "format", "--check", "--quiet", "--no-cache", "--output-format", "concise", "."],
				checkout,
			),
		),
		("eslint", lambda: _program([eslint, "--max-warnings", "0", "."], checkout)),
		(
			"prettier",
			lambda: (
				_program([prettier, "--check", "--loglevel", "warn", *scripts], checkout) if scripts else []
			),
		),
		(
			"bash",
			lambda: [line for file in shell_scripts for line in _program(["bash", "-n", file], checkout)],
		),
		("types", lambda: _types(bench)),
		("imports between rooms", lambda: _imports(bench)),
		("rooms in ARCHITECTURE.md", lambda: list(rooms.problems(files, checkout))),
		("machine paths and registry hosts", lambda: list(hygiene.foreign_places(files, checkout))),
		("translations", lambda: list(hygiene.translation_problems(checkout))),
		("json", lambda: _json(bench)),
	]


def _report(console: Console, name: str, check: Callable[[], list[str]]) -> bool:
	began = time.monotonic()
	problems = check()
	(console.failed if problems else console.done)(name, time.monotonic() - began)
	for problem in problems:
		console.note(problem)
	return not problems


def _program(argv: list, cwd) -> list[str]:
	result = subprocess.run(
		[str(part) for part in argv],
		cwd=cwd,
		env=shell.environment(),
		stdin=subprocess.DEVNULL,
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
		check=False,
	)
	if result.returncode == 0:
		return []
	return result.stdout.decode(errors="replace").strip().splitlines() or [
		f"ended with status {result.returncode}"
	]


def _types(bench: Bench) -> list[str]:
	"""[tool.mypy] in pyproject.toml; the cache is kept outside the checkout."""
	program = bench.tools / "python" / "bin" / "mypy"
	memory = bench.root / "cache" / "mypy"
	return _program(
		[program, "--no-error-summary", "--hide-error-context", "--cache-dir", memory], bench.checkout
	)


def _imports(bench: Bench) -> list[str]:
	"""[tool.importlinter] in pyproject.toml; output about kept contracts is omitted."""
	program = bench.tools / "python" / "bin" / "lint-imports"
	lines = _program([program, "--no-cache", "--no-logo"], bench.checkout)
	broken = next((number for number, line in enumerate(lines) if line.startswith("Broken contracts")), 0)
	return lines[broken:]


def _json(bench: Bench) -> list[str]:
	"""Frappe reports a broken DocType file only during a migration."""
	import json

	problems = []
	for folder in bench.app_folders.values():
		for file in walk(folder, (".json",), skip=("node_modules", "dist", ".bench", ".git")):
			if any(part.startswith(".bench") for part in file.relative_to(folder).parts):
				continue
			try:
				json.loads(file.read_text())
			except ValueError as error:
				problems.append(f"{file.relative_to(bench.checkout)}: {error}")
	return problems
