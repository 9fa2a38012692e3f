"""Parses phone numbers in any spelling. Doesn't use Frappe: the region is an argument."""

import re
from urllib.parse import unquote

import phonenumbers

from call_intelligence.people.matching import addresses

# digits at the end that all spellings of a number share, whatever their prefix
SUFFIX = 7
# fewer digits match too many numbers; more may include a prefix that other spellings leave out
FEWEST_TYPED, LONGEST_TYPED = 4, 9
# digits of a number that may begin with a country prefix although no numbering plan confirms it
FEWEST_WITH_PREFIX = 11
LACKS_PLUS = re.compile(r"[\s(]*[1-9]")
SIP = re.compile(r"(?:sips?|callto|h323):(?://)?(?P<sip>[^@]*)(?:@.*)?|(?P<bare>[^@]*)@.*", re.IGNORECASE)


def normalise(text: str | None, region: str | None) -> str | None:
	"""The number in E.164 ("+12065550142"), in its likeliest reading; None if it is not a possible number.

	region: ISO 3166 code of the country ("PL") whose numbers may come without their prefix.
	"""
	return next(iter(readings(text, region)), None)


def readings(text: str | None, region: str | None) -> list[str]:
	"""All possible readings of the number in E.164, the likeliest first.

	Telephone systems leave out the "+": on a site in the US 48601222333 is +48 601 222 333, while in Germany it may also be a national
	number. Accepts SIP addresses as well.
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
	"""Whether a reading of the number is valid in its country's numbering plan"""
	return any(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in readings(text, region))


def bare(text: str | None) -> str:
	"""The number in a SIP address, without name and host; "" if it has none. Other texts stay as they are."""
	text = str(text or "").strip().translate(addresses.BRACKETS)
	if inside := re.search(r"<([^<>]*)>", text):
		text = inside[1].strip()
	if not (address := SIP.fullmatch(text)):
		return text
	user = unquote(address["sip"] or address["bare"] or "").split(";")[0].strip()
	# vanity numbers are not used in SIP addresses: letters mean a name
	return "" if any(map(str.isalpha, user)) else user


def parse(text: str | None, region: str | None) -> phonenumbers.PhoneNumber | None:
	text = (text or "").strip()
	# most countries dial 00 instead of +; other prefixes can't be recognised without a region
	if text.startswith("00"):
		text = f"+{text[2:]}"
	try:
		number = phonenumbers.parse(text, (region or "").upper() or None)
	except phonenumbers.NumberParseException:
		return None
	return number if phonenumbers.is_possible_number(number) else None


def pattern(e164: str) -> str:
	"""SQL LIKE pattern that matches every spelling of the number and few others; check the matches with `readings`."""
	return like(e164.lstrip("+")[-SUFFIX:])


def typed(text: str | None) -> str | None:
	"""Like `pattern`, for a part of a number typed into a search; None if it is not a number or too short."""
	digits = digits_of(text)
	if len(digits) < FEWEST_TYPED or any(map(str.isalpha, text or "")):
		return None
	# matches with and without a prefix
	return like(digits.lstrip("0")[-LONGEST_TYPED:])


def like(digits: str) -> str:
	"""SQL LIKE pattern for digits in their order, with anything between them."""
	return "%" + "%".join(digits) + "%"


def digits_of(text: str | None) -> str:
	return "".join(character for character in text or "" if character.isdecimal() and character.isascii())
