"""Disables Auto Email Reports about calls that show what another user sees; new ones are refused."""

import frappe

from call_intelligence.guard.reports import REPORT_FIELDS, may_mail


def execute():
	for use in frappe.get_all("Auto Email Report", fields=["name", "owner", "user", "report"]):
		report = frappe.db.get_value("Report", use.report, REPORT_FIELDS, as_dict=True)
		if report and not may_mail(report, use.user, use.owner):
			# a disabled report can still be downloaded, and shows what its user sees
			values = {"enabled": 0, "user": use.owner}
			frappe.db.set_value("Auto Email Report", use.name, values, update_modified=False)
