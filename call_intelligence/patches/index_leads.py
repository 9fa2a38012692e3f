from call_intelligence.integrations.conversions import index_leads


def execute() -> None:
	index_leads()
