"""Background jobs about the records that calls belong to."""

import frappe

from call_intelligence.associations import announcements, conversions
from call_intelligence.integrations import activity


def announce(call: str) -> None:
	"""Idempotent"""
	announcements.announce(call)


def withdraw(comments: list) -> None:
	"""comments: [(DocType of the record, name of the comment)]"""
	for doctype, comment in comments:
		activity.remove(doctype, comment)
		frappe.db.commit()


def follow_conversion(doctype: str, name: str) -> None:
	"""Idempotent"""
	conversions.follow(doctype, name)
