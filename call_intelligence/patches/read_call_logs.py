from call_intelligence.sources import call_logs


def execute():
	"""Take calls from the logs of the CRM, from now on."""
	call_logs.ensure()
