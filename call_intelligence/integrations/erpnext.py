"""ERPNext: the kinds of its DocTypes."""

from call_intelligence.integrations.objects import CrmObject

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
	"Opportunity": ("Lead", "party_name", ("opportunity_from", "Lead")),
	"Customer": ("Lead", "lead_name", None),
}
