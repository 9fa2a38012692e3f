"""`./run matrix`: runs tests on a bench of these versions and records what passed, for docs/compatibility.md and README.

docs/compatibility.json has one entry for each set of versions: {"frappe", "apps": {name: version}, "runs": {what: {"on": date,
"passed", "failed", "skipped"}}}. A run replaces the earlier one of the same name.
"""

import re
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from devbench import testing
from devbench.assembly import Assembly
from devbench.bench import APP, TEST_SITE, Bench
from devbench.console import Console
from devbench.errors import BenchError
from devbench.files import read_json, write_json, write_text
from devbench.in_use import in_use
from devbench.lock import exclusive

MIGRATE = "install, migrate twice"
START, END = "<!-- matrix: written by ./run matrix -->", "<!-- end of matrix -->"
_VERSION = re.compile(r'^__version__\s*=\s*["\']([^"\']+)', re.MULTILINE)


def run(bench: Bench, console: Console, paths: list[str]) -> int:
	"""Each of `paths` is a run of its own; without any, only the installation is tested. Returns 0 when nothing failed."""
	unknown = [path for path in paths if not (bench.checkout / path.split("::")[0]).exists()]
	if unknown:
		raise BenchError(f"There is no {unknown[0]}", code=2)
	with in_use(bench, console):
		with exclusive(bench, console):
			Assembly(bench, console).run([TEST_SITE], tools=True)
			runs = {MIGRATE: _migrate_twice(bench)}
		record(bench, runs)
		for path in paths:
			runs[path] = _tests(bench, path)
			record(bench, {path: runs[path]})
	console.line(table([entry(bench, runs)]))
	return 1 if any(result["failed"] for result in runs.values()) else 0


def _migrate_twice(bench: Bench) -> dict:
	"""The site's apps are installed already; see assembly.py"""
	argv = [*bench.frappe_command, "--site", TEST_SITE, "migrate", "--skip-search-index"]
	failed = sum(subprocess.run(argv, cwd=bench.sites, check=False).returncode != 0 for _ in range(2))
	return {"on": _today(), "passed": 2 - failed, "failed": failed, "skipped": 0}


def _tests(bench: Bench, path: str) -> dict:
	with tempfile.TemporaryDirectory() as folder:
		report = Path(folder) / "report.xml"
		status = testing.pytest(bench, [TEST_SITE], [path, f"--junitxml={report}"])
		# an interrupted run leaves a report as well
		if status not in (0, 1) or not report.exists():
			raise BenchError(f"pytest ended with status {status}")
		return {"on": _today(), **counts(report.read_text())}


def counts(report: str) -> dict[str, int]:
	"""Of a report in JUnit's XML"""
	suites = ElementTree.fromstring(report).iter("testsuite")
	total = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
	for suite in suites:
		for name in total:
			total[name] += int(suite.get(name, 0))
	failed = total["failures"] + total["errors"]
	return {
		"passed": total["tests"] - failed - total["skipped"],
		"failed": failed,
		"skipped": total["skipped"],
	}


def entry(bench: Bench, runs: dict) -> dict:
	folders = {"frappe": bench.frappe_app, **bench.app_folders}
	versions = {name: version(folder / name) for name, folder in folders.items() if name != APP}
	return {"frappe": versions.pop("frappe"), "apps": versions, "runs": runs}


def version(package: Path) -> str:
	found = _VERSION.search((package / "__init__.py").read_text())
	return found[1] if found else "?"


def record(bench: Bench, runs: dict) -> None:
	"""Adds the runs to docs/compatibility.json and rewrites the tables."""
	file = bench.checkout / "docs" / "compatibility.json"
	entries = merged(read_json(file, []), entry(bench, runs))
	write_json(file, entries)
	for name in ("docs/compatibility.md", "README.md"):
		write(bench.checkout / name, table(entries, short=name == "README.md"))


def merged(entries: list[dict], new: dict) -> list[dict]:
	"""`entries` with the runs of `new`, in the order of versions"""
	same = [old for old in entries if (old["frappe"], old["apps"]) == (new["frappe"], new["apps"])]
	others = [old for old in entries if old not in same]
	runs = {**(same[0]["runs"] if same else {}), **new["runs"]}
	return sorted(
		[*others, {**new, "runs": runs}], key=lambda row: (row["frappe"], sorted(row["apps"].items()))
	)


def table(entries: list[dict], short: bool = False) -> str:
	"""Markdown; short: one row for each set of versions, with sums"""
	lines = [
		"| Frappe | apps | run | passed | failed | skipped | on |",
		"| --- | --- | --- | --- | --- | --- | --- |",
	]
	for row in entries:
		apps = ", ".join(f"{name} {text}" for name, text in sorted(row["apps"].items())) or "none"
		runs = row["runs"]
		if short:
			runs = {", ".join(runs): _sum(list(runs.values()))}
		for what, result in runs.items():
			figures = [str(result[name]) for name in ("passed", "failed", "skipped", "on")]
			lines.append(f"| {' | '.join([row['frappe'], apps, what, *figures])} |")
	return "\n".join(lines)


def _sum(results: list[dict]) -> dict:
	total = {name: sum(result[name] for result in results) for name in ("passed", "failed", "skipped")}
	return {**total, "on": max(result["on"] for result in results)}


def write(file: Path, drawn: str) -> None:
	"""Replaces the text between the marks"""
	before, _start, rest = file.read_text().partition(START)
	_old, end, after = rest.partition(END)
	if not end:
		raise BenchError(f"{file} has no place for the table", hint=f"It needs two lines: {START} and {END}")
	write_text(file, f"{before}{START}\n{drawn}\n{END}{after}")


def _today() -> str:
	return time.strftime("%Y-%m-%d")
