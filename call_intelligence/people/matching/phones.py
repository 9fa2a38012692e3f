"""Phone numbers in any spelling. Pure: what Frappe knows comes in as arguments."""

import re
from urllib.parse import unquote

import phonenumbers

from call_intelligence.people.matching import addresses

# digits at the end that two spellings of a number share whatever stands before them
SUFFIX = 7
# a number can be told by so many of its digits; more of them may be a prefix that others leave out
FEWEST_TYPED, LONGEST_TYPED = 4, 9
# of a number that may begin with the prefix of a country, though no plan of numbers tells it
FEWEST_WITH_PREFIX = 11
LACKS_PLUS = re.compile(r"[\s(]*[1-9]")
SIP = re.compile(r"(?:sips?|callto|h323):(?://)?(?P<sip>[^@]*)(?:@.*)?|(?P<bare>[^@]*)@.*", re.IGNORECASE)


def normalise(text: str | None, region: str | None) -> str | None:
	"""The number in E.164 ("+12065550142"), in its likeliest reading; None for what is no number, or none that can be told from others.

	region: ISO 3166 code of the country ("PL") whose numbers may come without their prefix.
	"""
	return next(iter(readings(text, region)), None)


def readings(text: str | None, region: str | None) -> list[str]:
	"""All that the number may be, in E.164, the likeliest first.

	Telephone systems leave out the "+": on a site in the US 48601222333 is +48 601 222 333, while in Germany it may be a number of the
	country as well. Also takes what SIP puts around a number.
	"""
	text = bare(text)
	own = parse(text, region)
	found = [own] if own else []
	if LACKS_PLUS.match(text):
		digits = digits_of(text)
		other = parse(f"+{digits}", None)
		probable = not own and region and len(digits) >= FEWEST_WITH_PREFIX
		if other and (probable or phonenumbers.is_valid_number(other)):
			found.append(other)
	spelled = [phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) for number in found]
	return list(dict.fromkeys(spelled))


def is_valid(text: str | None, region: str | None) -> bool:
	"""Whether the country's plan of numbers knows such a number"""
	return any(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in readings(text, region))


def bare(text: str | None) -> str:
	"""A SIP address without what surrounds the number, such as a name and the host; "" where it has no number"""
	text = str(text or "").strip().translate(addresses.BRACKETS)
	if inside := re.search(r"<([^<>]*)>", text):
		text = inside[1].strip()
	if not (address := SIP.fullmatch(text)):
		return text
	user = unquote(address["sip"] or address["bare"] or "").split(";")[0].strip()
	# letters on the keys are for advertisements: this is a name
	return "" if any(map(str.isalpha, user)) else user


def parse(text: str | None, region: str | None) -> phonenumbers.PhoneNumber | None:
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
	if len(digits) < FEWEST_TYPED or any(map(str.isalpha, text or "")):
		return None
	# with and without its prefix
	return like(digits.lstrip("0")[-LONGEST_TYPED:])


def like(digits: str) -> str:
	"""SQL LIKE pattern for digits in their order, with anything between them."""
	return "%" + "%".join(digits) + "%"


def digits_of(text: str | None) -> str:
	return "".join(character for character in text or "" if character.isdecimal() and character.isascii())
