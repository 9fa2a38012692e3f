"""People in e-mail header fields."""

import pytest

from call_intelligence.people.matching.addresses import addresses_of, people_of, separated

ANNA, BOB = "anna@x.example", "bob.o'neil+calls@sub.x.example"


@pytest.mark.parametrize(
	("text", "people"),
	[
		(ANNA, [("", ANNA)]),
		(f"  {ANNA}  ", [("", ANNA)]),
		(f"<{ANNA}>", [("", ANNA)]),
		(f"Anna <{ANNA}>", [("Anna", ANNA)]),
		(f"Anna Maria   Nowak <{ANNA}>", [("Anna Maria Nowak", ANNA)]),
		(f'"Nowak, Anna" <{ANNA}>', [("Nowak, Anna", ANNA)]),
		(f'"Nowak; Anna" <{ANNA}>', [("Nowak; Anna", ANNA)]),
		(f"{ANNA} (Anna Nowak)", [("Anna Nowak", ANNA)]),
		(f"mailto:{ANNA}", [("", ANNA)]),
		(f"Zażółć Gęślą <{ANNA}>", [("Zażółć Gęślą", ANNA)]),
		(f"{ANNA} <{ANNA}>", [("", ANNA)]),
		(f"{ANNA}, {BOB}", [("", ANNA), ("", BOB)]),
		(f"{ANNA};{BOB};", [("", ANNA), ("", BOB)]),
		(f"{ANNA}\n{BOB}", [("", ANNA), ("", BOB)]),
		(f'Anna <{ANNA}>; "O\'Neil, Bob" <{BOB}>,', [("Anna", ANNA), ("O'Neil, Bob", BOB)]),
		(f"{ANNA}, ANNA@X.EXAMPLE", [("", ANNA)]),
		(f"“Nowak, Anna” ‹{ANNA}›", [("Nowak, Anna", ANNA)]),
		("", []),
		(None, []),
		(" ; , ", []),
	],
)
def test_people(text, people):
	assert people_of(text) == people
	assert addresses_of(text) == [address for _name, address in people]


@pytest.mark.parametrize(
	"text",
	[
		"nobody",
		"Anna",
		f"{ANNA}, nobody",
		"anna@",
		"@x.example",
		"a@b@c",
		f"Anna {ANNA} {BOB}",
		"<>x",
		"a@x," * 900,
	],
)
def test_what_is_no_address(text):
	with pytest.raises(ValueError):
		people_of(text)
	assert addresses_of(text) == []


def test_a_participant_for_each_address():
	row = {"email": f"Anna <{ANNA}>, {BOB}", "phone": "1", "side": "Customer"}
	assert separated(row) == [
		{"display_name": "Anna", "email": ANNA, "phone": "1", "side": "Customer"},
		{"display_name": None, "email": BOB, "side": "Customer"},
	]


def test_a_name_that_was_given_stays():
	assert separated({"display_name": "A. N.", "email": f"Anna <{ANNA}>"}) == [
		{"display_name": "A. N.", "email": ANNA}
	]
	assert separated({"display_name": "A. N.", "email": ""}) == [{"display_name": "A. N.", "email": ""}]


@pytest.mark.parametrize("text", ["(" * 1500, "a@b.example " + "(" * 990, "(" * 60 + "a@b.example"])
def test_brackets_without_end_are_no_addresses(text):
	assert addresses_of(text) == []


@pytest.mark.parametrize(
	("text", "people"),
	[
		(
			"Nowak, Anna <anna@x.example>; Bob <b@x.example>",
			[("Nowak, Anna", "anna@x.example"), ("Bob", "b@x.example")],
		),
		(
			"Nowak, Anna <anna@x.example>, b@x.example",
			[("Nowak, Anna", "anna@x.example"), ("", "b@x.example")],
		),
		("undisclosed-recipients:;", []),
	],
)
def test_lists_of_outlook(text, people):
	assert people_of(text) == people
