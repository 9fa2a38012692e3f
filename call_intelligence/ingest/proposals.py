"""Proposals for a file before it is uploaded, from its name: when the call was, and who took part. The user decides."""

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import frappe
from frappe.utils import getdate, now_datetime

from call_intelligence import permissions
from call_intelligence.core.times import site_time
from call_intelligence.engine.terms.words import folded_text
from call_intelligence.ingest.file_names import NameFacts, read_file_name
from call_intelligence.integrations.registry import PEOPLE, describe, doctypes_of, title_of
from call_intelligence.people.matching import phones
from call_intelligence.people.matching.find import MOST_FOUND, candidates, site_region
from call_intelligence.people.matching.record_search import shown
from call_intelligence.queries import sql

# a name or number of more people identifies none of them
MOST_ALIKE = 3
# limits of a search, each of which reads the whole column
MOST_NUMBERS, MOST_BEGINNINGS = 2, 4
# letters of a first name without a surname
FEWEST_LETTERS = 3
# the last group of digits of a number
LAST_PART = re.compile(r"(?:[ ().-]+\d*|[+\d]+|.)$", re.ASCII)


def propose(file_name: str, modified: str | None = None) -> dict:
	"""modified: when the file was last changed, with its time zone
	-> {"starts": [{"value": in the site's time, "origin": "name" or "modified", "is_day": the time of day is unknown}],
	"people": [{"display_name", "email", "phone", "doctype", "name", "origin": "number", "e-mail" or "name"}]}; doctype and name are None
	if no record has the number
	"""
	facts = read_file_name(file_name, getdate(now_datetime()))
	return {"starts": starts(facts, modified), "people": people(facts)}


# ------------------------------------------------------------------------------------------------ when


def starts(facts: NameFacts, modified: str | None) -> list[dict]:
	found = []
	if facts.moment:
		found.append(start(in_zone_of_user(facts.moment), "name"))
	elif facts.day:
		# noon is on the same day nearly everywhere
		found.append(start(in_zone_of_user(datetime.combine(facts.day, time(12))), "name", is_day=True))
	if modified:
		try:
			found.append(start(site_time(modified), "modified"))
		except (ValueError, OverflowError):
			# the browser's clock may be anything
			pass
	return found


def start(moment: datetime, origin: str, is_day: bool = False) -> dict:
	return {"value": str(moment), "origin": origin, "is_day": is_day}


def in_zone_of_user(moment: datetime) -> datetime:
	"""-> in the site's time. A time without a time zone is in the zone of the session's user."""
	zone = frappe.db.get_value("User", frappe.session.user, "time_zone")
	if zone and not moment.tzinfo:
		try:
			moment = moment.replace(tzinfo=ZoneInfo(zone))
		except (ZoneInfoNotFoundError, ValueError):
			pass
	return site_time(moment)


# ------------------------------------------------------------------------------------------------ who


def people(facts: NameFacts) -> list[dict]:
	user = frappe.session.user
	found: dict = {}
	for number in filter(None, map(written_number, facts.numbers[:MOST_NUMBERS])):
		records = list(candidates(None, number, user))
		if 0 < len(records) <= MOST_ALIKE:
			for record in records:
				found.setdefault(record, person(*record, "number", phone=number))
		else:
			found.setdefault(number, person(None, None, "number", phone=number))
	for email in facts.emails:
		records = list(candidates(email, None, user))
		for record in records[:MOST_ALIKE]:
			found.setdefault(record, person(*record, "e-mail", email=email))
		if not records:
			found.setdefault(email, person(None, None, "e-mail", email=email))
	for record in by_name(facts.names):
		found.setdefault(record, person(*record, "name"))
	return list(found.values())


def written_number(text: str) -> str | None:
	"""The phone number at the beginning of the text, if any; digits after it may number copies, or be an extension."""
	region, parts = site_region(), [text]
	while parts[-1]:
		parts.append(LAST_PART.sub("", parts[-1]))
	# some countries have numbers of many lengths: valid numbers of their plan take precedence over possible ones
	checks = (phones.is_valid, phones.readings)
	return next((part for check in checks for part in parts if check(part, region)), None)


def person(doctype: str | None, name: str | None, origin: str, **known: str) -> dict:
	title = title_of(doctype, name) if doctype and name else None
	return {
		"display_name": title,
		"email": None,
		"phone": None,
		"doctype": doctype,
		"name": name,
		"origin": origin,
		**known,
	}


def by_name(names: tuple[str, ...]) -> list[tuple[str, str]]:
	"""[(DocType, name)] of the people with the longest of the names; for a first name alone only if a single person has it."""
	if not names:
		return []
	exact = with_titles(["in %(names)s"], {"names": [spaced(name) for name in names]})
	for name in names:
		same = [record for record, title in exact if key(title) == key(name)]
		if same and (" " in name or len(same) == 1):
			return same if len(same) <= MOST_ALIKE else []
	single = [name for name in names if " " not in name and len(name) >= FEWEST_LETTERS][:MOST_BEGINNINGS]
	if not single:
		return []
	patterns = {f"beginning_{number}": sql.like(f"{spaced(name)} ") for number, name in enumerate(single)}
	some = with_titles([f"like %({pattern})s" for pattern in patterns], patterns)
	for name in single:
		beginning = [record for record, title in some if key(title).startswith(key(name) + " ")]
		if beginning:
			return beginning if len(beginning) == 1 else []
	return []


def with_titles(conditions: list[str], values: dict) -> list[tuple[tuple[str, str], str]]:
	"""[((DocType, name), title)] of the people that the session's user may read and whose title meets one of the conditions"""
	found = []
	for doctype in doctypes_of(*PEOPLE):
		title = frappe.get_meta(doctype).get_title_field()
		readable = permissions.readable_records(doctype, frappe.session.user)
		if title == "name" or not readable or not shown(doctype, (title,)):
			continue
		colleagues = ""
		if user_field := describe(doctype).user:
			# Frappe creates a Contact for every User
			colleagues = f"""and ifnull(`tab{doctype}`.`{user_field}`, '') not in (
				select `name` from `tabUser` where `user_type` = 'System User'
			)"""
		spelt = f"replace(`tab{doctype}`.`{title}`, '-', ' ')"
		rows = sql.run(
			f"""select `tab{doctype}`.`name`, `tab{doctype}`.`{title}` from `tab{doctype}`
			where ({" or ".join(f"{spelt} {condition}" for condition in conditions)}) and ({{readable}}) {colleagues}
			limit {MOST_FOUND}""",
			values,
			conditions={"readable": readable},
		)
		found += [((doctype, str(name)), str(text)) for name, text in rows]
	return found


def spaced(name: str) -> str:
	return name.replace("-", " ")


def key(name: str) -> str:
	"""For comparing like the database, without case and accents"""
	return " ".join(folded_text(spaced(name)).split())
