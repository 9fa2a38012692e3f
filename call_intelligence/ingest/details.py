"""The details of a new Call that a caller may give, read from form fields or JSON and checked."""

import json
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.utils import cint, validate_email_address

from call_intelligence.associations import linking
from call_intelligence.core.plain import plain
from call_intelligence.core.rows import MOST_ROWS_OF_A_CALL
from call_intelligence.core.times import site_time
from call_intelligence.engine import containers
from call_intelligence.people.matching import addresses
from call_intelligence.permissions import is_manager
from call_intelligence.speech.choice import CODE

DIRECTIONS = ("Inbound", "Outbound", "Meeting")
SIDES = ("Unknown", "Owner", "Customer")
MAX_SPEAKERS = 20
LONGEST_EXTERNAL_ID = 140
# values sent by people and providers -> Call Recording.owner_channel
OWNER_CHANNELS = {
	"": "",
	"unknown": "Unknown",
	"first": "First",
	"1": "First",
	"second": "Second",
	"2": "Second",
}


@dataclass
class CallDetails:
	title: str | None = None
	direction: str = "Outbound"
	start_time: str | None = None
	call_owner: str | None = None
	language: str | None = None
	speakers: int = 0
	"""number of speakers; 0: found automatically"""
	owner_channel: str = ""
	"""of a recording with one voice on each channel: "First" or "Second", whoever's call it was; "Unknown"; "": as in the settings"""
	associations: list[dict] = field(default_factory=list)
	"""[{"doctype", "name"}]"""
	participants: list[dict] = field(default_factory=list)
	"""[{"display_name", "email", "phone", "side"}]"""
	source: str = "Upload"
	external_id: str | None = None
	raw: containers.Container | None = None
	"""what the file is where its first bytes don't tell"""


def read_details(values: dict) -> CallDetails:
	"""CallDetails from the strings of a form; raises frappe.ValidationError that names the wrong field."""
	details = CallDetails(
		title=text(values.get("title"), 140),
		direction=text(values.get("direction"), 20) or "Outbound",
		start_time=values.get("start_time") or None,
		call_owner=text(values.get("call_owner"), 140),
		language=text(values.get("language"), 10),
		speakers=number_of_speakers(values.get("speakers")),
		owner_channel=owner_channel(values.get("owner_channel")),
		associations=rows(values.get("associations"), _("Associated records")),
		participants=people(rows(values.get("participants"), _("Participants"))),
		source=text(values.get("source"), 140) or "Upload",
		external_id=external_id(values.get("external_id")),
		raw=raw_format(values.get("raw_format"), values.get("sample_rate")),
	)
	if details.direction not in DIRECTIONS:
		frappe.throw(_("Direction must be one of: {0}").format(", ".join(DIRECTIONS)))
	details.language = (details.language or "").lower() or None
	if details.language == "auto":
		details.language = None
	if details.language and not CODE.fullmatch(details.language):
		frappe.throw(_("Language must be a code of two or three letters, such as en or pl."))
	if details.start_time:
		try:
			details.start_time = str(site_time(details.start_time))
		except Exception:
			frappe.throw(
				_(
					"Invalid date: {0}. Use the format 2026-01-31 14:30:00, or 2026-01-31T14:30:00+01:00 with a time zone."
				).format(frappe.utils.escape_html(str(details.start_time)[:40]))
			)
	check_source(details.source)
	check_owner(details)
	check_associations(details.associations)
	for participant in details.participants:
		check_participant(participant)
	return details


def text(value, limit: int) -> str | None:
	value = str(value).strip() if value not in (None, "") else ""
	# as it will be stored, so that a repeated request finds it
	return plain(value[:limit]) or None


def external_id(value) -> str | None:
	"""Unchanged: two external IDs that differ in one character are two recordings."""
	value = "" if value is None else str(value)
	if len(value) > LONGEST_EXTERNAL_ID:
		frappe.throw(
			_("The external ID is too long: at most {0} characters are possible.").format(LONGEST_EXTERNAL_ID)
		)
	return value or None


def rows(value, label: str) -> list[dict]:
	if isinstance(value, str) and value.strip():
		try:
			value = json.loads(value)
		except ValueError:
			frappe.throw(_("{0}: this is not valid JSON.").format(label))
	value = value or []
	if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
		frappe.throw(_("{0}: a list of objects is needed.").format(label))
	if len(value) > MOST_ROWS_OF_A_CALL:
		frappe.throw(_("{0}: at most {1} rows are possible.").format(label, MOST_ROWS_OF_A_CALL))
	return value


def people(given: list[dict]) -> list[dict]:
	"""A field `email` may contain several addresses: 'Anna <anna@x.example>; bob@x.example'."""
	found = []
	for row in given:
		try:
			found += addresses.separated(row)
		except ValueError:
			refuse_email(row.get("email"))
	if len(found) > MOST_ROWS_OF_A_CALL:
		frappe.throw(_("{0}: at most {1} rows are possible.").format(_("Participants"), MOST_ROWS_OF_A_CALL))
	return found


def refuse_email(text) -> None:
	frappe.throw(_("This is not an e-mail address: {0}").format(frappe.utils.escape_html(str(text)[:140])))


def raw_format(name, rate) -> containers.Container | None:
	if not name and not rate:
		return None
	found = containers.raw(str(name or "").strip().lower(), cint(rate))
	if not found:
		possible = [
			f"{format} ({', '.join(map(str, rates))} Hz)" for format, rates in containers.RAW_RATES.items()
		]
		frappe.throw(
			_("The format of raw sound needs a name and a sample rate: {0}.").format("; ".join(possible))
		)
	return found


def number_of_speakers(value) -> int:
	if value in (None, "", "auto"):
		return 0
	try:
		number = int(value)
	except (TypeError, ValueError):
		number = -1
	if not 0 <= number <= MAX_SPEAKERS:
		frappe.throw(_("Number of speakers must be between 1 and {0}, or empty.").format(MAX_SPEAKERS))
	return number


def owner_channel(value) -> str:
	found = OWNER_CHANNELS.get(str(value or "").strip().lower())
	if found is None:
		frappe.throw(_("The owner's channel must be first, second, unknown, or empty."))
	return found


def check_source(source: str) -> None:
	"""The calls of a Recording Source have its name as source: an upload with it would stand for a call that is still to come."""
	if source != "Upload" and frappe.db.exists("Recording Source", source):
		frappe.throw(_("The source {0} is a Recording Source. Please use another name.").format(source))


def check_owner(details: CallDetails) -> None:
	details.call_owner = details.call_owner or frappe.session.user
	if details.call_owner == frappe.session.user:
		return
	if not is_manager():
		frappe.throw(
			_("Only a Call Intelligence Manager may upload calls for somebody else."), frappe.PermissionError
		)
	if not frappe.db.get_value("User", details.call_owner, "enabled"):
		frappe.throw(_("The owner {0} is not an active user.").format(details.call_owner))


def check_associations(associations: list[dict]) -> None:
	"""Each must be a record of a known kind that the session's user may read."""
	linking.check_associations(
		[(str(row.get("doctype") or ""), str(row.get("name") or "")) for row in associations]
	)


def check_participant(row: dict) -> None:
	row.update({key: text(row.get(key), 140) for key in ("display_name", "email", "phone", "side")})
	if row.get("side") and row["side"] not in SIDES:
		frappe.throw(_("Side of a participant must be one of: {0}").format(", ".join(SIDES)))
	if row.get("email") and not validate_email_address(str(row["email"])):
		refuse_email(row["email"])
