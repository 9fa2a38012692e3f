"""Notifies the person who sent a call that it is ready or has failed."""

import frappe

from call_intelligence.core.writing import CONCURRENT_WRITES
from call_intelligence.notices import when
from call_intelligence.notices.tell import tell


def tell_person(user: str) -> None:
	"""Background job; it may find nothing to notify of, or more calls than it was queued for"""
	try:
		tell(user)
	except CONCURRENT_WRITES as error:
		# Frappe runs the job again, without a further wait
		when.wait(user, 0)
		raise frappe.RetryBackgroundJobError from error
