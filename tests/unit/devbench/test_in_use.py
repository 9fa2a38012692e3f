"""The bench's services run as long as a ./run command uses them."""

import io
import subprocess
import sys

import pytest

from devbench.bench import CHECKOUT, Bench
from devbench.console import Console
from devbench.in_use import give_up, in_use, is_used, keep_up
from devbench.services import Services

USER = """
import sys
from pathlib import Path
from devbench.bench import Bench
from devbench.console import Console
from devbench.in_use import in_use
bench = Bench()
vars(bench)["root"] = Path(sys.argv[1])
with in_use(bench, Console()):
	print("in use", flush=True)
	sys.stdin.read()
"""
SLEEP = {"name": "sleep", "argv": [sys.executable, "-c", "import time; time.sleep(60)"]}


@pytest.fixture
def bench(tmp_path):
	"""A separate bench folder, with one running service"""
	bench = Bench()
	vars(bench)["root"] = tmp_path
	bench.logs.mkdir()
	bench.config.mkdir()
	Services(bench).apply([SLEEP])
	yield bench
	Services(bench).stop()


@pytest.fixture
def another(bench):
	"""Another command that uses the bench"""
	argv = [sys.executable, "-c", USER, str(bench.root)]
	with subprocess.Popen(
		argv, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
	) as process:
		assert process.stdout.readline() == "in use\n"
		yield process
		process.kill()


def use(bench):
	with in_use(bench, Console(io.StringIO())):
		assert Services(bench).supervised()


def test_services_end_with_the_only_command(bench):
	use(bench)
	assert not Services(bench).supervised()


def test_services_end_with_a_command_that_fails(bench):
	with pytest.raises(RuntimeError), in_use(bench, Console(io.StringIO())):
		raise RuntimeError
	assert not Services(bench).supervised()


def test_services_end_with_the_last_command(bench, another):
	use(bench)
	assert Services(bench).supervised()
	another.communicate("")
	assert another.returncode == 0
	assert not Services(bench).supervised()


def test_a_command_that_was_killed_uses_nothing(bench, another):
	another.kill()
	another.wait()
	assert not is_used(bench)
	use(bench)
	assert not Services(bench).supervised()


def test_a_bench_that_was_asked_for_stays_until_it_is_given_up(bench):
	keep_up(bench)
	use(bench)
	assert Services(bench).supervised()
	give_up(bench)
	use(bench)
	assert not Services(bench).supervised()
