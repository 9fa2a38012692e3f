"""Installed, used, uninstalled: nothing of the app is left in the database, on the queue or on disk."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from devbench import database, sites
from devbench.bench import Bench
from tests.conftest import CHECKOUT

SITE = "uninstall.localhost"
PROBE = Path(__file__).with_name("uninstall_probe.py")


@pytest.fixture
def scratch_site(bench):
	"""A site with only Frappe, created from the bench's pattern and removed again."""
	own = Bench()
	vars(own)["root"] = bench.root  # also where the tests run in a variant
	sites.make(own, bench.ports, SITE)
	# Frappe's own daily, weekly and monthly jobs would leave versions
	config = own.sites / SITE / "site_config.json"
	config.write_text(json.dumps({**json.loads(config.read_text()), "pause_scheduler": 1}))
	yield SITE
	database.drop(own, bench.ports, sites.database_name(SITE))
	shutil.rmtree(own.sites / SITE)


def test_nothing_is_left(bench, scratch_site):
	def probe(what: str) -> dict:
		done = subprocess.run(
			[bench.python, PROBE, scratch_site, what], cwd=bench.sites, capture_output=True, text=True, timeout=120,
			env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
		)  # fmt: skip
		assert done.returncode == 0, done.stdout + done.stderr
		return json.loads(done.stdout.strip().splitlines()[-1])

	def frappe(*arguments: str) -> None:
		command = [
			bench.python,
			"-m",
			"frappe.utils.bench_helper",
			"frappe",
			"--site",
			scratch_site,
			*arguments,
		]
		done = subprocess.run(command, cwd=bench.sites, capture_output=True, text=True, timeout=300)
		assert done.returncode == 0, done.stdout + done.stderr

	probe("prepare")
	before = probe("inventory")
	frappe("install-app", "call_intelligence")
	assert probe("use")["files"] == 1
	frappe("uninstall-app", "call_intelligence", "--yes", "--no-backup")
	after = probe("inventory")
	assert after.keys() == before.keys()
	for what in before:
		assert after[what] == before[what], what
