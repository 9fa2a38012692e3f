"""Makes the first Contact of a call a Dynamic Link, like the first records of the other kinds."""

from call_intelligence.associations import linking


def execute():
	linking.mapping_changed()
