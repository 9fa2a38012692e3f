"""Automatic identification of voices: certain ones are identified, others stay unknown, users' decisions are kept."""

import pytest

from call_intelligence.people.recognition import Owner, address, fold_name, recognise

DANIEL = Owner("daniel@northwind.example", "Daniel Reyes", frozenset(["daniel@northwind.example"]))
MARIA = Owner("maria@northwind.example", "Maria Lindqvist", frozenset(["maria@northwind.example"]))


def voice(key, **values):
	row = {"name": f"row {key}", "speaker_key": key, "side": "Unknown", "talk_seconds": 10.0, **values}
	if row.get("voice_name"):
		row |= {"display_name": row["voice_name"], "name_automatic": 1, "matched_by": "Provider"}
	return row


def given(name, **values):
	row = {"name": f"given {name}", "speaker_key": None, "display_name": name, "given_name": name}
	return {**row, "side": "Unknown", **values}


def said(rows, *fields):
	"""{row name: the fields}"""
	return {row["name"]: tuple(row.get(field) or None for field in fields) for row in rows}


def who(rows):
	"""{speaker key: (party, side, how)}"""
	return {
		row["speaker_key"]: (row.get("party"), row.get("side"), row.get("matched_by") or None)
		for row in rows
		if row["speaker_key"]
	}


NOBODY = (None, "Unknown", None)


def test_two_voices_of_whom_nothing_is_known_stay_unknown():
	rows = recognise([voice("S1"), voice("S2")], DANIEL)
	assert who(rows) == {"S1": NOBODY, "S2": NOBODY}


def test_the_owners_channel_tells_both_sides():
	rows = recognise([voice("S1"), voice("S2")], DANIEL, channel_voice="S2")
	assert who(rows) == {"S1": (None, "Customer", None), "S2": (DANIEL.user, "Owner", "Channel")}
	assert said(rows, "display_name", "name_automatic")["row S2"] == ("Daniel Reyes", 1)


@pytest.mark.parametrize(
	"label",
	["Daniel Reyes", "DANIEL REYES", "Reyes, Daniel", "Dániel Reyes (Northwind)", "daniel@northwind.example"],
)
def test_a_label_names_the_owner(label):
	rows = recognise([voice("S1", voice_name=label), voice("S2", voice_name="Somebody")], DANIEL)
	assert who(rows)["S1"] == (DANIEL.user, "Owner", "Provider")
	assert who(rows)["S2"][:2] == (None, "Customer")


@pytest.mark.parametrize(
	"label", ["Daniel", "Reyes", "Daniel R.", "Daniela Reyes", "D Reyes", "reyes@northwind.example"]
)
def test_a_label_that_is_only_like_the_owners_name_names_nobody(label):
	rows = recognise([voice("S1", voice_name=label), voice("S2", voice_name="Somebody")], DANIEL)
	assert [row[:2] for row in who(rows).values()] == [(None, "Unknown"), (None, "Unknown")]


def test_the_same_label_twice_names_nobody():
	rows = recognise([voice("S1", voice_name="Daniel Reyes"), voice("S2", voice_name="daniel reyes")], DANIEL)
	assert [row[:2] for row in who(rows).values()] == [(None, "Unknown"), (None, "Unknown")]


def test_a_label_that_fits_the_owner_and_somebody_else_names_nobody():
	namesake = given("Daniel Reyes", email="daniel@customer.example")
	rows = recognise([voice("S1", voice_name="Daniel Reyes"), voice("S2"), namesake], DANIEL)
	assert who(rows)["S1"][0] is None


def test_labels_find_those_who_were_given_by_name_or_by_email():
	rows = recognise(
		[
			voice("S1", voice_name="Sarah Müller"),
			voice("S2", voice_name="paula@farm.example"),
			voice("S3", voice_name="Guest"),
			given("Sarah Muller", email="sarah@harbor.example", side="Customer"),
			given("", email="Paula@Farm.example"),
			given("Tom"),
		],
		DANIEL,
	)
	found = said(rows, "speaker_key", "email", "voice_by", "side")
	assert found["given Sarah Muller"] == ("S1", "sarah@harbor.example", "Provider", "Customer")
	assert found["given "] == ("S2", "Paula@Farm.example", "Provider", "Unknown")
	assert "row S1" not in found and "row S2" not in found
	assert found["given Tom"][0] is None


def test_two_given_of_one_name_are_nobody():
	rows = recognise(
		[
			voice("S1", voice_name="Anna Nowak"),
			voice("S2"),
			given("Anna Nowak", email="a@x.example"),
			given("anna nowak"),
		],
		DANIEL,
	)
	assert who(rows)["S1"][:2] == (None, "Unknown")


