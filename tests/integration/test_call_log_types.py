"""The logs of calls of the installed apps, read as calls"""

from datetime import datetime, timedelta, timezone

import frappe
import pytest

from call_intelligence.api import call_logs as api
from call_intelligence.integrations import call_logs
from call_intelligence.integrations.call_logs import INDIA
from call_intelligence.integrations.erpnext import CALL_LOG as ERPNEXT
from call_intelligence.integrations.sources.types import Cursor, Party, RemoteCall
from tests import factories

CUSTOMER, OURS = "+48601555010", "+48225550100"
START = datetime(2026, 1, 31, 14, 30)
TWILIO = "https://api.twilio.com/2010-04-01/Accounts/AC/Recordings/RE"


def log(doctype: str = "CRM Call Log", **values):
	return frappe.get_doc(doctype, factories.call_log(doctype=doctype, **values))


def kind(doctype: str = "CRM Call Log"):
	return call_logs.log_type(doctype)


def read(since: datetime, **options) -> list[frappe._dict]:
	return call_logs.changed_since(kind(), since, **options)


@pytest.fixture
def began(site) -> datetime:
	return frappe.utils.now_datetime()


def test_what_is_installed(site):
	found = {log.doctype: log for log in call_logs.installed()}
	assert {"CRM Call Log", "TP Call Log"} <= set(found)
	assert found["CRM Call Log"].reference == ("reference_doctype", "reference_docname")
	assert found["CRM Call Log"].twilio == "CRM Twilio Settings"
	assert found["TP Call Log"].exotel == "TP Exotel Settings"


def test_another_apps_doctype_of_the_same_name_is_none(site, monkeypatch):
	monkeypatch.setattr(call_logs, "KNOWN", (call_logs.LogType("ToDo", receiver=None, caller=None),))
	monkeypatch.setattr(call_logs, "is_installed", bool)
	assert call_logs.installed() == ()


def test_fields_that_a_version_lacks_are_left_out(site):
	"""ERPNext's description, as if its DocType were that of the CRM: no field for the customer, and none for the employee"""
	found = call_logs.here(call_logs.replace(ERPNEXT, doctype="CRM Call Log"))
	assert (found.receiver, found.records, found.twilio, found.exotel) == (None, (), "", "")


# ------------------------------------------------------------------------------------------------ a log as a call


def test_an_incoming_call(site, people):
	doc = log(receiver=people["owner"])
	found = call_logs.to_remote(doc)
	assert isinstance(found, RemoteCall)
	assert found.external_id == f"CRM Call Log:{doc.name}"
	assert (found.direction, found.seconds, found.started_at) == ("Inbound", 61, START)
	assert found.agent_number == OURS
	assert found.parties == (
		Party("agent", user=people["owner"], phone=OURS),
		Party("customer", phone=CUSTOMER),
	)
	assert [(media.url, media.account) for media in found.media] == [(TWILIO, "CRM Call Log")]


def test_an_outgoing_call(site, people):
	values = {"type": "Outgoing", "from": OURS, "to": CUSTOMER, "caller": people["owner"]}
	found = call_logs.to_remote(log("TP Call Log", **values))
	assert (found.direction, found.agent_number) == ("Outbound", OURS)
	assert found.parties[0].user == people["owner"]
	assert found.parties[1] == Party("customer", phone=CUSTOMER)


def test_a_browser_at_twilio_is_a_colleague(site, people):
	client = f"client:{people['owner'].replace('@', '(at)')}"
	found = call_logs.to_remote(log(type="Outgoing", **{"from": client, "to": CUSTOMER}))
	assert found.parties == (Party("agent", user=people["owner"]), Party("customer", phone=CUSTOMER))
	assert found.agent_number == ""
	found = call_logs.to_remote(log(**{"from": client, "to": "client:who(at)else.example"}))
	assert found.parties == (
		Party("agent", email="who@else.example"),
		Party("agent", user=people["owner"]),
	)


def test_times_of_exotel_are_those_of_india(site):
	found = call_logs.to_remote(log(telephony_medium="Exotel"))
	assert found.started_at == START.replace(tzinfo=INDIA)
	assert found.started_at.astimezone(timezone.utc).hour == 9


