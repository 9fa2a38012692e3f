"""Points in time as the site keeps them."""

from datetime import datetime, timezone

from frappe.utils import convert_utc_to_system_timezone, get_datetime


def site_time(value) -> datetime:
	"""A date as text or datetime -> the site's own time, without zone and fractions of a second.

	A date that names its zone is converted, any other is taken as the site's. Raises an exception for what is no date.
	"""
	moment = get_datetime(value.replace("Z", "+00:00") if isinstance(value, str) else value)
	if moment.tzinfo:
		moment = convert_utc_to_system_timezone(moment.astimezone(timezone.utc).replace(tzinfo=None))
	return moment.replace(tzinfo=None, microsecond=0)
