"""Frappe CRM: the kinds of its DocTypes, and what is added to its front end, which doesn't run Desk hooks."""

import re

import frappe

from call_intelligence.integrations.objects import Conversion, CrmObject, LogType

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
# their pages show the actions of classes; earlier versions were not tried
WITH_CLASSES, CLASSES_SINCE = ("CRM Deal", "CRM Lead"), (1, 53)


def runs_classes(doctype: str) -> bool:
	"""Whether scripts for the pages of this DocType are to be classes: the pages miss the action of a function `setupForm` if the
	scripts are loaded after the document, as on a person's first visit."""
	if doctype not in WITH_CLASSES or "crm" not in frappe.get_installed_apps():
		return False
	numbers = re.findall(r"\d+", frappe.get_attr("crm.__version__"))
	return tuple(map(int, numbers[:2])) >= CLASSES_SINCE


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

CALL_LOG = LogType(
	"CRM Call Log",
	receiver="receiver",
	caller="caller",
	reference=("reference_doctype", "reference_docname"),
	twilio="CRM Twilio Settings",
	exotel="CRM Exotel Settings",
)
