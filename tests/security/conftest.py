"""The cast and the call of the permission tests, and people who look into Frappe's own tables"""

import frappe
import pytest
from frappe import client

from tests import factories
from tests.integration.conftest import _people, people
from tests.integration.permissions.conftest import ask, call

__all__ = ["_people", "ask", "call", "people"]

# may read all of Frappe's tables, and sees no call
ADMIN = "system.manager@people.example.com"


@pytest.fixture(scope="session")
def _admin(_connection):
	if not frappe.db.exists("User", ADMIN):
		factories.user("System Manager", "Website Manager", "Inbox User", email=ADMIN)
		frappe.db.commit()
	return ADMIN


@pytest.fixture
def admin(site, _admin):
	"""A System Manager who sees no call"""
	return _admin


@pytest.fixture
def refused(as_user):
	"""`refused(user, function, ...)`: whether the function raises PermissionError for this user; what it wrote is undone."""

	def ask_as(user, function, *arguments, **options):
		frappe.db.savepoint("before_the_attempt")
		try:
			with as_user(user):
				function(*arguments, **options)
		except frappe.PermissionError:
			return True
		finally:
			frappe.db.rollback(save_point="before_the_attempt")
			frappe.clear_messages()
		return False

	return ask_as


@pytest.fixture
def listed(as_user):
	"""`listed(user, table, name)`: whether the row is in a list that Frappe makes for this user."""

	def look(user, table, name):
		parent = {"Communication Link": "Communication", "Dynamic Link": "Contact", "Event Participants": "Event"}
		with as_user(user):
			try:
				rows = client.get_list(
					table, fields=["name"], filters={"name": name}, parent=parent.get(table)
				)
			except frappe.PermissionError:
				return False
		return bool(rows)

	return look


def row(table: str, **values) -> str:
	"""Writes a row past all rules; returns its name."""
	doc = frappe.get_doc({"doctype": table, **values})
	if doc.meta.autoname != "autoincrement":
		doc.name = frappe.generate_hash(length=10)
	doc.db_insert()
	return doc.name
