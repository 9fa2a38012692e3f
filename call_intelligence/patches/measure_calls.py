from call_intelligence.statistics.figure_settings import measure_again


def execute():
	"""Have the sweep compute the statistics of calls that were analysed before there were any."""
	measure_again()
