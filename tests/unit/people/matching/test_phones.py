"""Different spellings of one number, and texts that are not numbers."""

import re

import pytest

from call_intelligence.people.matching import phones

SPELLINGS = [
	("+1 (206) 555-0142", None),
	("+12065550142", "PL"),
	("001 206 555 0142", "DE"),
	("206.555.0142", "US"),
	("(206) 555 0142 ext. 7", "us"),
	("1-206-555-0142", "US"),
]


@pytest.mark.parametrize(("text", "region"), SPELLINGS)
def test_every_spelling_is_one_number(text, region):
	assert phones.normalise(text, region) == "+12065550142"


@pytest.mark.parametrize(
	("text", "region", "expected"),
	[
		("22 555 71 93", "PL", "+48225557193"),
		("0048 22 555 71 93", "PL", "+48225557193"),
		("030 901820", "DE", "+4930901820"),
		("06 6982", "IT", "+39066982"),
		("٠٢ ٥٥٥ ٧١٩٣", None, None),
	],
)
def test_by_country(text, region, expected):
	assert phones.normalise(text, region) == expected


@pytest.mark.parametrize(
	"text", ["", None, "204", "unknown", "+", "00", "anonymous", "2" * 40, "206 555 0142"]
)
def test_what_cannot_be_told_is_none(text):
	"""Without a country a national number is ambiguous."""
	assert phones.normalise(text, None) is None


def fits(pattern: str, text: str) -> bool:
	return bool(re.fullmatch(pattern.replace("%", ".*"), text))


@pytest.mark.parametrize(("text", "_region"), SPELLINGS)
def test_the_pattern_of_the_database_fits_every_spelling(text, _region):
	assert fits(phones.pattern("+12065550142"), text)


def test_it_fits_few_others():
	assert not fits(phones.pattern("+12065550142"), "+1 206 555 0143")


def test_digits():
	assert phones.digits_of("+1 (206) 555-0142") == "12065550142"
	assert phones.digits_of("٢٠٦ abc") == ""


@pytest.mark.parametrize(
	("text", "spelling"),
	[
		("555 01", "+1 (206) 555-0142"),
		("+1 206 555 0142", "206.555.0142"),
		("0048 22 555 01 42", "22 5550142"),
	],
)
def test_what_somebody_types_is_a_part_of_a_number(text, spelling):
	assert fits(phones.typed(text), spelling)


@pytest.mark.parametrize("text", [None, "", "142", "room 2065", "late.riser"])
def test_what_is_typed_is_no_number(text):
	assert phones.typed(text) is None


@pytest.mark.parametrize(
	("text", "region", "numbers"),
	[
		("48601222333", "US", ["+48601222333"]),
		("48 601 222 333", "US", ["+48601222333"]),
		("48601222333", "PL", ["+48601222333"]),
		("48601222333", None, ["+48601222333"]),
		("12065550142", "PL", ["+12065550142"]),
		("447700900123", "US", ["+447700900123"]),
		("0048601222333", "US", ["+48601222333"]),
		("01148601222333", "US", ["+48601222333"]),
		("+48601222333", "US", ["+48601222333"]),
		("sip:+48601222333@pbx", "US", ["+48601222333"]),
		("sip:48601222333@10.0.0.1:5060;user=phone", "US", ["+48601222333"]),
		("sips:%2B48601222333@pbx.example", None, ["+48601222333"]),
		("48601222333@pbx", "US", ["+48601222333"]),
		('"Anna" <sip:+48601222333@pbx;transport=tls>', "US", ["+48601222333"]),
		("Anna <+48 601 222 333>", "US", ["+48601222333"]),
		("<tel:+48-601-222-333>", "US", ["+48601222333"]),
		("tel:+48-601-222-333;ext=7", None, ["+48601222333"]),
		("tel:601-222-333;phone-context=+48", "US", ["+48601222333"]),
		("callto:0048601222333", "US", ["+48601222333"]),
		# a number of Hamburg, and one of Warsaw
		("4930901820", "DE", ["+4930901820"]),
		# in neither numbering plan: that of the site is used, not that of Egypt
		("2065550142", "GB", ["+442065550142"]),
	],
)
def test_numbers_of_telephone_systems(text, region, numbers):
	assert phones.readings(text, region) == numbers
	assert phones.normalise(text, region) == numbers[0]


def test_a_number_that_may_be_of_two_countries():
	found = phones.readings("4822 555 71 93", "DE")
	assert found == ["+4948225557193", "+48225557193"]


@pytest.mark.parametrize(
	"text", ["sip:anna@pbx.example", "anna@x.example", "sip:1637@pbx", "sip:@", "<>", "1637"]
)
def test_extensions_and_names_are_no_numbers(text):
	assert phones.readings(text, "US") == []
