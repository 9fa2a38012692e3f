"""Converts points in time between the site's time zone and UTC.

Times that control work are stored in UTC, since the site's time jumps by an hour twice a year. Times for readers are the site's.
"""

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from frappe.utils import convert_utc_to_system_timezone, get_datetime

ISO = re.compile(
	r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?)? ?(Z|UTC|GMT|([+-])(\d\d):?(\d\d)?)?",
	re.ASCII | re.IGNORECASE,
)
# as in e-mails; only names of zones that mean the same offset everywhere
RFC_5322 = re.compile(
	r"([a-z]{3}, )?\d{1,2} [a-z]{3} \d{4} \d\d:\d\d(:\d\d)? (GMT|UTC|[+-]\d{4})", re.ASCII | re.IGNORECASE
)


def site_time(value) -> datetime:
	"""A date as text or datetime -> the site's time, without zone and fractions of a second.

	A date with a zone is converted, any other is taken as the site's. Raises ValueError for a text that is not a date or is
	ambiguous.
	"""
	moment = read_moment(value.strip()) if isinstance(value, str) else get_datetime(value)
	if moment.tzinfo:
		moment = convert_utc_to_system_timezone(moment.astimezone(timezone.utc).replace(tzinfo=None))
	return moment.replace(tzinfo=None, microsecond=0)


def read_moment(text: str) -> datetime:
	"""ISO 8601 or RFC 5322 -> datetime to the second, with the zone of the text.

	Raises ValueError for others: 03/04/2026 has two readings, and so has the name of a zone such as CST.
	"""
	if found := ISO.fullmatch(text):
		year, month, day, hour, minute, second = (int(number or 0) for number in found.groups()[:6])
		return datetime(year, month, day, hour, minute, second, tzinfo=zone_of(found))
	if RFC_5322.fullmatch(text):
		return parsedate_to_datetime(text)
	raise ValueError(f"no unambiguous date: {text!r}")


def zone_of(found: re.Match) -> timezone | None:
	name, sign, hours, minutes = found.groups()[6:]
	if not name:
		return None
	offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
	return timezone(-offset if sign == "-" else offset)


def utc_now() -> datetime:
	"""Now in UTC, without zone, as stored in a column"""
	return datetime.now(timezone.utc).replace(tzinfo=None)


def from_utc(moment: datetime) -> datetime:
	"""A datetime in UTC without zone -> the site's time, without zone"""
	return convert_utc_to_system_timezone(moment).replace(tzinfo=None)


def to_utc(moment: datetime) -> datetime:
	"""The site's time, without zone -> UTC, without zone; the earlier one in the hour that occurs twice when summer time ends."""
	day = timedelta(days=1)
	# approximate the site's time by UTC: a day is more than any zone's offset
	offsets = {from_utc(at) - at for at in (moment - day, moment + day)}
	readings = sorted(moment - offset for offset in offsets)
	return next((reading for reading in readings if from_utc(reading) == moment), readings[0])