def test_a_log_without_a_time_began_when_it_was_created(site):
	doc = log(start_time=None)
	assert call_logs.to_remote(doc).started_at == frappe.utils.get_datetime(doc.creation).replace(
		microsecond=0
	)


def test_the_records_that_it_is_about(site):
	lead = frappe.get_doc({"doctype": "CRM Lead", "first_name": "Ada"}).insert().name
	contact = factories.contact()
	doc = log(
		reference_doctype="CRM Lead",
		reference_docname=lead,
		links=[
			{"link_doctype": "Contact", "link_name": contact},
			{"link_doctype": "CRM Lead", "link_name": lead},
			{"link_doctype": "User", "link_name": "Administrator"},
		],
	)
	frappe.get_doc(
		{
			"doctype": "Dynamic Link", "parenttype": "CRM Call Log", "parentfield": "links", "parent": doc.name,
			"link_doctype": "Contact", "link_name": "nobody", "idx": 9,
		}
	).db_insert()  # fmt: skip
	expected = (("CRM Lead", lead), ("Contact", contact))
	assert call_logs.to_remote(doc).links == expected
	(row,) = [row for row in read(frappe.utils.get_datetime(doc.modified)) if row.name == doc.name]
	assert call_logs.to_remote(row).links == expected


@pytest.mark.parametrize("url", [None, "", "null", " "])
def test_a_log_without_a_recording_is_no_call(began, url):
	doc = log(recording_url=url)
	assert call_logs.to_remote(doc) is None
	assert doc.name not in [row.name for row in read(began) if call_logs.to_remote(row)]


def test_logs_entered_by_hand_only_when_asked_for(began):
	doc = log(telephony_medium="Manual")
	assert call_logs.to_remote(doc) is None
	assert doc.name not in names(read(began))
	assert doc.name in names(read(began, manual=True))
	found = call_logs.to_remote(doc, manual=True)
	# no credentials are used for it
	assert found.media[0].account == ""


def test_other_doctypes_are_no_calls(site):
	assert call_logs.to_remote(frappe.get_doc("User", "Administrator")) is None


# ------------------------------------------------------------------------------------------------ the sweep


def names(rows) -> list[str]:
	return [row.name for row in rows]


def test_pages_neither_skip_nor_repeat(began):
	"""Also where several logs were changed at the same moment."""
	docs = [log().name for _number in range(5)]
	for name in docs[:3]:
		frappe.db.set_value("CRM Call Log", name, "modified", began, update_modified=False)
	found, modified, name = [], began, ""
	while rows := read(modified, name=name, limit=2):
		assert len(rows) <= 2
		found += names(rows)
		modified, name = rows[-1].modified, rows[-1].name
	assert found == [*sorted(docs[:3]), *docs[3:]]


def test_a_url_written_past_the_hooks_is_found(began):
	"""As Twilio's callback does in all three apps"""
	doc = log(recording_url="")
	assert doc.name not in names(read(began))
	frappe.db.set_value("CRM Call Log", doc.name, "recording_url", TWILIO)
	assert doc.name in names(read(began))


def test_names_in_values_are_bound(began):
	assert read(began, name="' or '1'='1") == []


def test_all_logs_in_the_order_of_their_changes(began):
	first, second, third = log(), log("TP Call Log"), log()
	since = call_logs.to_utc(began)
	found = list(call_logs.poll(since))
	ids = [call.external_id for call in found if isinstance(call, RemoteCall)]
	assert ids == [call_logs.external_id(doc.doctype, doc.name) for doc in (first, second, third)]
	assert isinstance(found[-1], Cursor)
	assert since <= found[-1].until <= datetime.now(timezone.utc)


def test_safe_points_in_between(began, monkeypatch):
	monkeypatch.setattr(call_logs, "PAGE", 2)
	docs = [log() for _number in range(5)]
	found = list(call_logs.poll(call_logs.to_utc(began)))
	assert [isinstance(entry, Cursor) for entry in found] == [
		False,
		False,
		True,
		False,
		False,
		True,
		False,
		True,
	]
	assert found[2].until == call_logs.to_utc(frappe.utils.get_datetime(docs[1].modified))


