"""Fixtures for tests that need a site."""

import json

import pytest

from call_intelligence.speech import supervise
from tests import factories
from tests.conftest import set_password

# Sales roles may read Contacts on a plain site; users without them may not
PEOPLE = {
	"owner": (factories.SEAT,),
	"manager": (factories.MANAGER,),
	"sales manager": (factories.MANAGER, "Sales User"),
	"participant": ("Blogger",),
	"shared with": ("Blogger",),
	"crm user": ("Sales User",),
	"other seat": (factories.SEAT,),
	"rep": (factories.SEAT, "Sales User"),
	"stranger": ("Blogger",),
}


@pytest.fixture(scope="session")
def _people(_connection):
	"""Creating users is slow, so they are created once, with PASSWORD, committed, and kept on the test site."""
	frappe = _connection
	frappe.set_user("Administrator")
	people = {"Guest": "Guest"}
	for who, roles in {**PEOPLE, "portal user": None}.items():
		email = f"{who.replace(' ', '.')}@people.example.com"
		if not frappe.db.exists("User", email):
			kind = "Website User" if roles is None else "System User"
			factories.user(*(roles or ()), email=email, user_type=kind)
		people[who] = set_password(email)
	frappe.db.commit()
	return people


@pytest.fixture
def people(site, _people):
	"""{who: User}: the cast of the visibility rule; see PEOPLE for their roles."""
	return dict(_people)


@pytest.fixture(params=["Disable Document Sharing", "no right to share"])
def no_sharing(request, site):
	"""The site has disabled sharing, or removed the right to share calls from the seat."""
	import frappe
	from frappe.permissions import update_permission_property

	if request.param == "no right to share":
		update_permission_property("Call", factories.SEAT, 0, "share", 0, validate=False)
	else:
		frappe.db.set_single_value("System Settings", "disable_document_sharing", 1)
	forget_rights()
	yield
	frappe.db.rollback()
	forget_rights()


def forget_rights() -> None:
	import frappe

	frappe.clear_document_cache("System Settings", "System Settings")
	frappe.clear_cache(doctype="Call")
	# Frappe caches them for the request
	if hasattr(frappe.local, "system_settings"):
		del frappe.local.system_settings


@pytest.fixture
def engine_started_by(bench, tmp_path):
	"""`engine_started_by(script)`: workers start the real engine with this shell script from their next job on."""
	file = bench.sites / bench.site / "site_config.json"
	before = file.read_text()

	def use(script: str) -> None:
		path = tmp_path / "python"
		path.write_text(script.format(python=supervise.engine_python()))
		path.chmod(0o755)
		config = json.loads(before)
		engine = {**config.get("call_intelligence_engine", {}), "python": str(path)}
		file.write_text(json.dumps({**config, "call_intelligence_engine": engine}))

	yield use
	file.write_text(before)