def test_who_is_left_over_is_the_only_one_who_was_given():
	rows = recognise(
		[voice("S1"), voice("S2"), given("Sarah Miller", phone="+12065550142", side="Customer")], DANIEL, "S1"
	)
	assert said(rows, "speaker_key", "voice_by", "side") == {
		"row S1": ("S1", None, "Owner"),
		"given Sarah Miller": ("S2", "Remaining voice", "Customer"),
	}


def test_of_two_who_were_given_either_may_be_left_over():
	rows = recognise([voice("S1"), voice("S2"), given("Sarah"), given("Tom", side="Customer")], DANIEL, "S1")
	# the person stays unknown, but not the side
	assert said(rows, "speaker_key", "voice_by", "side")["row S2"] == ("S2", None, "Customer")


def test_a_colleague_and_a_customer_may_both_be_left_over():
	tom = given("Tom", email="tom@northwind.example")
	rows = recognise(
		[voice("S1"), voice("S2"), given("Sarah", side="Customer"), tom],
		DANIEL,
		"S1",
		colleagues={"tom@northwind.example": "tom@northwind.example"},
	)
	assert who(rows)["S2"] == NOBODY
	assert said(rows, "party", "side", "matched_by")["given Tom"] == (
		"tom@northwind.example",
		"Owner",
		"E-mail",
	)


def test_an_internal_call_of_two():
	tom = given("Tom", email="tom@northwind.example")
	rows = recognise(
		[voice("S1"), voice("S2"), tom],
		DANIEL,
		"S1",
		colleagues={"tom@northwind.example": "tom@northwind.example"},
	)
	assert who(rows)["S2"] == ("tom@northwind.example", "Owner", "E-mail")


def test_a_voice_with_another_name_is_not_the_one_who_was_given():
	rows = recognise([voice("S1"), voice("S2", voice_name="Bob"), given("Sarah Miller")], DANIEL, "S1")
	assert said(rows, "speaker_key", "side")["row S2"] == ("S2", "Customer")
	assert said(rows, "speaker_key")["given Sarah Miller"] == (None,)


def test_beside_a_customer_the_other_voice_is_the_owner():
	rows = recognise([voice("S1", side="Customer", side_by_hand=1), voice("S2")], DANIEL)
	assert who(rows)["S2"] == (DANIEL.user, "Owner", "Remaining voice")
	contact = {"party_type": "Contact", "party": "Sarah", "matched_by": "By hand"}
	rows = recognise([voice("S1"), voice("S2", **contact)], DANIEL)
	assert who(rows) == {
		"S1": (DANIEL.user, "Owner", "Remaining voice"),
		"S2": ("Sarah", "Customer", "By hand"),
	}


@pytest.mark.parametrize("label", ["Tom Becker", "Meeting room"])
def test_a_voice_that_is_called_otherwise_is_not_the_owner(label):
	rows = recognise([voice("S1", side="Customer", side_by_hand=1), voice("S2", voice_name=label)], DANIEL)
	assert who(rows)["S2"][:2] == (None, "Unknown")


def test_beside_a_customer_another_customer_may_speak():
	rows = recognise(
		[voice("S1", side="Customer", side_by_hand=1), voice("S2"), given("Tom", side="Customer")], DANIEL
	)
	assert who(rows)["S2"] == NOBODY


def test_beside_a_customer_a_colleague_may_speak_for_our_side():
	rows = recognise(
		[voice("S1", side="Customer", side_by_hand=1), voice("S2"), given("Tom", side="Owner")], DANIEL
	)
	assert who(rows)["S2"] == (None, "Owner", None)


def test_of_three_voices_nobody_is_left_over():
	rows = recognise([voice("S1"), voice("S2"), voice("S3")], DANIEL, "S1")
	assert who(rows) == {"S1": (DANIEL.user, "Owner", "Channel"), "S2": NOBODY, "S3": NOBODY}


def test_a_voice_that_says_nothing_does_not_count():
	rows = recognise([voice("S1"), voice("S2"), voice("S3", talk_seconds=0)], DANIEL, "S1")
	assert who(rows)["S2"][1] == "Customer" and who(rows)["S3"] == NOBODY


@pytest.mark.parametrize(
	"hand",
	[
		{"side": "Customer", "side_by_hand": 1},
		{"display_name": "Tom", "matched_by": "By hand"},
		{"party_type": "Contact", "party": "Sarah", "matched_by": "By hand"},
		{"disconnected": 1},
	],
)
def test_what_people_have_said_outweighs_the_channel(hand):
	before = voice("S1", **hand)
	rows = recognise([before, voice("S2"), voice("S3")], DANIEL, "S1")
	found = next(row for row in rows if row["speaker_key"] == "S1")
	assert {key: found[key] for key in hand} == hand
	assert found.get("party") == hand.get("party")


