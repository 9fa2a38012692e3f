"""Background jobs about the records that calls belong to. All are idempotent."""

from call_intelligence.associations import announcements, conversions


def announce(call: str) -> None:
	"""Background job: write the missing comments of a Call."""
	announcements.announce(call)


def remove_announcements() -> None:
	"""Background job: remove the comments that no longer belong where they are."""
	announcements.remove_unwanted()


def follow_leads(call: str) -> None:
	"""Background job: associate a Call with what its leads became."""
	conversions.follow_leads(call)


def follow_conversion(doctype: str, name: str) -> None:
	"""Background job: associate a lead's calls with the record that it became."""
	conversions.follow(doctype, name)
