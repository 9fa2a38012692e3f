"""Helpdesk: its tickets and customers, and what is added to its front end, which doesn't run Desk hooks."""

from call_intelligence.integrations.objects import CrmObject, LogType

OBJECTS = {
	"HD Customer": CrmObject("Company", status=None),
	"HD Ticket": CrmObject("Ticket", emails=("raised_by",), company=("customer",)),
}

SCRIPT_DOCTYPE = "HD Form Script"
SCRIPTED = ("HD Ticket",)
SCRIPT_VALUES = {"apply_to": "Form"}


def runs_classes(doctype: str) -> bool:
	"""As in crm.py; Helpdesk knows functions only."""
	return False


COMMENTED = ("HD Ticket",)
COMMENTS = "HD Ticket Comment"


def comment(doctype: str, name: str, author: str, content: str) -> dict:
	return {"reference_ticket": name, "commented_by": author, "content": content}


# of the app telephony, which Helpdesk brings
CALL_LOG = LogType(
	"TP Call Log",
	receiver="receiver",
	caller="caller",
	twilio="TP Twilio Settings",
	exotel="TP Exotel Settings",
)
