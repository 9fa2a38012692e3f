"""The commands of ./run; each calls the module of its name."""

import argparse
import signal
import sys
from pathlib import Path

from devbench import shell
from devbench.bench import DEMO_SITE, Bench
from devbench.console import Console
from devbench.errors import BenchError
from devbench.lock import exclusive
from devbench.steps import explain


def main(arguments: list[str]) -> int:
	"""Runs one command; returns its exit status: 0 ok, 1 failed, 2 something to install first, 130 interrupted."""
	options = parse(arguments)
	console = Console()
	for sign in (signal.SIGTERM, signal.SIGHUP):
		signal.signal(sign, _interrupt)
	try:
		bench = Bench(
			frappe=_folder(options.frappe) if options.frappe else None,
			apps=tuple(_folder(app) for app in options.app),
			spa=not options.no_spa,
		)
		return options.command(bench, console, options) or 0
	except KeyboardInterrupt as error:
		shell.abort()
		return explain(error, console)
	except BenchError as error:
		return explain(error, console)


def parse(arguments: list[str]) -> argparse.Namespace:
	shared = argparse.ArgumentParser(add_help=False)
	shared.add_argument("--frappe", metavar="DIR", help="use this Frappe source tree (15 or 16), untouched")
	shared.add_argument(
		"--app", metavar="DIR", action="append", default=[], help="install this app as well; repeatable"
	)
	shared.add_argument(
		"--no-spa", action="store_true", help="leave out the front ends that these apps have besides Desk"
	)

	parser = argparse.ArgumentParser(
		prog="./run", description="A private Frappe bench for call_intelligence."
	)
	commands = parser.add_subparsers(metavar="COMMAND", required=True)

	def add(name: str, function, text: str) -> argparse.ArgumentParser:
		command = commands.add_parser(name, parents=[shared], help=text, description=text)
		command.set_defaults(command=function, rest=[])
		return command

	demo = add("demo", run_demo, "assemble everything, load demo calls and stay up until Ctrl-C")
	demo.add_argument("audio", nargs="*", metavar="AUDIO", help="recordings of your own to process as well")
	demo.add_argument("--exit", action="store_true", help="stop when everything is processed")
	add("test", run_tests, "all tests on a site of their own; further arguments go to pytest")
	add("up", run_up, "assemble and start the bench; it stays up in the background")
	add("down", run_down, "stop what `up` or `demo` started")
	add("bench", run_benchmarks, "performance figures as a table")
	add("matrix", run_matrix, "run these tests and record the result in docs/compatibility.md")
	lint = add("lint", run_lint, "style and consistency of the code")
	lint.add_argument("--write", action="store_true", help="draw the rooms in ARCHITECTURE.md")
	add("doctor", run_doctor, "does every part work, what is its version, how is it mended")
	inside = add("shell", run_shell, "a shell in the bench's environment, or the given command in it")
	inside.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")

	options, rest = parser.parse_known_args(arguments)
	if rest and options.command not in (run_tests, run_shell, run_benchmarks, run_matrix):
		parser.error(f"unknown arguments: {' '.join(rest)}")
	options.rest = [argument for argument in [*getattr(options, "words", []), *rest] if argument != "--"]
	return options


def run_up(bench: Bench, console: Console, options) -> None:
	from devbench.assembly import Assembly
	from devbench.in_use import in_use, keep_up

	assembly = Assembly(bench, console, lenient=True)
	with in_use(bench, console):
		with exclusive(bench, console):
			assembly.run([DEMO_SITE])
		keep_up(bench)
	console.title(f"Up after {console.elapsed():.0f} s: http://127.0.0.1:{assembly.port['web']}")
	console.note("Administrator / admin; ./run down stops it")


def run_down(bench: Bench, console: Console, options) -> None:
	from devbench.in_use import give_up
	from devbench.services import Services

	give_up(bench)
	stopped = Services(bench).stop()
	console.line("Stopped." if stopped else "Nothing ran.")


def run_demo(bench: Bench, console: Console, options) -> int:
	from devbench.demo.start import run

	return run(bench, console, [Path(audio) for audio in options.audio], stay=not options.exit)


def run_tests(bench: Bench, console: Console, options) -> int:
	from devbench.testing import run

	return run(bench, console, options.rest)


def run_benchmarks(bench: Bench, console: Console, options) -> int:
	from devbench.benchmarks import run

	return run(bench, console, options.rest)


def run_matrix(bench: Bench, console: Console, options) -> int:
	from devbench.compatibility import run

	return run(bench, console, options.rest)


def run_lint(bench: Bench, console: Console, options) -> int:
	from devbench.lint import run

	return run(bench, console, options.write)


def run_doctor(bench: Bench, console: Console, options) -> int:
	from devbench.doctor import run

	return run(bench, console)


def run_shell(bench: Bench, console: Console, options) -> int:
	from devbench.interactive import run

	return run(bench, console, options.rest)


def _folder(text: str) -> Path:
	path = Path(text).expanduser().resolve()
	if not path.is_dir():
		raise BenchError(f"{text} is not a folder", code=2)
	return path


def _interrupt(*_):
	raise KeyboardInterrupt


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
