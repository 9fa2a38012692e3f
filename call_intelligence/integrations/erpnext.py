"""ERPNext: the kinds of its DocTypes."""

from call_intelligence.integrations.objects import Conversion, CrmObject

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
