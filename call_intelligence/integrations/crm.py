"""Frappe CRM: the kinds of its DocTypes, and a button in its front end, which doesn't run Desk hooks."""

from call_intelligence.integrations.objects import CrmObject

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