@pytest.mark.parametrize(
	("since", "now", "expected"),
	[
		# 25 October 2026: 3:00 becomes 2:00 at 1:00 UTC
		((0, 40), (1, 20), datetime(2026, 10, 25, 1, 40)),
		((1, 10), (1, 20), datetime(2026, 10, 25, 2, 10)),
		((0, 10), (0, 20), datetime(2026, 10, 25, 2, 10)),
	],
)
def test_the_hour_that_occurs_twice(monkeypatch, since, now, expected):
	monkeypatch.setattr(call_logs, "get_system_timezone", lambda: "Europe/Warsaw")
	since, now = (datetime(2026, 10, 25, *time, tzinfo=timezone.utc) for time in (since, now))
	assert call_logs.first_moment(since, now) == expected


def test_count(began):
	before = call_logs.count_since(START)
	log()
	log("TP Call Log")
	log(recording_url="")
	log(telephony_medium="Manual")
	assert call_logs.count_since(START) == before + 2
	assert call_logs.count_since(START, manual=True) == before + 3
	# changed today, but the calls were before
	assert call_logs.count_since(frappe.utils.get_datetime(began) + timedelta(days=1)) == 0


def test_the_index_serves_the_sweep(began):
	for _number in range(20):
		log()
	(row,) = frappe.db.sql(
		"explain select `name` from `tabCRM Call Log` where `modified` >= %s order by `modified`, `name` limit 1",
		began,
		as_dict=True,
	)
	assert "modified" in (row.possible_keys or "")


# ------------------------------------------------------------------------------------------------ credentials


def set_up(doctype: str, **values) -> None:
	doc = frappe.get_single(doctype)
	doc.update(values)
	doc.save(ignore_permissions=True)


def test_credentials_are_those_of_the_logs_app(site):
	twilio = {"enabled": 1, "account_sid": "AC1", "auth_token": "secret token"}
	set_up("CRM Twilio Settings", **twilio)
	exotel = {"enabled": 1, "account_sid": "northwind", "api_key": "key", "api_token": "exotel token"}
	set_up("CRM Exotel Settings", subdomain="api.in.exotel.com", **exotel)
	set_up("TP Twilio Settings", **{**twilio, "account_sid": "AC2", "enabled": 0})
	found = call_logs.credentials("CRM Call Log")
	assert (found["twilio_account_sid"], found["twilio_auth_token"]) == ("AC1", "secret token")
	assert (found["exotel_api_token"], found["exotel_host"]) == ("exotel token", "api.in.exotel.com")
	found = call_logs.credentials("TP Call Log")
	assert found["twilio"] == "TP Twilio Settings"
	assert "twilio_account_sid" not in found


@pytest.mark.parametrize("doctype", ["User", "CRM Lead", ""])
def test_other_doctypes_have_no_credentials(site, doctype):
	assert call_logs.credentials(doctype) == {}


# ------------------------------------------------------------------------------------------------ "Review"


def imported(doc, owner: str) -> str:
	"""The call that a source has made of the log"""
	factories.made_of(call := factories.call(owner), doc.doctype, doc.name)
	return call


def test_the_log_leads_to_its_call(site, people, as_user):
	doc = log()
	call = imported(doc, people["rep"])
	with as_user(people["rep"]):
		assert api.review(doc.doctype, doc.name) == {"call": call}
		assert api.review(doc.doctype, log().name) == {"call": None}
	with as_user(people["crm user"]):
		assert api.review(doc.doctype, doc.name) == {"call": None}


@pytest.mark.parametrize("who", ["owner", "stranger", "portal user"])
def test_who_may_not_read_the_log_learns_nothing(site, people, as_user, who):
	doc = log()
	imported(doc, people["owner"])
	with as_user(people[who]):
		for doctype, name in ((doc.doctype, doc.name), (doc.doctype, "none"), ("User", people[who])):
			with pytest.raises(frappe.PermissionError, match="does not exist"):
				api.review(doctype, name)
