"""The person who asked for a call is told how it ended."""

import frappe

from call_intelligence.notices import when
from call_intelligence.notices.tell import RETRIED, tell


def tell_person(user: str) -> None:
	"""Background job; what it finds to tell may be nothing, or more than what it was queued for"""
	try:
		tell(user)
	except RETRIED as error:
		# Frappe runs the job once more; the time to tell has not been used
		when.wait(user, 0)
		raise frappe.RetryBackgroundJobError from error
