"""What differs between Frappe 15.0.0-dev, 15 and 16, in one place."""

import frappe


def match_conditions(doctype: str, user: str) -> str:
	"""SQL condition over `tab{doctype}` for the records that `user` may read; "" means all of them.

	Raises frappe.PermissionError where the user may read none.
	"""
	from frappe.model.db_query import DatabaseQuery

	query = DatabaseQuery(doctype, user=user)
	conditions = query.build_match_conditions(as_condition=True)
	# for a user who sees only what is shared with them Frappe 15 leaves the condition here instead
	return conditions or " and ".join(query.conditions)


def test_case_class():
	"""The base class of tests that need a site."""
	try:
		from frappe.tests import IntegrationTestCase

		return IntegrationTestCase
	except ImportError:
		from frappe.tests.utils import FrappeTestCase

		return FrappeTestCase


def after_commit(function) -> None:
	"""Run `function()` when the current transaction is committed; never when it is rolled back."""
	frappe.db.after_commit.add(function)


def after_rollback(function) -> None:
	frappe.db.after_rollback.add(function)
