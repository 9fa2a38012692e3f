"""Helpers of the benchmarks of the running site: the connection, and users with API access."""

import contextlib
import os
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine_common import row  # noqa: E402, F401

from tests.conftest import BENCH, SITE, RunningBench  # noqa: E402


@contextlib.contextmanager
def connected():
	"""Connects as Administrator to the test site of the bench started by ./run bench, in sites/ -> RunningBench"""
	import json

	import frappe

	bench = RunningBench(BENCH, SITE, json.loads((BENCH / "config" / "ports.json").read_text()))
	os.chdir(bench.sites)
	frappe.init(site=bench.site, sites_path=".")
	frappe.connect()
	try:
		yield bench
	finally:
		frappe.destroy()


def new_user(*roles):
	"""A user with an API key; the caller commits, and deletes it -> (name, value of the Authorization header)"""
	import frappe

	from tests import factories

	user = frappe.get_doc("User", factories.user(*roles))
	user.api_key, user.api_secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
	secret = user.api_secret
	user.save(ignore_permissions=True)
	return user.name, f"token {user.api_key}:{secret}"


def delete(doctype, name):
	"""Deletes by the app's own rules, ignoring links; commits"""
	import frappe

	frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)
	frappe.db.commit()


def percentile_95(values):
	return statistics.quantiles(values, n=20, method="inclusive")[-1]
