"""Who reads and writes the DocTypes of playlists, terms and clips"""

import frappe
import pytest
from frappe import client
from frappe.utils.user import UserPermissions

from call_intelligence.api import clips, search
from tests import factories
from tests.integration.permissions.rule import SEES, SEES_NOT


def test_desk_shows_the_list_of_playlists_to_everybody_who_works_there(people, as_user):
	for who, makes in {"owner": True, "manager": True, "crm user": False, "stranger": False}.items():
		rights = UserPermissions(people[who])
		with as_user(people[who]):
			rights.build_permissions()
		assert "Call Playlist" in rights.can_read
		assert ("Call Playlist" in rights.can_create) is makes, who


@pytest.mark.parametrize("doctype", ["Tracked Term", "Tracked Term Category"])
def test_people_with_the_seat_read_tracked_terms_and_managers_change_them(people, as_user, doctype):
	rights = {
		"owner": {"read"},
		"manager": {"read", "write", "create", "delete", "import", "export"},
		"crm user": set(),
	}
	for who, allowed in rights.items():
		with as_user(people[who]):
			for right in ("read", "write", "create", "delete", "import", "export"):
				assert bool(frappe.has_permission(doctype, right)) is (right in allowed), (who, right)


@pytest.mark.parametrize(
	("doctype", "who"), [("Term Mention", "owner"), ("Term Mention", "manager"), ("Term Scan", "manager")]
)
def test_desk_has_lists_for_those_who_may_read_them(people, doctype, who):
	rights = UserPermissions(people[who])
	rights.build_permissions()
	assert doctype in rights.can_read


CLIPS = ("Call Clip", "Call Clip Opening")


def test_who_sees_a_clip_and_how_it_fared(call, people, as_user, ask):
	clip = frappe.db.get_value("Call Clip", {"call": call.name})
	with as_user(people["participant"]):
		clips.open(clip)
	# users who see the call can open the clip by its URL, but only recipients have it in a list
	listed = {"owner": True, "manager": True, "participant": True, "shared with": False, "crm user": False}
	for who in (*SEES, *SEES_NOT):
		with as_user(people[who]):
			assert (clip in names_of("Call Clip")) is listed.get(who, False), who
			document = frappe.get_doc("Call Clip", clip)
			assert bool(document.has_permission("read")) is listed.get(who, False), who
			assert bool(names_of("Call Clip Opening")) is (who in ("owner", "manager")), who
			rows = guarded(
				client.get_list, "Call Clip Recipient", filters={"parent": clip}, parent="Call Clip"
			)
			assert bool(rows) is listed.get(who, False), who
			for doctype in CLIPS:
				for right in ("write", "create", "delete", "share"):
					assert not frappe.has_permission(doctype, right), (who, doctype, right)
			assert bool(guarded(search.count, "Call Clip", {"message": ["like", "%zebra%"]})) is listed.get(
				who, False
			)


def names_of(doctype: str) -> list[str]:
	return guarded(frappe.get_list, doctype, pluck="name") or []


def guarded(function, *arguments, **options):
	"""The function's result; None if it refuses"""
	try:
		return function(*arguments, **options)
	except frappe.PermissionError:
		return None


def test_nobody_writes_clips_past_their_rules(call, people, as_user):
	clip = frappe.db.get_value("Call Clip", {"call": call.name})
	for who in ("owner", "manager"):
		with as_user(people[who]):
			document = frappe.get_doc("Call Clip", clip)
			document.message = "Other words"
			for write in (document.save, document.delete):
				with pytest.raises(frappe.PermissionError):
					write()
			recipient = {
				"parenttype": "Call Clip",
				"parent": clip,
				"parentfield": "recipients",
				"user": people["stranger"],
			}
			with pytest.raises(frappe.PermissionError):
				frappe.get_doc({"doctype": "Call Clip Recipient", **recipient}).insert()


SOURCES = ("Recording Source", "Source Delivery")


@pytest.mark.parametrize("who", ["manager", "owner", "crm user", "stranger", "portal user"])
def test_only_managers_see_sources_and_what_arrived(people, as_user, who):
	source, delivery = factories.source_with_delivery()
	with as_user(people[who]):
		for doctype, name in zip(SOURCES, (source, delivery), strict=True):
			assert (name in (guarded(frappe.get_list, doctype, pluck="name") or [])) is (who == "manager")
			assert bool(frappe.get_doc(doctype, name).has_permission("read")) is (who == "manager")


def test_the_secrets_of_a_source_leave_the_server_for_nobody(people, as_user):
	source, _delivery = factories.source_with_delivery(
		client_secret="very-secret", secret_token="also-secret"
	)
	with as_user(people["manager"]):
		answers = (client.get("Recording Source", source), client.get_list("Recording Source", fields=["*"]))
	assert "very-secret" not in frappe.as_json(answers)
	assert "also-secret" not in frappe.as_json(answers)
