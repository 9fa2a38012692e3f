"""doc_events of Frappe's tables: tags, comments, assignments, shares, files ... on documents of ours need a right to the document.

They apply to forms, REST and whitelisted functions. Writes of Frappe that bypass documents are in `call_intelligence.api.doors`.
"""

import frappe
from frappe import _

from call_intelligence.guard import files
from call_intelligence.guard.ours import our_doctype
from call_intelligence.guard.rights import check_may_write_on, may_write_on
from call_intelligence.guard.tables import TABLES, subjects
from call_intelligence.permissions import is_desk_user

# {table: the right to the document that its rows need}; see also `needed_for_todo`
RIGHTS = {
	"Auto Repeat": "write",
	"Comment": "read",
	"Communication": "read",
	"Discussion Topic": "read",
	"DocShare": "share",
	"Document Follow": "read",
	# opens the document to people outside
	"Document Share Key": "share",
	"Energy Point Log": "read",
	"File": "write",
	"Reminder": "read",
	"Tag Link": "read",
}


def check_row(doc, method: str | None = None) -> None:
	"""before_validate: a row that is about a document of ours, or was before this change, needs a right to that document."""
	before = stored(doc)
	about = subjects(doc)
	for doctype, name in dict.fromkeys([*about, *(subjects(before) if before else ())]):
		if not is_trusted(doc):
			check_may_write_on(doctype, name, needed(doc, before))
	if doc.doctype == "DocShare":
		check_share(doc, about)


def check_removal(doc, method: str | None = None) -> None:
	"""on_trash: as above, except for users who remove their own row, and after the document has been deleted."""
	if is_trusted(doc) or doc.get("user") == frappe.session.user:
		return
	before = stored(doc) or doc
	for doctype, name in subjects(before):
		if frappe.db.exists(doctype, name):
			check_may_write_on(doctype, name, needed(doc, before))


def stored(doc):
	"""The row as stored; None while it is being inserted."""
	if doc.is_new() or not doc.name:
		return None
	fields = [field for pair in TABLES[doc.doctype] for field in pair]
	fields += [field for field in ("allocated_to", "assigned_by") if doc.doctype == "ToDo"]
	row = frappe.db.get_value(doc.doctype, doc.name, fields, as_dict=True)
	return row and frappe._dict(row, doctype=doc.doctype)


def is_trusted(doc) -> bool:
	"""The app's own code adds and removes shares with a flag that requests cannot set."""
	return doc.doctype == "DocShare" and bool(doc.flags.ignore_share_permission)


def needed(doc, before) -> str:
	return needed_for_todo(doc, before) if doc.doctype == "ToDo" else RIGHTS[doc.doctype]


def needed_for_todo(doc, before) -> str:
	"""Assigning to others needs the right to edit; assigning to oneself, and closing one's own assignments, does not."""
	me = frappe.session.user
	if not before or subjects(before) != subjects(doc) or before.allocated_to != doc.allocated_to:
		return "read" if doc.allocated_to == me or is_by_rule(doc) else "write"
	return "read" if me in (before.allocated_to, before.assigned_by) else "write"


def is_by_rule(todo) -> bool:
	"""Whether an Assignment Rule of the site has chosen this user."""
	rule = todo.get("assignment_rule")
	if not rule or not frappe.db.exists("Assignment Rule", rule):
		return False
	rule = frappe.get_cached_doc("Assignment Rule", rule)
	people = [row.user for row in rule.users]
	return not rule.disabled and rule.document_type == todo.reference_type and todo.allocated_to in people


def check_share(share, about: list[tuple[str, str]]) -> None:
	"""In Frappe a share overrules has_permission, so it must not give more access than the rule would."""
	if not about:
		if share.share_doctype in TABLES and frappe.db.exists(share.share_doctype, share.share_name):
			row = frappe.get_doc(share.share_doctype, share.share_name)
			if subjects(row) or files.holders(row):
				frappe.throw(
					_("Share the call instead of its {0}.").format(_(share.share_doctype)),
					frappe.PermissionError,
				)
		return
	if share.everyone:
		# that includes portal users
		frappe.throw(_("Choose the people to share this with: it can't be shared with everyone."))
	if not is_desk_user(share.user or ""):
		frappe.throw(_("{0} can't log in to Desk.").format(frappe.utils.escape_html(share.user or "")))


def check_follower(doc, method: str | None = None) -> None:
	"""on_update of Document Follow: Frappe mails every change of a document to its followers, and lets everyone follow.

	The row is deleted without an error: users may have set Frappe to follow what they create or are assigned to, which must not fail.
	"""
	for doctype, name in subjects(doc):
		if not (may_write_on(doctype, name) and may_write_on(doctype, name, doc.user)):
			frappe.db.delete("Document Follow", {"name": doc.name})


def check_file(doc, method: str | None = None) -> None:
	"""before_insert and before_validate of File."""
	check_row(doc)
	if subjects(doc) and not doc.is_folder:
		files.check_private(doc)
	files.check_not_a_copy(doc)


def check_links(doc, method: str | None = None) -> None:
	"""before_validate of documents with links: Frappe copies the titles of linked documents."""
	for row in doc.get("links") or ():
		doctype = our_doctype(row.get("link_doctype"))
		if doctype and row.get("link_name"):
			check_may_write_on(doctype, row.link_name)
