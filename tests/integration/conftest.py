"""Fixtures of the tests that need a site."""

import pytest

from tests import factories

# Sales roles may read Contacts on a plain site; somebody with none of them may not
PEOPLE = {
	"owner": (factories.SEAT,),
	"manager": (factories.MANAGER,),
	"participant": ("Blogger",),
	"shared with": ("Blogger",),
	"crm user": ("Sales User",),
	"other seat": (factories.SEAT,),
	"rep": (factories.SEAT, "Sales User"),
	"stranger": ("Blogger",),
}


@pytest.fixture(scope="session")
def _people(_connection):
	"""Users take long to make, so they are made once, and committed."""
	frappe = _connection
	frappe.set_user("Administrator")
	people = {who: factories.user(*roles) for who, roles in PEOPLE.items()}
	people["portal user"] = factories.user(user_type="Website User")
	frappe.db.commit()
	yield {**people, "Guest": "Guest"}
	frappe.db.rollback()
	frappe.set_user("Administrator")
	for user in people.values():
		frappe.delete_doc("User", user, force=True, ignore_permissions=True, delete_permanently=True)
	frappe.db.commit()


@pytest.fixture
def people(site, _people):
	"""{who: User}: the cast of the visibility rule; see PEOPLE for their roles."""
	return dict(_people)
