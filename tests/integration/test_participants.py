"""Identifying voices: by users, by rules, and their consequences."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from call_intelligence import permissions, transcript
from call_intelligence.api import associations, review
from call_intelligence.api import participants as api
from call_intelligence.editing import edits
from call_intelligence.editing.session import EditConflict
from call_intelligence.ingest.details import read_details
from call_intelligence.insights import analysis
from call_intelligence.jobs import results
from call_intelligence.people import by_hand
from call_intelligence.people.automatic import recognise_participants
from call_intelligence.people.participants import describe
from tests import factories

THREE = [*factories.TRANSCRIPT, ("S3", 15.5, 17.0, "Hello, this is Tom as well.")]


@pytest.fixture
def rep(people, as_user):
	"""Has the seat and may read and add contacts; the tests run as this user"""
	with as_user(people["rep"]):
		yield people["rep"]


@pytest.fixture
def call(people):
	return measured(factories.call(people["rep"]))


def measured(call):
	analysis.sides_changed(call)
	return call


def row_of(call, key):
	return next(row for row in describe(call) if row["speaker_key"] == key)


def seen(call, key):
	row = row_of(call, key)
	return row["name"], row["side"], row["matched_by"]


def sides(call):
	return {row["speaker_key"]: row["side"] for row in describe(call) if row["speaker_key"]}


def associated(call):
	rows = frappe.get_all("Call Association", filters={"parent": call}, fields=["link_doctype", "link_name"])
	return {(row.link_doctype, row.link_name) for row in rows}


def company():
	return (
		frappe.get_doc({"doctype": "CRM Organization", "organization_name": factories.unique("Harbor")})
		.insert(ignore_permissions=True)
		.name
	)


def contact_of(company=None, **values):
	links = [{"link_doctype": "CRM Organization", "link_name": company}] if company else []
	return factories.contact(links=links, **values)


def owner_share(call):
	return frappe.db.get_value("Call", call, "owner_talk_share")


# ------------------------------------------------------------------------------------------------ connecting


def test_one_click_says_whose_voice_it_is_and_the_rest_follows(call, rep):
	assert sides(call) == {"S1": "Unknown", "S2": "Unknown"} and owner_share(call) is None

	answer = api.connect(call, row_of(call, "S1")["row"], "User", rep)

	assert sides(call) == {"S1": "Owner", "S2": "Customer"}
	assert seen(call, "S1") == (frappe.utils.get_fullname(rep), "Owner", "By hand")
	assert answer["participants"] == describe(call)
	assert [speaker["name"] for speaker in answer["speakers"]] == [
		frappe.utils.get_fullname(rep),
		"Speaker 2",
	]
	assert owner_share(call) > 0


def test_a_contact_comes_with_its_name_side_and_company(call, rep):
	harbor = company()
	sarah = contact_of(harbor)
	api.connect(call, row_of(call, "S2")["row"], "Contact", sarah)

	title = frappe.db.get_value("Contact", sarah, "full_name")
	assert seen(call, "S2") == (title, "Customer", "By hand")
	assert seen(call, "S1") == (frappe.utils.get_fullname(rep), "Owner", "Remaining voice")
	assert associated(call) == {("Contact", sarah), ("CRM Organization", harbor)}
	party = row_of(call, "S2")["party"]
	assert party == {"doctype": "Contact", "kind": "Contact", "name": sarah, "title": title, "open": True}


def test_the_open_deal_of_the_company_is_offered(people, rep):
	harbor = company()
	deal = (
		frappe.get_doc({"doctype": "CRM Deal", "organization": harbor}).insert(ignore_permissions=True).name
	)
	call = factories.call(rep)
	api.connect(call, row_of(call, "S2")["row"], "Contact", contact_of(harbor))
	offers = associations.get(call)["suggestions"]
	assert [(offer["doctype"], offer["name"]) for offer in offers] == [("CRM Deal", deal)]


def test_nobody_takes_part_by_an_address_that_they_gave_themselves(people, rep):
	"""Users may change their own User.email; participants see the call."""
	stranger = people["stranger"]
	call = factories.call(
		rep, participants=[{"display_name": "Sarah", "email": "sarah@harbor.example"}], transcript=[]
	)
	frappe.db.set_value("User", stranger, "email", "sarah@harbor.example")
	recognise_participants(call)
	assert not frappe.db.exists("Call Participant", {"parent": call, "party_type": "User", "party": stranger})

	frappe.db.set_value("Call Participant", {"parent": call}, "email", people["other seat"].upper())
	recognise_participants(call)
	assert frappe.db.get_value("Call Participant", {"parent": call}, "party") == people["other seat"]


def test_what_was_named_or_sided_by_hand_stays(call, rep):
	edits.rename_speaker(call, "S2", "The boss")
	api.set_side(call, row_of(call, "S2")["row"], "Owner")
	api.connect(call, row_of(call, "S2")["row"], "Contact", contact_of())
	assert seen(call, "S2") == ("The boss", "Owner", "By hand")
	api.disconnect(call, row_of(call, "S2")["row"])
	assert seen(call, "S2") == ("The boss", "Owner", None)


def test_disconnecting_takes_back_what_came_with_it_and_nothing_else(call, rep):
	harbor = company()
	sarah, kept = contact_of(harbor), contact_of()
	from call_intelligence.associations import linking

	linking.associate(call, "Contact", kept)
	api.connect(call, row_of(call, "S2")["row"], "Contact", sarah)
	api.disconnect(call, row_of(call, "S2")["row"])

	assert seen(call, "S2") == ("Speaker 2", "Unknown", None)
	assert seen(call, "S1") == ("Speaker 1", "Unknown", None)
	assert associated(call) == {("Contact", kept)}


def test_an_association_by_hand_outlives_the_connection(call, rep):
	harbor = company()
	sarah = contact_of(harbor)
	from call_intelligence.associations import linking

	linking.associate(call, "Contact", sarah)
	api.connect(call, row_of(call, "S2")["row"], "Contact", sarah)
	api.disconnect(call, row_of(call, "S2")["row"])
	assert ("Contact", sarah) in associated(call)


def test_somebody_else_takes_the_place_of_the_first(call, rep):
	wrong, right = contact_of(), contact_of()
	api.connect(call, row_of(call, "S2")["row"], "Contact", wrong)
	api.connect(call, row_of(call, "S2")["row"], "Contact", right)
	assert row_of(call, "S2")["party"]["name"] == right
	assert seen(call, "S2")[0] == frappe.db.get_value("Contact", right, "full_name")
	assert associated(call) == {("Contact", right)}


def test_what_was_disconnected_does_not_come_back_by_itself(call, rep):
	api.connect(call, row_of(call, "S2")["row"], "Contact", contact_of())
	assert seen(call, "S1")[2] == "Remaining voice"
	api.disconnect(call, row_of(call, "S1")["row"])
	assert seen(call, "S1") == ("Speaker 1", "Unknown", None)
	assert not recognise_participants(call)


@pytest.mark.parametrize("side", ["Owner", "Customer", "Unknown"])
def test_a_side_by_hand_tells_the_other_ones(call, rep, side):
	api.set_side(call, row_of(call, "S1")["row"], side)
	other = {"Owner": "Customer", "Customer": "Owner", "Unknown": "Unknown"}[side]
	assert sides(call) == {"S1": side, "S2": other}
	# repeating it changes nothing
	api.set_side(call, row_of(call, "S1")["row"], side)
	assert sides(call) == {"S1": side, "S2": other}


def test_of_three_voices_each_is_asked_for(people, rep):
	call = measured(factories.call(rep, transcript=THREE))
	api.connect(call, row_of(call, "S1")["row"], "User", rep)
	assert sides(call) == {"S1": "Owner", "S2": "Unknown", "S3": "Unknown"}


@pytest.mark.parametrize(
	("doctype", "error"),
	[
		("CRM Organization", frappe.ValidationError),
		("Role", frappe.ValidationError),
		("", frappe.ValidationError),
	],
)
def test_only_people_are_connected(call, rep, doctype, error):
	with pytest.raises(error, match="Contact"):
		api.connect(call, row_of(call, "S1")["row"], doctype, "Administrator")


def test_nobody_connects_what_they_may_not_read(call, people, as_user):
	hidden = contact_of()
	row = row_of(call, "S2")["row"]
	with as_user(people["manager"]):
		for name in (hidden, "No such contact <b>"):
			with pytest.raises(frappe.PermissionError) as refusal:
				api.connect(call, row, "Contact", name)
			assert "<b>" not in str(refusal.value)
		with pytest.raises(frappe.PermissionError):
			api.connect(call, row, "User", people["portal user"])


def test_a_record_that_the_viewer_may_not_read_is_not_named(call, people, as_user, rep):
	sarah = contact_of()
	api.connect(call, row_of(call, "S2")["row"], "Contact", sarah)
	with as_user(people["manager"]):
		party = review.get(call)["participants"][1]["party"]
	assert party == {"doctype": "Contact", "kind": "Contact", "name": None, "title": None, "open": False}


def test_a_row_that_has_gone_is_a_conflict(call, rep):
	with pytest.raises(EditConflict):
		api.set_side(call, "no such row", "Owner")
	with pytest.raises(EditConflict):
		api.set_voice(call, row_of(call, "S1")["row"], "S9")


# ------------------------------------------------------------------------------------------------ named in advance


GIVEN = {
	"display_name": "Sarah",
	"email": "sarah.m@harbor.example",
	"phone": "+1 206 555 0142",
	"side": "Customer",
}


def test_who_was_given_becomes_a_voice_by_hand_and_back(people, rep):
	call = measured(factories.call(rep, transcript=THREE, participants=[GIVEN]))
	given = describe(call)[-1]
	assert given["speaker_key"] is None and given["name"] == "Sarah"

	api.set_voice(call, given["row"], "S2")
	row = row_of(call, "S2")
	assert (row["row"], row["name"], row["email"], row["side"]) == (
		given["row"],
		"Sarah",
		GIVEN["email"],
		"Customer",
	)
	assert row["talk_seconds"] > 0 and len(describe(call)) == 3

	# another person is that voice: the first one stays as a participant
	api.set_voice(call, row["row"], "S3")
	assert [r["speaker_key"] for r in describe(call)] == ["S1", "S2", "S3"]
	api.set_voice(call, row["row"], "")
	assert len(describe(call)) == 4
	assert describe(call)[-1]["email"] == GIVEN["email"] and describe(call)[-1]["talk_seconds"] == 0


def test_a_voice_that_was_somebody_gives_them_back(people, rep):
	other = {"display_name": "Paula", "email": "paula@harbor.example"}
	call = measured(factories.call(rep, transcript=THREE, participants=[GIVEN, other]))
	sarah, paula = describe(call)[-2:]
	api.set_voice(call, sarah["row"], "S2")
	api.set_voice(call, paula["row"], "S2")
	assert row_of(call, "S2")["name"] == "Paula"
	assert describe(call)[-1] | {"row": sarah["row"]} == describe(call)[-1]
	assert describe(call)[-1]["phone"] == GIVEN["phone"]


def test_connecting_finds_the_one_who_was_given(people, rep):
	sarah = contact_of(email_ids=[{"email_id": GIVEN["email"], "is_primary": 1}])
	call = measured(factories.call(rep, transcript=THREE, participants=[GIVEN]))
	api.connect(call, row_of(call, "S3")["row"], "Contact", sarah)
	assert len(describe(call)) == 3
	assert row_of(call, "S3")["phone"] == GIVEN["phone"]


def test_details_take_the_channel_as_people_and_providers_say_it(people, rep):
	found = [
		read_details({"owner_channel": said}).owner_channel for said in (None, "", "First", 1, "2", "unknown")
	]
	assert found == ["", "", "First", "First", "Second", "Unknown"]
	with pytest.raises(frappe.ValidationError, match="channel"):
		read_details({"owner_channel": "left"})


# ------------------------------------------------------------------------------------------------ automatic


def two_channels(call, channel="", setting="Unknown"):
	frappe.db.set_single_value("Call Intelligence Settings", "owner_channel", setting)
	turns = [{"start": s, "end": e, "speaker": key} for key, s, e, _text in factories.TRANSCRIPT]
	frappe.db.set_value(
		"Call Recording",
		{"call": call},
		{"speaker_method": "channels", "owner_channel": channel, "speaker_turns": json.dumps(turns)},
	)
	return recognise_participants(call)


@pytest.mark.parametrize(
	("channel", "setting", "owner"),
	[
		("", "Unknown", None),
		("", "First", "S1"),
		("", "Second", "S2"),
		("Second", "First", "S2"),
		("Unknown", "First", None),
	],
)
def test_the_owners_channel(call, rep, channel, setting, owner):
	two_channels(call, channel, setting)
	found = [key for key in ("S1", "S2") if (row_of(call, key)["party"] or {}).get("name") == rep]
	assert found == ([owner] if owner else [])
	assert not recognise_participants(call), "asked again nothing changes"


def test_another_owner_is_another_voice(call, people, as_user):
	two_channels(call, "First")
	with as_user(people["manager"]):
		doc = frappe.get_doc("Call", call)
		doc.call_owner = people["other seat"]
		doc.save()
	assert row_of(call, "S1")["party"]["name"] == people["other seat"]
	assert not permissions.can_see(call, people["rep"])


def test_voices_merged_by_hand_leave_no_channel(call, rep):
	two_channels(call, "First")
	edits.merge_speakers(call, "S1", "S2")
	recognise_participants(call)
	assert [row["party"] for row in describe(call) if row["speaker_key"]] == [None]


def test_what_people_have_said_survives_processing_again(call, people, rep):
	sarah = contact_of()
	api.connect(call, row_of(call, "S2")["row"], "Contact", sarah)
	api.set_side(call, row_of(call, "S1")["row"], "Unknown")
	speakers = [{"key": "S1", "talk_seconds": 3.0}, {"key": "S2", "talk_seconds": 9.0}]
	# the voices have changed places
	results.replace_speakers(call, speakers, {"S1": "S2", "S2": "S1"})
	recognise_participants(call)
	assert row_of(call, "S1")["party"]["name"] == sarah
	assert sides(call) == {"S1": "Customer", "S2": "Unknown"}


def test_guesses_go_with_the_voice_that_they_were_about(call, rep):
	two_channels(call, "First")
	results.replace_speakers(call, [{"key": "S1", "talk_seconds": 9.0}], {"S1": "S2"})
	frappe.db.set_value("Call Recording", {"call": call}, "speaker_method", "single")
	recognise_participants(call)
	assert [(row["speaker_key"], row["party"]) for row in describe(call)] == [("S1", None)]


def test_a_given_person_whose_voice_has_gone_stays(people, rep):
	call = measured(factories.call(rep, participants=[GIVEN]))
	two_channels(call, "First")
	assert row_of(call, "S2")["email"] == GIVEN["email"]
	results.replace_speakers(call, [{"key": "S1", "talk_seconds": 9.0}], {"S1": "S1"})
	recognise_participants(call)
	assert describe(call)[-1]["email"] == GIVEN["email"] and describe(call)[-1]["speaker_key"] is None


# ------------------------------------------------------------------------------------------------ the form


def test_the_form_follows_the_same_rules(call, people, rep):
	doc = frappe.get_doc("Call", call)
	doc.participants[0].side = "Customer"
	doc.save()
	assert sides(call) == {"S1": "Customer", "S2": "Owner"}
	assert owner_share(call) > 0
	assert seen(call, "S2")[0] == frappe.utils.get_fullname(rep)
	doc.reload()
	sarah = contact_of()
	doc.participants[0].update({"party_type": "Contact", "party": sarah})
	doc.save()
	assert seen(call, "S1") == (frappe.db.get_value("Contact", sarah, "full_name"), "Customer", "By hand")
	# the answer to the form equals the stored values
	assert doc.participants[0].display_name == seen(call, "S1")[0]


def test_the_form_does_not_say_how_things_were_found(call, people, rep):
	doc = frappe.get_doc("Call", call)
	doc.participants[0].update(
		{"matched_by": "Channel", "side_automatic": 1, "voice_name": "x", "disconnected": 1}
	)
	doc.save()
	row = frappe.get_doc("Call", call).participants[0]
	assert (row.matched_by or "", row.side_automatic, row.voice_name, row.disconnected) == ("", 0, None, 0)


def test_nor_does_it_connect_what_one_may_not_read(call, people, as_user):
	hidden = contact_of()
	with as_user(people["manager"]):
		doc = frappe.get_doc("Call", call)
		doc.participants[0].update({"party_type": "Contact", "party": hidden})
		with pytest.raises(frappe.PermissionError):
			doc.save()


def test_an_older_form_does_not_undo_what_was_said_since(call, people, rep):
	old = frappe.get_doc("Call", call)
	api.connect(call, row_of(call, "S1")["row"], "User", rep)
	old.title = "Another title"
	with pytest.raises(frappe.TimestampMismatchError):
		old.save()
	assert row_of(call, "S1")["party"]["name"] == rep


# ------------------------------------------------------------------------------------------------ new contacts


def test_a_new_contact_is_made_and_connected(call, rep):
	harbor = company()
	api.add_contact(
		call,
		row_of(call, "S2")["row"],
		"Ada Lovelace King",
		"ada@harbor.example",
		"+1 206 555 0199",
		"CRM Organization",
		harbor,
	)
	party = row_of(call, "S2")["party"]
	doc = frappe.get_doc("Contact", party["name"])
	assert (doc.first_name, doc.last_name, doc.email_id, doc.owner) == (
		"Ada",
		"Lovelace King",
		"ada@harbor.example",
		rep,
	)
	assert doc.phone_nos[0].phone == "+1 206 555 0199"
	assert [(row.link_doctype, row.link_name) for row in doc.links] == [("CRM Organization", harbor)]
	assert associated(call) == {("Contact", doc.name), ("CRM Organization", harbor)}
	assert seen(call, "S2")[0] == "Ada Lovelace King"


def test_somebody_with_this_address_is_offered_instead(call, people, as_user, rep):
	sarah = contact_of(email_ids=[{"email_id": "sarah@here.example", "is_primary": 1}])
	before = frappe.db.count("Contact")
	answer = api.add_contact(call, row_of(call, "S2")["row"], "Sarah", "Sarah@here.example")
	assert frappe.local.response.http_status_code == 409
	assert [row["name"] for row in answer["existing"]] == [sarah]
	answer = api.add_contact(call, row_of(call, "S2")["row"], "Me", people["manager"])
	assert [(row["doctype"], row["name"]) for row in answer["existing"]] == [("User", people["manager"])]
	assert frappe.db.count("Contact") == before


@pytest.mark.parametrize(
	("values", "says"),
	[
		({"full_name": " "}, "name"),
		({"full_name": "<img src=x>"}, "angle brackets"),
		({"full_name": "Sarah", "email": "no address"}, "e-mail"),
		({"full_name": "Sarah", "company_doctype": "Contact", "company": "x"}, "does not exist"),
	],
)
def test_what_makes_no_contact_says_why(call, rep, values, says):
	with pytest.raises((frappe.ValidationError, frappe.PermissionError), match=says):
		api.add_contact(call, row_of(call, "S2")["row"], **values)
	assert row_of(call, "S2")["party"] is None


def test_without_the_right_to_add_contacts(people, as_user):
	call = factories.call(people["owner"])
	with as_user(people["owner"]), pytest.raises(frappe.PermissionError, match="may not add contacts"):
		api.add_contact(call, row_of(call, "S2")["row"], "Sarah Miller")


# ------------------------------------------------------------------------------------------------ search


def test_people_are_found_by_name_address_and_number(call, people, rep):
	name = factories.unique("Zofia_%")
	zofia = contact_of(
		first_name=name,
		email_ids=[{"email_id": "zofia.k@porto.example", "is_primary": 1}],
		phone_nos=[{"phone": "+48 22 555 01 42", "is_primary_phone": 1}],
	)
	lead = (
		frappe.get_doc({"doctype": "CRM Lead", "first_name": name, "lead_name": name})
		.insert(ignore_permissions=True)
		.name
	)

	def found(text):
		return {(row["doctype"], row["name"]) for row in api.search(call, text)}

	assert ("Contact", zofia) in found(name[:12]) and ("CRM Lead", lead) in found(name)
	assert found("zofia.k@porto") == {("Contact", zofia)}
	assert ("Contact", zofia) in found("225550142")
	assert ("User", people["other seat"]) in found("other.seat")
	assert not found("%_%")


def test_without_a_text_those_who_are_likely(people, rep):
	sarah = contact_of()
	call = factories.call(rep, associations=[("Contact", sarah)])
	assert [(row["doctype"], row["name"]) for row in api.search(call, "")] == [
		("User", rep),
		("Contact", sarah),
	]


def test_nobody_is_found_whom_one_may_not_read(people, as_user):
	hidden = contact_of(first_name=factories.unique("Hidden"))
	call = factories.call(people["owner"], associations=[("Contact", hidden)])
	with as_user(people["owner"]):
		assert all(row["doctype"] == "User" for row in api.search(call, "Hidden"))
		assert all(row["doctype"] == "User" for row in api.search(call, ""))


# ------------------------------------------------------------------------------------------------ together


def test_of_two_who_speak_at_once_neither_is_lost(people, committed, web):
	call = committed("Call", factories.call(people["rep"], transcript=THREE))
	analysis.sides_changed(call)
	frappe.db.commit()
	rows = {row["speaker_key"]: row["row"] for row in describe(call)}
	sessions = {key: web(people["rep"]) for key in ("S1", "S2", "S3")}
	start = threading.Barrier(3)

	def say(key, side):
		start.wait()
		return sessions[key].post(
			"/api/method/call_intelligence.api.participants.set_side",
			data={"call": call, "participant": rows[key], "side": side},
		)

	with ThreadPoolExecutor(3) as pool:
		answers = list(pool.map(say, ("S1", "S2", "S3"), ("Owner", "Customer", "Customer")))
	assert [answer.status_code for answer in answers] == [200, 200, 200]
	frappe.db.rollback()
	assert sides(call) == {"S1": "Owner", "S2": "Customer", "S3": "Customer"}


def test_the_transcript_follows_at_once(call, rep):
	api.connect(call, row_of(call, "S1")["row"], "User", rep)
	assert transcript.speaker_names(call)["S1"] == frappe.utils.get_fullname(rep)
	assert by_hand.SIDES[0] == transcript.speakers(call)[0]["side"]
