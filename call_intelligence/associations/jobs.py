"""Background jobs about the records that calls belong to."""

from call_intelligence.associations import announcements, conversions


def announce(call: str) -> None:
	"""Background job: write or update the comments of a Call. Idempotent."""
	announcements.announce(call)


def remove_comments(comments: list) -> None:
	"""Background job. comments: [(DocType of the record, name of the comment)]. Idempotent."""
	announcements.remove(comments)


def follow_leads(call: str) -> None:
	"""Background job: associate a Call with what its leads became. Idempotent."""
	conversions.follow_leads(call)


def follow_conversion(doctype: str, name: str) -> None:
	"""Background job: associate a lead's calls with the record that it became. Idempotent."""
	conversions.follow(doctype, name)
