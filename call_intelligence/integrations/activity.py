"""Comments in the activity of records, for the front ends of Frappe CRM and Helpdesk: they don't show timeline cards."""

import frappe
from frappe.core.doctype.comment.comment import update_comments_in_parent

from call_intelligence.compat import after_commit
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


def remove(doctype: str, name: str, comment: str) -> None:
	"""Remove a comment of the record, in this transaction and without its hooks, which lock the record. Does not commit."""
	comments = comments_of(doctype)
	if not comments:
		return
	frappe.db.delete(comments, {"name": comment})
	if comments == "Comment":
		# what Frappe keeps of it in the record, for lists
		after_commit(lambda: forget(doctype, name, comment))


def forget(doctype: str, name: str, comment: str) -> None:
	"""Called after a commit, so it raises nothing. Commits."""
	try:
		kept = frappe.parse_json(frappe.db.get_value(doctype, name, "_comments") or "[]")
		left = [entry for entry in kept if entry.get("name") != comment]
		if len(left) < len(kept):
			update_comments_in_parent(doctype, name, left)
			frappe.db.commit()
	except Exception:
		frappe.db.rollback()
		frappe.logger("call_intelligence").warning("A comment is still counted in a list", exc_info=True)
