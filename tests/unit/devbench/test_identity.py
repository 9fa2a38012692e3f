"""Signals are sent only to processes that devbench started."""

import os
import signal
import subprocess
import sys
import time

import pytest

from devbench import identity


@pytest.fixture
def sleeper():
	process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
	yield process
	process.kill()
	process.wait()


def test_a_living_process_is_recognised(sleeper):
	assert identity.is_same(identity.describe(sleeper.pid))


def test_a_process_that_ended_is_not(sleeper):
	kept = identity.describe(sleeper.pid)
	sleeper.kill()
	sleeper.wait()
	assert not identity.is_same(kept)
	assert identity.start_time(sleeper.pid) is None


def test_a_zombie_counts_as_ended(sleeper):
	kept = identity.describe(sleeper.pid)
	sleeper.kill()
	os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
	assert not identity.is_same(kept)


@pytest.mark.parametrize(
	"kept", [None, {}, {"pid": 1}, {"pid": "1", "started": "x"}, {"pid": 1, "started": None}]
)
def test_incomplete_descriptions_match_nothing(kept):
	assert not identity.is_same(kept)


def test_a_stranger_with_the_same_pid_is_left_alone(sleeper):
	kept = {**identity.describe(sleeper.pid), "started": "another boot:1"}
	identity.end(kept, patience=1)
	assert sleeper.poll() is None


def test_end_takes_children_in_other_process_groups_along():
	# As RQ does: the job's process leaves the worker's process group.
	code = (
		"import os, subprocess, sys, time\n"
		"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], preexec_fn=os.setpgrp)\n"
		"print(child.pid, flush=True); time.sleep(60)"
	)
	leader = subprocess.Popen(
		[sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE, text=True
	)
	child = int(leader.stdout.readline())
	assert set(identity.session_members(leader.pid)) == {leader.pid, child}
	identity.end(identity.describe(leader.pid), patience=5)
	leader.wait()
	leader.stdout.close()
	assert identity.start_time(child) is None


def test_one_that_ignores_sigterm_is_ended_by_force():
	code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
	process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE)
	process.stdout.readline()
	began = time.monotonic()
	identity.end(identity.describe(process.pid), patience=0.2)
	assert process.wait(timeout=10) == -signal.SIGKILL
	assert time.monotonic() - began < 10
	process.stdout.close()
