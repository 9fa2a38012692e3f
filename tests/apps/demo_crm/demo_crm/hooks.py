app_name = "demo_crm"
app_title = "Demo CRM"
app_publisher = "call_intelligence maintainers"
app_description = "A tiny CRM for the demo and the tests of call_intelligence"
app_license = "MIT"

permission_query_conditions = {"HD Ticket": "demo_crm.permissions.ticket_query"}
has_permission = {"HD Ticket": "demo_crm.permissions.ticket_has_permission"}
