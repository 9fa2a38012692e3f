app_name = "demo_helpdesk"
app_title = "Demo Helpdesk"
app_publisher = "call_intelligence maintainers"
app_description = "A tiny helpdesk for the demo and the tests of call_intelligence"
app_license = "MIT"

after_install = after_migrate = "demo_helpdesk.values.add"
permission_query_conditions = {"HD Ticket": "demo_helpdesk.permissions.ticket_query"}
has_permission = {"HD Ticket": "demo_helpdesk.permissions.ticket_has_permission"}
