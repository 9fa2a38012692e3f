"""Reverses install.py: removes all data of the app, from the database and from disk."""

import json
from pathlib import Path

import click
import frappe

from call_intelligence.notices import switches
from call_intelligence.permissions import MANAGER_ROLE, USER_ROLE

MODULE = "Call Intelligence"


def is_dry_run() -> bool:
	"""Frappe also runs the hooks of an uninstall for --dry-run, without passing on the flag."""
	command = click.get_current_context(silent=True)
	return bool(command and command.params.get("dry_run"))


def before_uninstall() -> None:
	if is_dry_run():
		return
	from call_intelligence.associations import announcements
	from call_intelligence.core import storage
	from call_intelligence.integrations import form_scripts
	from call_intelligence.queue import enqueue
	from call_intelligence.sources import call_logs
	from call_intelligence.transcript import locks

	# first, so that no call comes in meanwhile; also deletes their secrets
	for source in frappe.get_all("Recording Source", pluck="name"):
		frappe.delete_doc(
			"Recording Source", source, force=True, ignore_permissions=True, delete_permanently=True
		)
	frappe.db.commit()
	for run in frappe.get_all(
		"Processing Run", filters={"status": ["in", ["Queued", "Running"]]}, pluck="name"
	):
		enqueue.cancel_run(run)
	for doctype in ("Term Scan", "Record Matching"):
		for row in frappe.get_all(doctype, fields=["name", "job_id"]):
			frappe.db.delete(doctype, {"name": row.name})
			enqueue.leave_queue(row.job_id)
	announcements.remove_all()
	for call in frappe.get_all("Call", pluck="name"):
		locks.hold(call)
		frappe.delete_doc("Call", call, force=True, ignore_permissions=True, delete_permanently=True)
		frappe.db.commit()
	form_scripts.set_up(False)
	frappe.db.delete("DefaultValue", {"defkey": call_logs.MADE})
	storage.forget_after_commit(storage.private_folder())


def after_uninstall() -> None:
	if is_dry_run():
		return
	for doctype in our_doctypes():
		frappe.db.delete("List View Settings", {"name": doctype})
		frappe.db.delete("DocShare", {"share_doctype": doctype})
		frappe.db.delete("Version", {"ref_doctype": doctype})
		frappe.db.delete("Comment", {"reference_doctype": doctype})
		frappe.db.delete("Document Follow", {"ref_doctype": doctype})
		frappe.db.delete("Notification Log", {"document_type": doctype})
		frappe.db.delete("Deleted Document", {"deleted_doctype": doctype})
		frappe.db.delete("Custom DocPerm", {"parent": doctype})
		frappe.db.delete("Property Setter", {"doc_type": doctype})
		frappe.db.delete("Custom Field", {"dt": doctype})
		for table in ("Singles", "__Auth", "__global_search"):
			frappe.db.delete(table, {"doctype": doctype})
	switches.remove()
	for role in (USER_ROLE, MANAGER_ROLE):
		frappe.db.delete("Has Role", {"role": role})
		frappe.delete_doc(
			"Role", role, force=True, ignore_missing=True, ignore_permissions=True, delete_permanently=True
		)
	# Frappe keeps copies of the documents that it has just deleted
	frappe.db.delete("Deleted Document", {"data": ["like", f'%"module": "{MODULE}"%']})
	frappe.db.delete("Deleted Document", {"deleted_doctype": "Module Def", "deleted_name": MODULE})
	for job in frappe.get_all(
		"Scheduled Job Type", filters={"method": ["like", "call_intelligence.%"]}, pluck="name"
	):
		frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": job})
		frappe.db.delete("Scheduled Job Type", {"name": job})
	frappe.db.delete("Series", {"name": ["like", "CALL-20__-"]})
	# Frappe commits before this hook, and not after it
	frappe.db.commit()

	from call_intelligence.queue import enqueue

	enqueue.leave_all_queues()


def our_doctypes() -> list[str]:
	"""Read from the app's files, since the DocTypes themselves have been deleted by then."""
	folder = Path(frappe.get_app_path("call_intelligence", "call_intelligence", "doctype"))
	return [json.loads(path.read_text())["name"] for path in folder.glob("*/*.json")]
