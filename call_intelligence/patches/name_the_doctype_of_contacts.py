"""The first Contact of a call is a Dynamic Link, as the first records of the other kinds are."""

from call_intelligence.associations import linking


def execute():
	linking.mapping_changed()
