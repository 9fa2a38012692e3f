"""The figures of the calls that the user sees, for each call or as averages of each owner. An unknown figure is empty and excluded from
averages.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from statistics import fmean

import frappe
from frappe import _
from frappe.utils import get_fullname

from call_intelligence.core.times import site_time
from call_intelligence.statistics.fields import CALL_FIELDS

AVERAGES = "Averages per owner"
MOST_CALLS = 20_000
DIGITS = 1


def execute(filters: dict | None = None) -> tuple[list[dict], Sequence[dict], str]:
	"""filters: {"from_date", "to_date", "call_owner", "direction", "show"} -> (columns, rows, message)"""
	filters = frappe._dict(filters or {})
	calls = read(filters)
	note = _("References help to talk about a call. They are not made for employment decisions.")
	if len(calls) == MOST_CALLS:
		note = f"{_('Only the newest {0} calls are shown: choose fewer days.').format(MOST_CALLS)} {note}"
	if filters.show == AVERAGES:
		return owner_columns() + figure_columns(averages=True), averages(calls), note
	return call_columns() + figure_columns(), calls, note


def read(filters) -> list[frappe._dict]:
	"""By Frappe's list, which applies the visibility rule."""
	conditions = [["Call", "status", "=", "Ready"]]
	if filters.from_date:
		conditions.append(["Call", "start_time", ">=", f"{day(filters.from_date)} 00:00:00"])
	if filters.to_date:
		conditions.append(["Call", "start_time", "<=", f"{day(filters.to_date)} 23:59:59.999999"])
	for field in ("call_owner", "direction"):
		if filters.get(field):
			conditions.append(["Call", field, "=", filters[field]])
	return frappe.get_list(
		"Call",
		filters=conditions,
		fields=["name", "title", "call_owner", "direction", "start_time", "duration", *CALL_FIELDS],
		order_by="start_time desc",
		limit=MOST_CALLS,
	)


def day(value) -> date:
	try:
		return site_time(value).date()
	except (ValueError, OverflowError, TypeError):
		# 03/04/2026 is ambiguous
		frappe.throw(
			_("{0} is not a date. Write it as 2026-01-31.").format(frappe.utils.escape_html(str(value)[:40]))
		)


def averages(calls: list[frappe._dict]) -> list[dict]:
	"""Averages by owner; each call has the same weight, however long it is."""
	by_owner = defaultdict(list)
	for call in calls:
		by_owner[call.call_owner].append(call)
	rows = []
	for owner, own in by_owner.items():
		row = {"call_owner": owner, "owner_name": get_fullname(owner), "calls": len(own)}
		for field in CALL_FIELDS:
			known = [call[field] for call in own if call[field] is not None]
			row[field] = round(fmean(known), DIGITS + 1) if known else None
		rows.append(row)
	return sorted(rows, key=lambda row: row["owner_name"])


def call_columns() -> list[dict]:
	return [
		{"fieldname": "name", "label": _("Call"), "fieldtype": "Link", "options": "Call", "width": 150},
		{"fieldname": "title", "label": _("Title"), "fieldtype": "Data", "width": 200},
		{
			"fieldname": "call_owner",
			"label": _("Owner"),
			"fieldtype": "Link",
			"options": "User",
			"width": 160,
		},
		{"fieldname": "direction", "label": _("Direction"), "fieldtype": "Data", "width": 90},
		{"fieldname": "start_time", "label": _("Date"), "fieldtype": "Datetime", "width": 150},
		{"fieldname": "duration", "label": _("Duration"), "fieldtype": "Duration", "width": 100},
	]


def owner_columns() -> list[dict]:
	return [
		{
			"fieldname": "call_owner",
			"label": _("Owner"),
			"fieldtype": "Link",
			"options": "User",
			"width": 200,
		},
		{"fieldname": "calls", "label": _("Calls"), "fieldtype": "Int", "width": 80},
	]


def figure_columns(averages: bool = False) -> list[dict]:
	meta = frappe.get_meta("Call")
	columns = []
	for field in CALL_FIELDS:
		label = _(meta.get_label(field))
		columns.append(
			{
				"fieldname": field,
				"label": label,
				"fieldtype": "Float" if averages else meta.get_field(field).fieldtype,
				"precision": DIGITS,
				# the unit is at the end of the label
				"width": max(110, 7 * len(label) + 40),
			}
		)
	return columns
