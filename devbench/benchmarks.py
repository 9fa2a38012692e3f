"""`./run bench`: runs tests/bench/*.py in the bench's Python and renders the results as a table.

Each script prints one JSON object per line, {"name", "value", "unit", "limit", "ok"}; `limit` and `ok` may be missing if
a figure has no limit. Other lines, and all of stderr, are passed through.
"""

import json
import subprocess
import time
from pathlib import Path

from devbench.assembly import Assembly
from devbench.bench import TEST_SITE, Bench
from devbench.console import Console
from devbench.errors import BenchError
from devbench.files import write_json
from devbench.in_use import in_use
from devbench.lock import exclusive
from devbench.testing import environment


def run(bench: Bench, console: Console, names: list[str]) -> int:
	"""`names` selects scripts by parts of their names. Returns 0 when all ran and every figure is within its limit."""
	folder = bench.checkout / "tests" / "bench"
	# Modules without main are shared helpers.
	scripts = [script for script in sorted(folder.glob("*.py")) if "__main__" in script.read_text()]
	chosen = [script for script in scripts if not names or any(name in script.stem for name in names)]
	if not chosen:
		raise BenchError(
			f"No benchmark is named {' or '.join(names)}" if names else f"There are none in {folder}", code=2
		)
	rows, broken = [], []
	with in_use(bench, console):
		with exclusive(bench, console):
			Assembly(bench, console).run([TEST_SITE])
		for script in chosen:
			console.title(f"{script.stem} (after {console.elapsed():.0f} s)")
			began = time.monotonic()
			measured, status = _measure(bench, console, script)
			rows += measured
			if status:
				broken.append(script.stem)
			console.note(f"{len(measured)} figures in {time.monotonic() - began:.0f} s")
	write_json(bench.root / "logs" / "bench.json", rows)
	console.line()
	console.line(table(rows))
	for name in broken:
		console.line(console.paint(f"{name} did not run to its end", "red"))
	return 1 if broken or any(row.get("ok") is False for row in rows) else 0


def parse(line: str) -> dict | None:
	"""The figure in a line, None if there is none."""
	if not line.startswith("{"):
		return None
	try:
		row = json.loads(line)
	except ValueError:
		return None
	return row if isinstance(row, dict) and "name" in row and "value" in row else None


def table(rows: list[dict]) -> str:
	"""A Markdown table, as in README."""
	cells = [["figure", "measured", "limit", ""]]
	for row in rows:
		unit = f" {row['unit']}" if row.get("unit") else ""
		limit = "" if row.get("limit") is None else f"{_number(row['limit'])}{unit}"
		cells.append(
			[
				row["name"],
				f"{_number(row['value'])}{unit}",
				limit,
				{True: "ok", False: "TOO MUCH"}.get(row.get("ok"), ""),
			]
		)
	widths = [max(len(line[column]) for line in cells) for column in range(4)]
	lines = [
		"| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
		for line in cells
	]
	lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
	return "\n".join(lines)


def _number(value) -> str:
	return (
		f"{value:.3g}"
		if isinstance(value, float) and abs(value) < 1000
		else f"{value:.0f}"
		if isinstance(value, float)
		else str(value)
	)


def _measure(bench: Bench, console: Console, script: Path) -> tuple[list[dict], int]:
	env = {**environment(bench, TEST_SITE), "PYTHONPATH": str(bench.checkout)}
	process = subprocess.Popen(
		[bench.python, script],
		cwd=bench.checkout,
		env=env,
		stdin=subprocess.DEVNULL,
		stdout=subprocess.PIPE,
		text=True,
	)
	rows = []
	try:
		for line in process.stdout:
			row = parse(line)
			if row:
				rows.append(row)
			console.note(line.rstrip())
	finally:
		process.terminate() if process.poll() is None else None
		process.wait()
	return rows, process.returncode
