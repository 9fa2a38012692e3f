"""The person who asked for a call is told how it ended."""

from call_intelligence.notices.tell import tell


def tell_person(user: str) -> None:
	"""Background job; what it finds to tell may be nothing, or more than what it was queued for"""
	tell(user)
