"""Points in time: as the site keeps them, and in UTC.

What decides when work is done is kept in UTC, as the site's time jumps by an hour twice a year. What people read is the site's.
"""

from datetime import datetime, timedelta, timezone

from frappe.utils import convert_utc_to_system_timezone, get_datetime


def site_time(value) -> datetime:
	"""A date as text or datetime -> the site's own time, without zone and fractions of a second.

	A date that names its zone is converted, any other is taken as the site's. Raises an exception for what is no date.
	"""
	moment = get_datetime(value.replace("Z", "+00:00") if isinstance(value, str) else value)
	if moment.tzinfo:
		moment = convert_utc_to_system_timezone(moment.astimezone(timezone.utc).replace(tzinfo=None))
	return moment.replace(tzinfo=None, microsecond=0)


def utc_now() -> datetime:
	"""Now in UTC, without zone, as a column of the database keeps it"""
	return datetime.now(timezone.utc).replace(tzinfo=None)


def from_utc(moment: datetime) -> datetime:
	"""A datetime in UTC without zone -> the site's own time, without zone"""
	return convert_utc_to_system_timezone(moment).replace(tzinfo=None)


def to_utc(moment: datetime) -> datetime:
	"""The site's own time, without zone -> UTC, without zone; the earlier one of an hour that comes twice."""
	day = timedelta(days=1)
	# UTC itself is taken for the site's time here: a day is more than zones differ
	offsets = {from_utc(at) - at for at in (moment - day, moment + day)}
	readings = sorted(moment - offset for offset in offsets)
	return next((reading for reading in readings if from_utc(reading) == moment), readings[0])
