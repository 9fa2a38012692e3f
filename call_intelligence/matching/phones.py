"""Phone numbers in any spelling. Pure: what Frappe knows comes in as arguments."""

import phonenumbers

# digits at the end that two spellings of a number share whatever stands before them
SUFFIX = 7
# a number can be told by so many of its digits; more of them may be a prefix that others leave out
FEWEST_TYPED, LONGEST_TYPED = 4, 9


def normalise(text: str | None, region: str | None) -> str | None:
	"""The number in E.164 ("+12065550142"); None for what is no number, or none that can be told from others.

	region: ISO 3166 code of the country ("PL") whose numbers may come without their prefix.
	"""
	number = parse(text, region)
	return number and phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def parse(text: str | None, region: str | None):
	text = (text or "").strip()
	# 00 is what most countries dial instead of +; without a region it cannot be known what else would be
	if text.startswith("00"):
		text = f"+{text[2:]}"
	try:
		number = phonenumbers.parse(text, (region or "").upper() or None)
	except phonenumbers.NumberParseException:
		return None
	return number if phonenumbers.is_possible_number(number) else None


def pattern(e164: str) -> str:
	"""SQL LIKE pattern that every spelling of the number fits, and few others; compare what it finds with `normalise`."""
	return like(e164.lstrip("+")[-SUFFIX:])


def typed(text: str | None) -> str | None:
	"""The same for a part of a number, as somebody types it into a search; None for what is none, or too short to tell."""
	digits = digits_of(text)
	if len(digits) < FEWEST_TYPED or any(map(str.isalpha, text)):
		return None
	# with and without its prefix
	return like(digits.lstrip("0")[-LONGEST_TYPED:])


def like(digits: str) -> str:
	"""SQL LIKE pattern for digits in their order, with anything between them."""
	return "%" + "%".join(digits) + "%"


def digits_of(text: str | None) -> str:
	return "".join(character for character in text or "" if character.isdecimal() and character.isascii())
