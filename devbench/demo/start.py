"""Assembles the bench, loads the demo, prints where to look and runs until Ctrl-C."""

import os
import signal
import subprocess
from pathlib import Path

from devbench import shell
from devbench.assembly import Assembly
from devbench.bench import DEMO_SITE, Bench
from devbench.console import Console
from devbench.errors import BenchError
from devbench.files import fingerprint, read_json
from devbench.in_use import in_use, is_used
from devbench.lock import exclusive
from devbench.services import Services
from devbench.steps import Stamps

# Increase it to add new records to existing demos.
EDITION = "3"

# load.py's status when the records are loaded but a call failed; it cannot be imported outside the bench.
CALL_FAILED = 3


def run(bench: Bench, console: Console, audio: list[Path], stay: bool) -> int:
	"""Returns 0 when every call was processed; with `stay`, after Ctrl-C. A bench that was already up stays up."""
	audio = [_readable(file) for file in audio]
	with in_use(bench, console):
		with exclusive(bench, console):
			Assembly(bench, console).run([DEMO_SITE])
			console.title(f"Bench ready after {console.elapsed():.0f} s; demo calls")
			status = _load(bench, audio)
		_show(bench, console)
		if stay:
			_stay(bench, console)
		return status


def _load(bench: Bench, audio: list[Path]) -> int:
	"""Loads missing records and calls, and waits until everything is processed. Returns 1 when a call failed."""
	stamps = Stamps(bench.root / "stamps")
	edition = fingerprint(EDITION, stamps.read(f"site {DEMO_SITE}") or "")
	missing = stamps.read("demo records") != edition
	argv = [bench.python, "-m", "devbench.demo.load", DEMO_SITE, bench.config / "demo.json"]
	env = shell.environment(PYTHONPATH=str(bench.checkout), PYTHONDONTWRITEBYTECODE="1")
	process = subprocess.Popen(
		[str(part) for part in [*argv, "records" if missing else "-", *audio]],
		cwd=bench.sites,
		env=env,
		stdin=subprocess.DEVNULL,
	)
	try:
		status = process.wait()
	except KeyboardInterrupt:
		process.wait()
		raise
	if status not in (0, CALL_FAILED):
		raise BenchError("The demo could not be loaded; see above")
	stamps.write("demo records", edition)
	return 1 if status else 0


def _show(bench: Bench, console: Console) -> None:
	demo = read_json(bench.config / "demo.json", {})
	url = f"http://127.0.0.1:{read_json(bench.config / 'ports.json')['web']}"
	console.line()
	console.title(f"Call Intelligence is up after {console.elapsed():.0f} s: {url}")
	console.line()
	console.line(f"  Log in as (the password is {demo['password']})")
	for person in demo["people"]:
		console.line(f"    {person['email']:<28} {person['is']}")
	console.line()
	console.line("  Look at")
	for place in demo["places"]:
		console.line(f"    {place['what']:<42} {url}{place['path']}")
	console.line()
	if posted := demo.get("posted"):
		console.line("  A call as a telephone system sends it; it appears on Sarah Miller's timeline")
		console.line(
			f"    curl '{posted['url']}' -H 'Content-Type: application/json' "
			f"-H 'X-Demo-Signature: {posted['signature']}' -d '{posted['body']}'"
		)
		console.line()


def _stay(bench: Bench, console: Console) -> None:
	if is_used(bench, besides=os.getpid()):
		console.line("  Ctrl-C ends this; the bench stays up, as another ./run uses it.")
	else:
		console.line("  Ctrl-C stops everything; the next start takes a few seconds.")
	try:
		while Services(bench).supervised():
			# Woken by any signal; polls whether `./run down` was called elsewhere.
			signal.sigtimedwait([signal.SIGUSR1], 2)
		console.line("Stopped from elsewhere.")
	except KeyboardInterrupt:
		console.line()
		if not is_used(bench, besides=os.getpid()):
			console.line("Stopping.")


def _readable(file: Path) -> Path:
	if not file.is_file():
		raise BenchError(f"{file} is not a file", code=2)
	return file.resolve()
