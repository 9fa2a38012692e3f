"""Frappe's tables that name documents or copy their titles and texts, and the fields that name the document.

Tables that a version of Frappe does not have are harmless here.
"""

from call_intelligence.guard.ours import our_doctype

# table: ((field with the DocType, field with the document's name), ...)
TABLES = {
	"Access Log": (("export_from", "reference_document"),),
	"Activity Log": (
		("reference_doctype", "reference_name"),
		("timeline_doctype", "timeline_name"),
		("link_doctype", "link_name"),
	),
	"Auto Repeat": (("reference_doctype", "reference_document"),),
	"Comment": (("reference_doctype", "reference_name"),),
	"Communication": (("reference_doctype", "reference_name"),),
	"Communication Link": (("link_doctype", "link_name"),),
	"Deleted Document": (("deleted_doctype", "deleted_name"),),
	"Discussion Topic": (("reference_doctype", "reference_docname"),),
	"DocShare": (("share_doctype", "share_name"),),
	"Document Follow": (("ref_doctype", "ref_docname"),),
	"Document Share Key": (("reference_doctype", "reference_docname"),),
	"Dynamic Link": (("link_doctype", "link_name"),),
	"Email Queue": (("reference_doctype", "reference_name"),),
	"Email Unsubscribe": (("reference_doctype", "reference_name"),),
	"Energy Point Log": (("reference_doctype", "reference_name"),),
	"Error Log": (("reference_doctype", "reference_name"),),
	"Event Participants": (("reference_doctype", "reference_docname"),),
	"File": (("attached_to_doctype", "attached_to_name"),),
	"Integration Request": (("reference_doctype", "reference_docname"),),
	"Milestone": (("reference_type", "reference_name"),),
	"Notification Log": (("document_type", "document_name"),),
	"Reminder": (("reminder_doctype", "reminder_docname"),),
	"Submission Queue": (("ref_doctype", "ref_docname"),),
	"Tag Link": (("document_type", "document_name"),),
	"ToDo": (("reference_type", "reference_name"),),
	"Version": (("ref_doctype", "docname"),),
	"View Log": (("reference_doctype", "reference_name"),),
	"Workflow Action": (("reference_doctype", "reference_name"),),
}
# rows about a whole DocType of ours, with contents of its documents: only for managers, who see all calls
WHOLE_DOCTYPE = {"Data Import": "reference_doctype"}
# tables whose rows refer to documents in other ways: see reading.py
OTHERS = ("Data Import Log", "Prepared Report", "Route History")


def subjects(row) -> list[tuple[str, str]]:
	"""[(DocType, name)] of the documents of ours that a row of one of `TABLES` is about; row: a document, or a dict with `doctype`."""
	pairs = ((row.get(field), row.get(name)) for field, name in TABLES.get(row.get("doctype"), ()))
	return [(ours, str(name)) for doctype, name in pairs if name and (ours := our_doctype(doctype))]
