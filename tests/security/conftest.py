"""Users and the call of the permission tests, and users who query Frappe's own tables"""

import frappe
import pytest
from frappe import client
from frappe.model.naming import is_autoincremented
from werkzeug.wrappers import Request

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
def secret(call):
	"""The call, without the record that a System Manager may read"""
	frappe.db.delete("Call Association", {"parent": call.name})
	return frappe.get_doc("Call", call.name)


@pytest.fixture
def refused(as_user):
	"""`refused(user, function, ...)`: whether the function raises PermissionError for this user; its writes are rolled back."""

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
	"""`listed(user, table, name)`: whether the row is in Frappe's list for this user."""

	def look(user, table, name):
		parent = {
			"Communication Link": "Communication",
			"Dynamic Link": "Contact",
			"Event Participants": "Event",
		}
		with as_user(user):
			try:
				rows = client.get_list(
					table, fields=["name"], filters={"name": name}, parent=parent.get(table)
				)
			except frappe.PermissionError:
				return False
		return bool(rows)

	return look


@pytest.fixture
def request_for(site):
	"""`request_for("/api/method/ping", cmd="ping")` makes this the current request."""

	def make(path, **arguments):
		frappe.local.request = Request.from_values(path)
		frappe.local.form_dict = frappe._dict(arguments)

	before = getattr(frappe.local, "request", None)
	yield make
	frappe.local.request = before


def row(table: str, **values) -> str:
	"""Writes a row without any checks; returns its name."""
	doc = frappe.get_doc({"doctype": table, **values})
	if not is_autoincremented(table, doc.meta):
		doc.name = frappe.generate_hash(length=10)
	doc.db_insert()
	return doc.name
