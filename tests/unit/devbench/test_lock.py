"""Two ./run of one checkout take turns, even if the first is killed while its program continues."""

import io
import subprocess
import sys
import time

import pytest

from devbench.bench import CHECKOUT, Bench
from devbench.console import Console
from devbench.lock import exclusive

HOLDER = """
import sys
from pathlib import Path
from devbench import shell
from devbench.bench import Bench
from devbench.console import Console
from devbench.lock import exclusive
root = Path(sys.argv[1])
with exclusive(Bench(checkout=root), Console()):
	print("held", flush=True)
	shell.run([sys.executable, "-c", f"import time; time.sleep({sys.argv[2]})"], root / "log")
"""


@pytest.fixture
def holder(tmp_path):
	def start(seconds):
		argv = [sys.executable, "-c", HOLDER, str(tmp_path), str(seconds)]
		process = subprocess.Popen(argv, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
		assert process.stdout.readline() == "held\n"
		# Until the program inside has started: run() writes its command into the log first.
		while not (tmp_path / "log").exists():
			time.sleep(0.01)
		time.sleep(0.3)
		return process

	started = []
	yield lambda seconds: started.append(start(seconds)) or started[-1]
	for process in started:
		process.kill()
		process.wait()
		process.stdout.close()


def test_the_second_waits_and_says_so(holder, tmp_path):
	console = Console(io.StringIO())
	process = holder(1.5)
	began = time.monotonic()
	with exclusive(Bench(checkout=tmp_path), console):
		assert time.monotonic() - began > 0.5
	assert "waiting for it" in console.stream.getvalue()
	assert process.wait() == 0


def test_a_program_that_outlives_its_run_keeps_the_lock(holder, tmp_path):
	process = holder(2)
	process.kill()
	process.wait()
	began = time.monotonic()
	with exclusive(Bench(checkout=tmp_path), Console(io.StringIO())):
		assert time.monotonic() - began > 0.5


def test_another_bench_is_not_concerned(holder, tmp_path):
	holder(30)
	(tmp_path / "other").mkdir()
	console = Console(io.StringIO())
	with exclusive(Bench(checkout=tmp_path / "other"), console):
		pass
	assert console.stream.getvalue() == ""
