from call_intelligence.statistics.figure_settings import measure_again


def execute():
	"""Calls that were analysed before there were statistics get theirs from the sweep."""
	measure_again()
