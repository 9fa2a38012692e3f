"""Checks for many users at once follow the same rule as one by one, as does granting access."""

import frappe
import pytest

from call_intelligence.associations import linking
from call_intelligence.core import grants
from call_intelligence.permissions import can_see, who_sees
from tests import factories


@pytest.fixture
def call(people):
	name = factories.call(
		people["owner"],
		associations=[("Contact", factories.contact())],
		participants=[{"party_type": "User", "party": people["participant"]}],
	)
	frappe.share.add("Call", name, people["shared with"], notify=False)
	return name


def test_the_rule_of_visibility_is_one(call, people):
	everybody = [*people.values(), "Administrator", "nobody@example.com", "Guest"]
	for name in (call, factories.call(people["owner"]), "no call"):
		assert who_sees(name, everybody) == {user for user in everybody if can_see(name, user)}
	assert {people["owner"], people["crm user"], people["manager"]} <= who_sees(call, everybody)
	assert who_sees(call, []) == set()


def test_access_for_many_is_what_frappe_would_give(call, people, as_user):
	new = [people["stranger"], people["other seat"]]
	with as_user(people["owner"]):
		given = grants.give(call, [people["shared with"], *new])
	assert set(given) == {people["shared with"], *new}
	fields = ["user", "read", "write", "share", "submit", "everyone", "owner"]
	rows = frappe.get_all("DocShare", {"share_name": call, "user": ["in", new]}, fields)
	assert [row.pop("user") for row in rows] and all(
		row == {"read": 1, "write": 0, "share": 0, "submit": 0, "everyone": 0, "owner": people["owner"]}
		for row in rows
	)
	assert all(can_see(call, user) for user in new)
	assert all(frappe.get_doc("DocShare", name).user == user for user, name in given.items())
	# repeating it changes nothing
	with as_user(people["owner"]):
		assert grants.give(call, new) == {user: given[user] for user in new}
	assert frappe.db.count("DocShare", {"share_name": call}) == 3


def test_access_is_given_by_those_who_may_share(call, people, as_user):
	for who in ("shared with", "crm user", "stranger"):
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			grants.give(call, [people["stranger"]])
	assert not can_see(call, people["stranger"])


def test_many_records_are_let_in_as_one_by_one(people, as_user):
	contacts = [factories.contact() for _number in range(3)]
	with as_user(people["rep"]):
		linking.check_associations([("Contact", name) for name in contacts])
	for who, names in {"stranger": contacts, "rep": [*contacts, "nobody"], "other seat": contacts}.items():
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			linking.check_associations([("Contact", name) for name in names])
	with as_user(people["rep"]), pytest.raises(frappe.ValidationError, match="cannot be associated"):
		linking.check_associations([("Contact", contacts[0]), ("DocType", "User"), ("DocType", "Role")])
