"""Converts the times of leases and next attempts of unfinished work from the site's time to UTC.

Otherwise a site east of Greenwich would consider a dead worker alive for some hours more, and wait as long for an attempt that is
due. One west of it would consider a live worker dead, and repeat its work.
"""

import frappe

from call_intelligence.core import writing
from call_intelligence.core.times import to_utc
from call_intelligence.queue.enqueue import ACTIVE

FIELDS = ("heartbeat", "next_attempt_at")


def execute() -> None:
	for doctype in ("Processing Run", "Term Scan", "Record Matching"):
		rows = frappe.get_all(doctype, filters={"status": ["in", ACTIVE]}, fields=["name", *FIELDS])
		for row in rows:
			values = {field: to_utc(row[field]) for field in FIELDS if row[field]}
			if values:
				writing.set_value(doctype, row.name, values, update_modified=False)
