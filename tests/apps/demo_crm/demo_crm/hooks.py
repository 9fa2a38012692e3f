app_name = "demo_crm"
app_title = "Demo CRM"
app_publisher = "call_intelligence maintainers"
app_description = "A tiny CRM for the demo and the tests of call_intelligence"
app_license = "MIT"

after_install = after_migrate = "demo_crm.values.add"
call_recording_providers = ["demo_crm.telephone.PROVIDER"]
before_job = "demo_crm.names.begin"
