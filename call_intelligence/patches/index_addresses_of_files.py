from call_intelligence.install import index_addresses_of_files


def execute() -> None:
	index_addresses_of_files()
