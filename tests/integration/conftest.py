"""Fixtures for tests that need a site."""

import json
from datetime import timedelta

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


@pytest.fixture
def new_source(site):
	"""new_source(**values) -> name of a committed Recording Source; its calls are deleted with it"""
	import frappe

	made = []

	def make(**values) -> str:
		made.append(frappe.get_doc({"doctype": "Recording Source", **values}).insert().name)
		frappe.db.commit()
		return made[-1]

	yield make
	frappe.db.rollback()
	for source in made:
		for call in frappe.get_all("Call Recording", {"source": source}, pluck="call"):
			frappe.delete_doc("Call", call, force=True, ignore_permissions=True, delete_permanently=True)
		frappe.delete_doc(
			"Recording Source", source, force=True, ignore_permissions=True, delete_permanently=True
		)
		frappe.db.commit()


@pytest.fixture
def worked(eventually):
	"""worked(source) -> its deliveries, once each was tried"""

	from call_intelligence.core.times import utc_now
	from tests.integration.arrivals import arrivals

	def is_busy(row) -> bool:
		"""Also after a clash with another worker, which is repeated within a minute"""
		soon = utc_now() + timedelta(seconds=10)
		waits = row.next_attempt_at and row.next_attempt_at > soon
		return row.status == "Running" or (row.status == "Queued" and not (row.attempts and waits))

	def wait(source: str, count: int = 1) -> list:
		def tried():
			found = arrivals(source)
			return found if len(found) == count and not any(map(is_busy, found)) else None

		return eventually(tried, 90, "the deliveries are tried")

	return wait


@pytest.fixture
def try_again(site):
	"""try_again(arrival): as if the time of its next attempt had come -> the arrival afterwards"""

	import frappe

	from call_intelligence.core.times import utc_now
	from call_intelligence.sources import jobs
	from tests.integration.arrivals import arrivals

	def again(arrival) -> dict:
		frappe.db.set_value(
			"Source Delivery", arrival.name, "next_attempt_at", utc_now() - timedelta(seconds=1)
		)
		frappe.db.commit()
		jobs.import_delivery(arrival.name)
		source = frappe.db.get_value("Source Delivery", arrival.name, "source")
		return next(row for row in arrivals(source) if row.name == arrival.name)

	return again
