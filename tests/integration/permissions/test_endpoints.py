"""Every whitelisted function of the app: who may call it, and how"""

import inspect

import frappe
import pytest

from call_intelligence.api import terms
from tests.integration.permissions.endpoints import ENDPOINTS, FOR_GUESTS, requests_for, whitelisted
from tests.integration.permissions.rule import EDITS, SEES, SEES_NOT


def test_every_endpoint_of_the_app_is_in_the_api_folder():
	ours = {
		function for function in frappe.whitelisted if function.__module__.startswith("call_intelligence.")
	}
	assert {function.__module__.split(".")[1] for function in ours} == {"api"}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_stranger_is_refused_everywhere(call, people, as_user, endpoint):
	request = requests_for(call)[endpoint]
	for who in ("stranger", "portal user"):
		with as_user(people[who]):
			try:
				answer = request()
			except frappe.PermissionError:
				continue
		pytest.fail(f"{who}: {answer}")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_endpoints_say_what_they_take_and_how(endpoint):
	function = whitelisted()[endpoint]
	signature = inspect.signature(function)
	assert function.__doc__
	assert all(p.annotation is not inspect.Parameter.empty for p in signature.parameters.values())
	methods = frappe.allowed_http_methods_for_whitelisted_func[function]
	# overrides of Frappe's functions are called under Frappe's names
	stands_in = endpoint == "search.count" or endpoint.startswith(("doors.", "generic."))
	assert len(methods) == 1 or stands_in
	assert (function in frappe.guest_methods) is (endpoint in FOR_GUESTS)


CHANGING_ASSOCIATIONS = [f"associations.{name}" for name in ("search", "add", "remove", "accept", "dismiss")]
EDITING = [name for name in ENDPOINTS if name.startswith("transcript.") and name != "transcript.history"]
PARTICIPANTS = [name for name in ENDPOINTS if name.startswith("participants.")]


@pytest.mark.parametrize(
	"endpoint",
	[
		"calls.retry",
		"calls.identify_speakers",
		"comments.edit",
		"comments.remove",
		"comments.share_with",
		*CHANGING_ASSOCIATIONS,
		*PARTICIPANTS,
		*EDITING,
	],
)
def test_those_who_only_see_change_nothing(call, people, as_user, endpoint):
	for who in ("participant", "shared with", "crm user"):
		with as_user(people[who]):
			try:
				answer = requests_for(call)[endpoint]()
			except frappe.PermissionError:
				continue
		pytest.fail(f"{who}: {answer}")


@pytest.mark.parametrize(
	"endpoint",
	[
		"associations.get", "calls.status", "calls.transcript", "review.get", "search.records", "comments.get", "comments.add",
		"comments.who_cannot_see", "notes.get", "notes.save",
	],
)  # fmt: skip
def test_those_who_see_may_read(call, people, as_user, endpoint):
	for who in SEES:
		with as_user(people[who]):
			assert requests_for(call)[endpoint](), who


LISTENING = ["playlists.mine", "playlists.get", "playlists.follow", "playlists.progress"]


@pytest.mark.parametrize("endpoint", [name for name in ENDPOINTS if name.startswith("playlists.")])
def test_the_audience_of_a_playlist_listens_and_its_owner_keeps_it(call, people, as_user, endpoint):
	request = requests_for(call)[endpoint]
	for who in (*SEES, *SEES_NOT):
		frappe.db.savepoint("unchanged")
		with as_user(people[who]):
			if who in EDITS or (who in SEES and endpoint in LISTENING):
				assert request() is not None, who
			else:
				with pytest.raises(frappe.PermissionError):
					request()
		frappe.db.rollback(save_point="unchanged")


MANAGING = [name for name in ENDPOINTS if name.startswith(("terms.", "sources.")) and name != "terms.get"]


@pytest.mark.parametrize("endpoint", MANAGING)
def test_only_managers_edit_tracked_terms_and_sources(call, people, as_user, endpoint):
	request = requests_for(call)[endpoint]
	for who in ("owner", "other seat", "crm user"):
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			request()
	with as_user(people["manager"]):
		assert request() is not None


@pytest.mark.parametrize(
	("who", "may"), [("owner", True), ("manager", True), ("other seat", False), ("crm user", False)]
)
def test_who_has_the_seat_and_sees_the_call_gets_its_mentions(call, people, as_user, who, may):
	with as_user(people[who]):
		try:
			assert terms.get(call.name)["categories"]
		except frappe.PermissionError:
			assert not may
		else:
			assert may
