"""The number of processes in which `./run test` runs the tests"""

import fcntl
import signal
import subprocess
import sys

import pytest

from devbench.testing import at_once
from tests import processes
from tests.conftest import CHECKOUT


@pytest.mark.parametrize("arguments", [[], ["--durations=15"], ["-x", "-q"]])
def test_all_tests_run_in_two_processes(arguments):
	assert "--numprocesses=2" in at_once(arguments)


@pytest.mark.parametrize(
	"arguments",
	[
		["tests/unit"],
		["-q", "tests/unit/test_colours.py"],
		["--pdb"],
		["-n", "4"],
		["-n4"],
		["--numprocesses=4"],
		["--pdbcls=x"],
	],
)
def test_chosen_tests_and_those_that_are_looked_into_run_in_one(arguments):
	assert at_once(arguments) == []


def test_each_process_has_a_site_of_its_own(monkeypatch):
	found = []
	for worker in ("gw0", "gw1"):
		monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
		found.append(processes.site_of_this_process(["one", "two"]))
	assert found == ["one", "two"]


def test_what_needs_the_whole_bench_exists():
	assert [file for file in processes.WHOLE_BENCH if not (CHECKOUT / file).exists()] == []


def test_what_needs_the_whole_bench_waits_for_others(tmp_path):
	(tmp_path / "config").mkdir()
	alone, shared, siteless = (
		processes.WHOLE_BENCH[0],
		"tests/ui/test_player.py",
		"tests/unit/test_colours.py",
	)
	with (
		processes.turn(tmp_path, shared),
		processes.turn(tmp_path, shared),
		processes.turn(tmp_path, siteless),
	):
		assert not is_free(tmp_path, alone)
	with processes.turn(tmp_path, alone), processes.turn(tmp_path, siteless):
		assert not is_free(tmp_path, shared)
	assert is_free(tmp_path, alone)


def is_free(bench, file: str) -> bool:
	"""Whether another process could run the file's tests without waiting"""
	how = fcntl.LOCK_EX if file in processes.WHOLE_BENCH else fcntl.LOCK_SH
	with (bench / "config" / "tests.lock").open("a") as lock:
		try:
			fcntl.flock(lock, how | fcntl.LOCK_NB)
			return True
		except BlockingIOError:
			return False


ENDLESS = """
import time

def test_endless():
	print("begun", flush=True)
	time.sleep(600)
"""


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_stopped_ends_with_its_summary(tmp_path, sign):
	python = tmp_path / ".bench" / "env" / "bin" / "python"
	python.parent.mkdir(parents=True)
	python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
	python.chmod(0o755)
	(tmp_path / "test_endless.py").write_text(ENDLESS)
	bench = f"Bench(checkout=pathlib.Path({str(tmp_path)!r}))"
	run = f"testing.pytest({bench}, ['test.localhost'], ['test_endless.py', '-s', '-p', 'no:timeout'])"
	code = f"import pathlib, sys; from devbench import testing; from devbench.bench import Bench; sys.exit({run})"
	process = subprocess.Popen(
		[sys.executable, "-c", code],
		cwd=CHECKOUT,
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
		text=True,
	)
	seen = ""
	while "begun" not in seen:
		line = process.stdout.readline()
		assert line, seen
		seen += line
	process.send_signal(sign)
	rest, _ = process.communicate(timeout=60)
	assert "KeyboardInterrupt" in rest
	assert "no tests ran" in rest.splitlines()[-1]
	assert process.returncode == 2
