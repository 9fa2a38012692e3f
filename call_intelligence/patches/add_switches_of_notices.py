from call_intelligence.notices.switches import add


def execute() -> None:
	add()
