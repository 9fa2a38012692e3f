"""A lease by which one worker holds a run; it lapses when the worker's heartbeat stops.

Times are in UTC: in the site's time zone a lease would last an hour longer or lapse at once when summer time begins or ends.
"""

import os
import socket
from datetime import datetime, timedelta

import frappe
from frappe.utils import cint

from call_intelligence.core import writing
from call_intelligence.core.times import utc_now

LEASE_SECONDS = 45
RENEW_SECONDS = 5
RUN = "Processing Run"


class LeaseLost(Exception):
	"""The run was cancelled, deleted or taken over: the holder of this lease must stop without writing."""


def lease_seconds() -> int:
	return cint(frappe.conf.get("call_intelligence_lease_seconds")) or LEASE_SECONDS


def lapsed_before() -> datetime:
	"""In UTC"""
	return utc_now() - timedelta(seconds=lease_seconds())


def is_alive(heartbeat: datetime | None) -> bool:
	"""heartbeat: in UTC. One in the future is not alive: earlier versions of the app wrote the site's time."""
	return heartbeat is not None and abs(utc_now() - heartbeat) < timedelta(seconds=lease_seconds())


class Lease:
	def __init__(self, run: str, token: str, doctype: str = RUN):
		"""run: its name; doctype: Processing Run, or another with the same fields"""
		self.run = run
		self.token = token
		self.doctype = doctype

	def check(self) -> None:
		"""Raise LeaseLost unless the run is still ours; locks the run's row until the transaction ends."""
		row = frappe.db.get_value(self.doctype, self.run, ["lease", "status"], as_dict=True, for_update=True)
		if not row or row.lease != self.token or row.status != "Running":
			raise LeaseLost(self.run)

	def renew(self) -> None:
		self.check()
		frappe.db.set_value(self.doctype, self.run, "heartbeat", utc_now(), update_modified=False)

	def release(self, **values) -> None:
		self.check()
		writing.set_value(self.doctype, self.run, {"lease": None, **values}, update_modified=False)


def claim(run: str, doctype: str = RUN) -> Lease | None:
	"""Take the run's lease and commit; None if the run is finished, deleted or held by a live worker."""
	row = frappe.db.get_value(
		doctype, run, ["status", "lease", "heartbeat", "attempts"], as_dict=True, for_update=True
	)
	held = row and row.lease and is_alive(row.heartbeat)
	if not row or held or row.status not in ("Queued", "Running"):
		frappe.db.rollback()
		return None
	lease = Lease(run, frappe.generate_hash(length=20), doctype)
	writing.set_value(
		doctype,
		run,
		{
			"status": "Running",
			"lease": lease.token,
			"heartbeat": utc_now(),
			"worker": f"{socket.gethostname()}:{os.getpid()}",
			"attempts": cint(row.attempts) + 1,
			"next_attempt_at": None,
		},
		update_modified=False,
	)
	frappe.db.commit()
	return lease