def test_a_voice_that_is_unknown_by_hand_stays_so():
	rows = recognise([voice("S1"), voice("S2", side="Unknown", side_by_hand=1)], DANIEL, "S1")
	assert who(rows)["S2"] == NOBODY


def test_a_name_by_hand_names_the_owner_too():
	rows = recognise([voice("S1", display_name="daniel reyes"), voice("S2")], DANIEL)
	assert who(rows)["S1"] == (DANIEL.user, "Owner", "Name")
	assert said(rows, "display_name")["row S1"] == ("daniel reyes",)


def test_the_owner_who_was_given_gets_the_voice_and_loses_nothing():
	rows = recognise(
		[voice("S1"), voice("S2"), given("D. Reyes", email="Daniel@Northwind.example")], DANIEL, "S1"
	)
	assert said(rows, "speaker_key", "party", "email", "side")["given D. Reyes"] == (
		"S1", DANIEL.user, "Daniel@Northwind.example", "Owner",
	)  # fmt: skip


SCENES = {
	"channel": ([voice("S1"), voice("S2")], "S1"),
	"given": ([voice("S1"), voice("S2"), given("Sarah Miller", email="s@h.example", side="Customer")], "S2"),
	"labels": (
		[
			voice("S1", voice_name="Daniel Reyes"),
			voice("S2", voice_name="Sarah Miller"),
			given("Sarah Miller"),
		],
		None,
	),
	"by hand": ([voice("S1", side="Customer", side_by_hand=1), voice("S2")], None),
	"owner given": ([voice("S1"), voice("S2"), given("Dan", email="daniel@northwind.example")], "S1"),
	"three": ([voice("S1", voice_name="Daniel Reyes"), voice("S2"), voice("S3"), given("Sarah")], None),
}


@pytest.mark.parametrize("scene", SCENES)
def test_asked_again_it_says_the_same(scene):
	rows, channel = SCENES[scene]
	once = recognise(rows, DANIEL, channel)
	assert recognise(once, DANIEL, channel) == once


@pytest.mark.parametrize("scene", SCENES)
def test_when_nothing_is_known_any_more_all_is_as_it_was(scene):
	"""Another owner, to whom nothing points: results that followed from the first owner are undone."""
	rows, channel = SCENES[scene]
	stranger = Owner("x@other.example", "Xaver Other", frozenset(["x@other.example"]))
	once = recognise(rows, DANIEL, channel)
	never = recognise(rows, stranger)
	fields = ("speaker_key", "display_name", "email", "party", "side", "voice_by")

	def shown(rows):
		return sorted(str([row.get(field) or None for field in fields]) for row in rows)

	assert shown(recognise(once, stranger)) == shown(never)


def test_another_owner_takes_the_place_of_the_first():
	once = recognise([voice("S1"), voice("S2")], DANIEL, "S1")
	rows = recognise(once, MARIA, "S1")
	assert who(rows)["S1"] == (MARIA.user, "Owner", "Channel")
	assert said(rows, "display_name")["row S1"] == ("Maria Lindqvist",)


def test_a_voice_that_has_gone_leaves_no_guess_behind():
	gone = {
		**recognise([voice("S1"), voice("S2")], DANIEL, "S1")[0],
		"speaker_key": None,
		"talk_seconds": None,
	}
	assert [row["name"] for row in recognise([gone, voice("S2")], DANIEL)] == ["row S2"]


def test_names_of_records_stand_in_for_given_ones_and_never_for_those_by_hand():
	sarah = {"party_type": "Contact", "party": "C1", "matched_by": "E-mail"}
	titles = {("Contact", "C1"): "Sarah Miller"}
	rows = recognise(
		[given("sarah.m", **sarah), voice("S1", display_name="Boss", **sarah)], DANIEL, titles=titles
	)
	assert said(rows, "display_name") == {"given sarah.m": ("Sarah Miller",), "row S1": ("Boss",)}


def test_names_are_compared_without_order_accents_and_additions():
	assert fold_name("Łukasz  Żółć-Nowak") == fold_name("NOWAK lukasz ZOLC [Guest]")
	assert fold_name("Anna@Firma.PL") == "anna@firma.pl"
	assert fold_name("Ánna@firma.pl") != "anna@firma.pl"
	assert fold_name("( )") == ""


@pytest.mark.parametrize("email", ["dániel@northwind.example", "daniel@northwınd.example"])
def test_an_address_with_an_accent_is_somebody_elses(email):
	owner = Owner("daniel@northwind.example", "Daniel Reyes", frozenset(["daniel@northwind.example"]))
	(row,) = recognise([given("Somebody", email=email)], owner)
	assert not row.get("party")


def test_sharp_s_is_no_double_one():
	(row,) = recognise(
		[given("Somebody", email="strasse@x.example")], DANIEL, colleagues={address("straße@x.example"): "u"}
	)
	assert not row.get("party")
