"""Frappe's DocTypes: Contact and Event."""

from call_intelligence.integrations.objects import CrmObject

OBJECTS = {
	"Contact": CrmObject(
		"Contact",
		emails=("email_ids.email_id",),
		phones=("phone_nos.phone",),
		company=("company_name",),
		links="links",
		status=None,
		user="user",
	),
	"Event": CrmObject("Meeting"),
}
