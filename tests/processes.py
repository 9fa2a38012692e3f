"""Distribution of the tests by `./run test` to two processes of pytest-xdist, each with its own site.

Both use the same services. Tests that affect all of them run alone: see WHOLE_BENCH.
"""

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path

SITELESS = ("unit", "engine", "media", "accuracy")
# they stop services, fill their disk, or look at all queues
WHOLE_BENCH = (
	"tests/integration/test_jobs.py",
	"tests/integration/test_dormant_site.py",
	"tests/integration/test_devbench.py",
	"tests/security/test_disk.py",
	"tests/chaos/test_kills.py",
)


def site_of_this_process(sites: list[str]) -> str:
	"""sites: one for each process"""
	worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
	return sites[int(worker.removeprefix("gw")) % len(sites)]


def folder_of(file: str) -> str:
	"""file: relative to the checkout"""
	return Path(file).parts[1]


# seconds: the first test of a file waits for its turn, and the other process may be at a long file that has the bench to itself
LONGEST_WAIT = 3000


def takes_turns(file: str) -> bool:
	return folder_of(file) not in SITELESS


@contextmanager
def turn(bench: Path, file: str):
	"""Waits until the tests of this file may run in parallel with those of the other process."""
	if not takes_turns(file):
		yield
		return
	with (bench / "config" / "tests.lock").open("a") as lock:
		fcntl.flock(lock, fcntl.LOCK_EX if file in WHOLE_BENCH else fcntl.LOCK_SH)
		yield


def make_scheduler(config, log):
	"""Distributes whole files, see `preference`."""
	from xdist.scheduler import LoadScopeScheduling

	class BySite(LoadScopeScheduling):
		def _split_scope(self, nodeid):
			return nodeid.split("::")[0]

		def _assign_work_unit(self, node):
			is_first = node is self.nodes[0]
			best = min(
				self.workqueue, key=lambda file: (preference(file, is_first), -len(self.workqueue[file]))
			)
			self.workqueue.move_to_end(best, last=False)
			super()._assign_work_unit(node)

	return BySite(config, log)


def preference(file: str, is_first: bool) -> int:
	"""The lowest comes first. Browser tests take longest, so they are not at the end.

	At the end the first process runs tests of the whole bench, and the second those without a site: neither waits. Kills of the
	database come last, since the other process would lose its connection.
	"""
	if folder_of(file) == "chaos":
		return 5
	if file in WHOLE_BENCH:
		return 3 if is_first else 4
	if folder_of(file) in SITELESS:
		return 4 if is_first else 3
	return 1 if folder_of(file) == "ui" else 2
