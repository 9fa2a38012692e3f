"""The supervisor keeps services running, applies a changed list and leaves no processes."""

import os
import signal
import subprocess
import sys
import time

import pytest

from devbench import identity, supervisor
from devbench.bench import CHECKOUT
from devbench.files import read_json, write_json

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


class Running:
	"""A real supervisor of a separate bench folder."""

	def __init__(self, root):
		self.root = root
		(root / "logs").mkdir()
		self.process = None

	def list(self, id, **services):
		definitions = [{"name": name, **definition} for name, definition in services.items()]
		write_json(self.root / "config" / "services.json", {"id": id, "services": definitions})

	def start(self):
		env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
		argv = [sys.executable, "-m", "devbench.supervisor", str(self.root)]
		log = (self.root / "logs" / "supervisor.log").open("ab")
		self.process = subprocess.Popen(argv, env=env, stdout=log, stderr=log, start_new_session=True)
		log.close()

	def state(self):
		return read_json(self.root / "config" / "state.json", {})

	def until(self, condition, seconds=15):
		deadline = time.monotonic() + seconds
		while time.monotonic() < deadline:
			state = self.state()
			if state and condition(state):
				return state
			time.sleep(0.02)
		pytest.fail(f"state stayed {self.state()}")

	def stop(self):
		self.process.terminate()
		return self.process.wait(timeout=20)


@pytest.fixture
def running(tmp_path):
	running = Running(tmp_path)
	yield running
	if running.process and running.process.poll() is None:
		running.stop()


def pid_of(state, name):
	return state["services"][name]["pid"]


def all_run(*names):
	return lambda state: (
		set(state["services"]) == set(names) and all(s["running"] for s in state["services"].values())
	)


def test_starts_what_is_listed_and_stops_it_all(running):
	running.list("1", a={"argv": SLEEP}, b={"argv": SLEEP})
	running.start()
	state = running.until(all_run("a", "b"))
	assert running.stop() == 0
	assert not any(identity.is_same(kept) for kept in state["services"].values())
	assert running.state() == {}


def test_a_killed_service_comes_back(running):
	running.list("1", a={"argv": SLEEP})
	running.start()
	first = pid_of(running.until(all_run("a")), "a")
	os.kill(first, signal.SIGKILL)
	state = running.until(lambda state: state["services"]["a"]["running"] and pid_of(state, "a") != first)
	assert state["services"]["a"]["restarts"] == 1


def test_on_hangup_only_what_changed_is_started_again(running):
	running.list(
		"1", same={"argv": SLEEP}, changed={"argv": SLEEP, "env": {"REVISION": "1"}}, gone={"argv": SLEEP}
	)
	running.start()
	before = running.until(all_run("same", "changed", "gone"))
	running.list(
		"2", same={"argv": SLEEP}, changed={"argv": SLEEP, "env": {"REVISION": "2"}}, new={"argv": SLEEP}
	)
	running.process.send_signal(signal.SIGHUP)
	after = running.until(lambda s: s["list"] == "2" and all_run("same", "changed", "new")(s))
	assert pid_of(after, "same") == pid_of(before, "same")
	assert pid_of(after, "changed") != pid_of(before, "changed")
	assert not identity.is_same(before["services"]["gone"])


def test_a_program_that_is_not_there_does_not_stop_the_others(running):
	running.list("1", missing={"argv": ["/nonexistent/program"]}, a={"argv": SLEEP})
	running.start()
	state = running.until(lambda state: state["services"].get("a", {}).get("running"))
	assert not state["services"]["missing"]["running"]
	assert "missing cannot start" in (running.root / "logs" / "supervisor.log").read_text()


def test_services_do_not_outlive_a_killed_supervisor(running):
	running.list("1", a={"argv": SLEEP})
	running.start()
	kept = running.until(all_run("a"))["services"]["a"]
	running.process.kill()
	running.process.wait()
	deadline = time.monotonic() + 10
	while identity.is_same(kept) and time.monotonic() < deadline:
		time.sleep(0.02)
	assert not identity.is_same(kept)


def test_pauses_grow_and_stay_bounded():
	pauses = [supervisor.pause_before_restart(failures) for failures in range(1, 40)]
	assert pauses[0] <= 0.5
	assert pauses == sorted(pauses)
	assert pauses[-1] == 30
