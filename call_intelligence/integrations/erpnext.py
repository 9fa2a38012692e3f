"""ERPNext: the kinds of its DocTypes."""

from call_intelligence.integrations.objects import Conversion, CrmObject, LogType

OBJECTS = {
	"Customer": CrmObject("Company", emails=("email_id",), phones=("mobile_no",), status=None),
	"Prospect": CrmObject("Company", status=None),
	"Opportunity": CrmObject(
		"Deal",
		emails=("contact_email",),
		phones=("contact_mobile", "phone"),
		company=("party_name",),
		company_type="opportunity_from",
		closed=("Converted", "Closed", "Lost"),
	),
	"Issue": CrmObject("Ticket", emails=("raised_by",), company=("customer",)),
	"Lead": CrmObject(
		"Lead",
		emails=("email_id",),
		phones=("mobile_no", "phone", "whatsapp_no"),
		company=("company_name",),
	),
}

# see crm.CONVERTED
CONVERTED = {
	"Opportunity": Conversion("Lead", "party_name", only=("opportunity_from", "Lead")),
	"Customer": Conversion("Lead", "lead_name"),
}

# Twilio Settings are those of the app twilio_integration
CALL_LOG = LogType(
	"Call Log",
	receiver="employee_user_id",
	caller="employee_user_id",
	medium=None,
	records=(("customer", "Customer"),),
	twilio="Twilio Settings",
	exotel="Exotel Settings",
	exotel_host="api.exotel.com",
)
