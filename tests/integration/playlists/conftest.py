"""A call, and a playlist with it"""

import frappe
import pytest

from tests import factories


@pytest.fixture
def call(people):
	"""Visible to the owner, managers and users it is shared with; 15 s"""
	name = factories.call(people["owner"], title="Price & plan")
	frappe.share.add("Call", name, people["shared with"], notify=False)
	return name


@pytest.fixture
def playlist(people, call):
	"""A playlist of the owner, with the call; for two users, one of whom sees the call"""
	return factories.playlist(
		people["owner"], call, audience=[("User", people["shared with"]), ("User", people["other seat"])]
	)
