"""The times of leases and of next attempts were the site's own; of work that is under way they become UTC.

Without that a site east of Greenwich would take a worker that has died for alive for some hours more, and wait as long for an attempt
that is due. One west of it would take a worker that is alive for dead, and repeat its work.
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
