"""Refuses reports that would show more than their reader may see.

Added columns from other DocTypes: Frappe fills them in Python, in 15.0.0-dev from all documents. Reports that Frappe mails: a list
shows what the user named in the Auto Email Report sees, and a script report shows what Administrator sees.
"""

import json

import frappe
from frappe import _

from call_intelligence.guard.ours import MODULE, our_doctype
from call_intelligence.permissions import is_manager
from call_intelligence.queries import known


def columns_of(given) -> list[dict]:
	"""The columns of a request, a list or its JSON. Raises frappe.ValidationError for anything that Frappe could not add."""
	found = known.parsed(given) or []
	if not isinstance(found, list) or not all(is_column(column) for column in found):
		frappe.throw(_("The columns of this report are invalid. Remove the added columns and try again."))
	return found


def is_column(column) -> bool:
	return (
		isinstance(column, dict)
		and isinstance(column.get("fieldname"), str)
		and type(column.get("insert_after_index")) is int
	)


def check_columns(columns: list) -> None:
	"""Raise frappe.PermissionError for a column of ours unless the user is a manager, and frappe.ValidationError for an unknown field."""
	for column in columns:
		# Frappe fills no other columns
		if isinstance(column, dict) and column.get("link_field"):
			check_column(column.get("doctype"), column.get("fieldname"))


def check_column(doctype, fieldname) -> None:
	ours = our_doctype(doctype)
	if ours and not is_manager():
		frappe.throw(
			_("Only Call Intelligence Managers can add columns of {0} to a report.").format(_(ours)),
			frappe.PermissionError,
		)
	doctype = known.doctype(doctype)
	(known.field if ours else known.column)(doctype, fieldname)


def check_saved(report: str | None) -> None:
	"""Like `check_columns`, for the stored columns of a Custom Report. A report that does not exist has none."""
	row = frappe.db.get_value("Report", report, ["report_type", "json"], as_dict=True) if report else None
	if row:
		check_columns(kept_columns(row))


def kept_columns(report) -> list:
	if report.report_type != "Custom Report":
		return []
	try:
		kept = json.loads(report.json or "null")
	except ValueError:
		# Frappe refuses that itself
		return []
	columns = kept.get("columns") if isinstance(kept, dict) else None
	return columns if isinstance(columns, list) else []


def check_report(doc, method: str | None = None) -> None:
	"""validate of Report."""
	check_columns(kept_columns(doc))
	for use in frappe.get_all("Auto Email Report", filters={"report": doc.name}, fields=["user"]):
		check_mailed(doc, use.user)


def check_use(doc, method: str | None = None) -> None:
	"""validate of Prepared Report, which runs a report in a job."""
	check_saved(doc.get("report") or doc.get("report_name"))


def check_auto_email(doc, method: str | None = None) -> None:
	"""validate of Auto Email Report."""
	check_use(doc)
	row = frappe.db.get_value("Report", doc.report, REPORT_FIELDS, as_dict=True) if doc.report else None
	if row:
		check_mailed(row, doc.user)


REPORT_FIELDS = ["name", "report_type", "ref_doctype", "module", "reference_report"]


def check_mailed(report, user: str | None) -> None:
	"""Raise frappe.PermissionError unless the session's user may have this report mailed; see `may_mail`."""
	if not may_mail(report, user, frappe.session.user):
		frappe.throw(
			_(
				"Only Call Intelligence Managers can schedule e-mails of script reports about calls, or of what another user sees."
			),
			frappe.PermissionError,
		)


def may_mail(report, user: str | None, owner: str) -> bool:
	"""report: a row of REPORT_FIELDS; user: the one whose documents it shows; owner: of the Auto Email Report"""
	if is_manager(owner):
		return True
	builds_list = report.report_type == "Report Builder"
	if builds_list and user == owner:
		return True
	return not (shows_ours(report) or (builds_list and report.ref_doctype in ruled()))


def shows_ours(report) -> bool:
	"""Whether the report, or the one that a Custom Report is based on, is about documents of ours."""
	if our_doctype(report.ref_doctype) or report.module == MODULE:
		return True
	shown = report.get("reference_report")
	row = frappe.db.get_value("Report", shown, ["ref_doctype", "module"], as_dict=True) if shown else None
	return row is not None and bool(our_doctype(row.ref_doctype) or row.module == MODULE)


def ruled() -> dict:
	"""The DocTypes whose lists we narrow"""
	return frappe.get_hooks("permission_query_conditions", app_name="call_intelligence")
