"""Frappe CRM: the kinds of its DocTypes, and what is added to its front end, which doesn't run Desk hooks."""

from call_intelligence.integrations.objects import Conversion, CrmObject

OBJECTS = {
	"CRM Organization": CrmObject("Company", status=None),
	"CRM Deal": CrmObject(
		"Deal",
		emails=("email", "contacts.email"),
		phones=("mobile_no", "contacts.mobile_no"),
		company=("organization",),
		closed=("Won", "Lost"),
	),
	"CRM Lead": CrmObject(
		"Lead",
		emails=("email",),
		phones=("mobile_no", "phone"),
		company=("organization",),
	),
}

SCRIPT_DOCTYPE = "CRM Form Script"
SCRIPTED = ("CRM Deal", "CRM Lead", "CRM Organization", "Contact")
SCRIPT_VALUES = {"view": "Form"}

# Frappe's own comments, which its front end shows in the activity of these
COMMENTED = ("CRM Deal", "CRM Lead")
COMMENTS = "Comment"


def comment(doctype: str, name: str, author: str, content: str) -> dict:
	return {
		"comment_type": "Comment",
		"reference_doctype": doctype,
		"reference_name": name,
		"comment_email": author,
		"comment_by": author,
		"content": content,
	}


# of records that a lead is converted to; a person who converts must have the right to write the lead
CONVERTED = {"CRM Deal": Conversion("CRM Lead", "lead", converted="converted")}
