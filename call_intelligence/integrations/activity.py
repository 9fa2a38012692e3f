"""Comments in the activity of records, for the front ends of Frappe CRM and Helpdesk: they don't show timeline cards."""

import frappe

from call_intelligence.compat import delete_doc
from call_intelligence.integrations import crm, helpdesk
from call_intelligence.integrations.registry import is_installed

APPS = {doctype: app for app in (crm, helpdesk) for doctype in app.COMMENTED}


def comments_of(doctype: str) -> str | None:
	"""The DocType of the comments that a front end shows in the activity of this DocType's records; None if there is none"""
	app = APPS.get(doctype)
	return app.COMMENTS if app and is_installed(doctype) and is_installed(app.COMMENTS) else None


def write(doctype: str, name: str, author: str, content: str) -> str:
	"""Add a comment to the record. content: HTML. Does not commit. -> name of the comment"""
	values = APPS[doctype].comment(doctype, name, author, content)
	comment = frappe.get_doc({"doctype": APPS[doctype].COMMENTS, **values})
	# in the name of the call's owner, who may lack the right to comment on the record
	comment.insert(ignore_permissions=True)
	comment.db_set("owner", author, update_modified=False)
	return comment.name


def update(doctype: str, comment: str, content: str) -> None:
	"""Does nothing if somebody has deleted the comment. doctype: of the record. Does not commit."""
	comments = comments_of(doctype)
	before = comments and frappe.db.get_value(comments, comment, "content")
	if before and before != content:
		frappe.db.set_value(comments, comment, "content", content, update_modified=False)


def remove(doctype: str, comment: str) -> None:
	"""Does not commit. doctype: of the record"""
	comments = comments_of(doctype)
	if comments and frappe.db.exists(comments, comment):
		delete_doc(comments, comment, force=True, ignore_permissions=True, delete_permanently=True)
