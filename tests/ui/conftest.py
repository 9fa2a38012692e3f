"""Fixtures of the browser tests: committed users, records and recordings."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import browser, caches, factories, speech
from tests.conftest import set_password

PHONE = (390, 844)

# a worker that loads a speech model takes longer than Playwright's default of five seconds
expect.set_options(timeout=20_000)
PROCESSED = 120_000


@pytest.fixture
def clear_caches():
	"""Pages open in two thirds of the time if the site keeps its caches."""
	return caches.clear_of_this_process


@pytest.fixture(scope="session")
def rep(_connection):
	"""A user with the seat who may read Contacts and can log in; created once and kept, since creating a User takes seconds."""
	frappe = _connection
	frappe.set_user("Administrator")
	name = "ui.rep@example.com"
	if not frappe.db.exists("User", name):
		user = frappe.get_doc(
			{
				"doctype": "User",
				"email": name,
				"first_name": "Rita",
				"last_name": "Rep",
				"send_welcome_email": 0,
			}
		)
		user.insert(ignore_permissions=True).add_roles(factories.SEAT, "Sales User")
	set_password(name)
	frappe.db.commit()
	return name


@pytest.fixture(scope="session")
def _colleagues(_connection):
	"""A coach who sees all calls, and an outsider who sees none; created once, since creating a User takes seconds"""
	frappe = _connection
	made = {}
	frappe.set_user("Administrator")
	for who, name, roles in (
		("coach", ("Carla", "Coach"), (factories.MANAGER,)),
		("outsider", ("Otto", "Outsider"), ("Blogger",)),
	):
		email = f"ui.{who}@example.com"
		if not frappe.db.exists("User", email):
			user = frappe.get_doc(
				{
					"doctype": "User",
					"email": email,
					"first_name": name[0],
					"last_name": name[1],
					"send_welcome_email": 0,
				}
			)
			user.insert(ignore_permissions=True).add_roles(*roles)
		made[who] = set_password(email)
	frappe.db.commit()
	frappe.cache.delete_value("users_for_mentions")
	return made


@pytest.fixture
def coach(site, _colleagues):
	return _colleagues["coach"]


@pytest.fixture
def outsider(site, _colleagues):
	return _colleagues["outsider"]


@pytest.fixture
def desk(desk, rep, _colleagues):
	"""As in tests/conftest.py; preferences left by earlier tests, including filters of lists, are deleted once the user
	is logged in: pages save them when they are left, which may be late."""
	import frappe

	opened = []

	def open_page(*args, path=None, **options):
		page = desk(*args, **options)
		if not opened:
			people = ["Administrator", rep, *_colleagues.values()]
			frappe.db.delete(
				"__UserSettings", {"user": ["in", people], "doctype": ["in", ("Call", "Call Clip")]}
			)
			frappe.db.commit()
			for user in people:
				for doctype in ("Call", "Call Clip"):
					frappe.cache.hdel("_user_settings", f"{doctype}::{user}")
		opened.append(page)
		if path:
			# not earlier: a page that knows the deleted preferences would save them again
			browser.go(page, path)
		return page

	return open_page


@pytest.fixture
def contact(site):
	"""A Contact; calls uploaded for it are deleted with it."""
	import frappe

	name = factories.contact(
		last_name="Miller",
		email_ids=[{"email_id": f"{factories.unique('s')[2:]}@example.com", "is_primary": 1}],
	)
	frappe.db.commit()
	yield name
	frappe.db.rollback()
	calls = frappe.get_all("Call Association", filters={"link_name": name}, pluck="parent", distinct=True)
	for doctype, documents in (("Call", calls), ("Contact", [name])):
		for document in documents:
			frappe.delete_doc(doctype, document, force=True, ignore_permissions=True, delete_permanently=True)
	frappe.db.commit()


@pytest.fixture(scope="session")
def spoken():
	"""A call of two voices with known words, one per channel"""
	return speech.spoken_call("premium_plan")


@pytest.fixture
def reviewable(contact, rep, spoken, tmp_path):
	"""Name of a Ready call of the contact with sound, waveform and transcript, made without the engine"""
	import frappe

	keys = {"owner": "S1", "customer": "S2"}
	call = factories.call(
		rep,
		title=factories.unique("Premium plan"),
		associations=[("Contact", contact)],
		transcript=[(keys[turn.speaker], turn.start, turn.end, turn.text) for turn in spoken.turns],
		duration=spoken.duration,
		# with seconds: date fields that drop them make the form look unsaved
		start_time="2026-01-31 14:30:27",
	)
	for key, name in (("S1", "Daniel Owner"), ("S2", "Sarah Miller")):
		frappe.db.set_value("Call Participant", {"parent": call, "speaker_key": key}, "display_name", name)
	recording = frappe.db.get_value("Call Recording", {"call": call})
	factories.sound(recording, Path(shutil.copy(spoken.stereo, tmp_path / "call.wav")), spoken.duration)
	frappe.db.commit()
	return call
