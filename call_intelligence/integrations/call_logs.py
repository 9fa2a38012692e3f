"""The logs of calls that Frappe CRM, Helpdesk's telephony and ERPNext write, as the provider "Call logs of the CRM" reads them.

Which of them the site has is found at run time. Their addresses of recordings are not trusted (see sources/telephony_media.py); the
credentials are read from the settings of the app that wrote the log when they are needed, and are stored nowhere else.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import cint, flt, get_datetime, get_system_timezone

from call_intelligence.integrations import crm, erpnext, helpdesk
from call_intelligence.integrations.objects import LogType
from call_intelligence.integrations.registry import association_doctypes, is_installed
from call_intelligence.integrations.sources.call_logs import CallLogs, Site
from call_intelligence.integrations.sources.telephony_media import EXOTEL
from call_intelligence.integrations.sources.types import Cursor, Party, Provider, RemoteCall, RemoteMedia
from call_intelligence.queries import sql

KNOWN = (crm.CALL_LOG, helpdesk.CALL_LOG, erpnext.CALL_LOG)
NEEDED = ("from", "to", "type", "recording_url")
ALSO = ("start_time", "duration")
STANDARD = ("name", "creation", "modified")
MANUAL = "Manual"
# Exotel has written it as a text
NO_URL = ("", "null")
PAGE = 200
# a transaction that is committed later has written its time of change before
UNCOMMITTED = timedelta(minutes=5)
# in which Exotel gives its times, without saying so
INDIA = timezone(timedelta(hours=5, minutes=30))


def installed() -> tuple[LogType, ...]:
	"""The logs of this site; another app's DocType of the same name has other fields."""
	return tuple(here(log) for log in KNOWN if is_installed(log.doctype) and has_fields(log.doctype, NEEDED))


def has_fields(doctype: str, names: tuple[str | None, ...]) -> bool:
	meta = frappe.get_meta(doctype)
	return all(name and meta.has_field(name) for name in names)


def here(log: LogType) -> LogType:
	"""`log`, limited to fields and settings that exist on this site"""

	def there(name: str | None) -> str | None:
		return name if has_fields(log.doctype, (name,)) else None

	return replace(
		log,
		receiver=there(log.receiver),
		caller=there(log.caller),
		medium=there(log.medium),
		reference=log.reference if log.reference and has_fields(log.doctype, log.reference) else None,
		records=tuple(record for record in log.records if there(record[0])),
		twilio=log.twilio if is_installed(log.twilio) else "",
		exotel=log.exotel if is_installed(log.exotel) else "",
	)


def log_type(doctype: str) -> LogType | None:
	return next((log for log in installed() if log.doctype == doctype), None)


def external_id(doctype: str, name: str) -> str:
	return f"{doctype}:{name}"


# ------------------------------------------------------------------------------------------------ reading


def changed_since(
	log: LogType, modified: datetime, name: str = "", limit: int = PAGE, manual: bool = False
) -> list[frappe._dict]:
	"""Logs with a recording that come after this one by time of change and name, in that order.

	modified: site's time; a page begins at the last row of the one before. Providers write `recording_url` past the hooks, so that only
	the time of change tells.
	"""
	rows = sql.run(
		f"""select {", ".join(f"`{column}`" for column in columns(log))} from `tab{log.doctype}`
		where `modified` >= %(modified)s and (`modified` > %(modified)s or `name` > %(name)s) and {{taken}}
		order by `modified`, `name` limit %(limit)s""",
		{"modified": modified, "name": name, "limit": limit},
		conditions={"taken": taken(log, manual)},
		as_dict=True,
	)
	linked = links_of(log.doctype, [row.name for row in rows])
	return [row.update({"doctype": log.doctype, "links": linked[row.name]}) for row in rows]


def taken(log: LogType, manual: bool) -> str:
	"""SQL condition: the log has a recording, and was not entered by hand unless those are wanted"""
	with_recording = f"`recording_url` not in ({sql.literals(NO_URL)})"
	if manual or not log.medium:
		return with_recording
	return f"{with_recording} and ifnull(`{log.medium}`, '') != {sql.literal(MANUAL)}"


def columns(log: LogType) -> tuple[str, ...]:
	own = (
		log.receiver,
		log.caller,
		log.medium,
		*(log.reference or ()),
		*(field for field, _doctype in log.records),
	)
	optional = (name for name in (*ALSO, *own) if name and has_fields(log.doctype, (name,)))
	return tuple(dict.fromkeys((*STANDARD, *NEEDED, *optional)))


def links_of(doctype: str, names: list[str]) -> dict[str, list[frappe._dict]]:
	found = defaultdict(list)
	for row in frappe.get_all(
		"Dynamic Link",
		filters={"parenttype": doctype, "parent": ["in", [*names, ""]]},
		fields=["parent", "link_doctype", "link_name"],
		order_by="parent, idx",
	):
		found[row.parent].append(row)
	return found


def count_since(date: datetime | str, manual: bool = False) -> int:
	"""Calls with a recording from this day on (site's time), for the question before they are brought in"""
	return sum(
		sql.run(
			f"""select count(*) from `tab{log.doctype}` where `modified` >= %(date)s and {{taken}}
			and {started(log)} >= %(date)s""",
			{"date": get_datetime(date)},
			conditions={"taken": taken(log, manual)},
		)[0][0]
		for log in installed()
	)


def started(log: LogType) -> str:
	return "ifnull(`start_time`, `creation`)" if has_fields(log.doctype, ("start_time",)) else "`creation`"


def poll(since: datetime, manual: bool = False) -> Iterator[RemoteCall | Cursor]:
	"""For Provider.poll: the calls of all logs that have changed since (UTC, with zone), in the order of their changes"""
	began = datetime.now(timezone.utc)
	start = first_moment(since, began)
	kinds = {log.doctype: log for log in installed()}
	logs = heapq.merge(*(walk(log, start, manual) for log in kinds.values()), key=lambda row: row.modified)
	for position, row in enumerate(logs, start=1):
		if call := to_remote(row, manual, kinds[row.doctype]):
			yield call
		if position % PAGE == 0:
			yield Cursor(to_utc(row.modified))
	yield Cursor(max(since, began - UNCOMMITTED))


def walk(log: LogType, start: datetime, manual: bool) -> Iterator[frappe._dict]:
	modified, name = start, ""
	while rows := changed_since(log, modified, name, PAGE, manual):
		yield from rows
		modified, name = rows[-1].modified, rows[-1].name


def first_moment(since: datetime, now: datetime) -> datetime:
	"""The site's time of `since`, or what its clocks have shown again since then: summer time may have ended in between."""
	zone = ZoneInfo(get_system_timezone())
	then, today = (moment.astimezone(zone).replace(tzinfo=None) for moment in (since, now))
	turned_back = (now - since) - (today - then)
	return then - max(turned_back, timedelta())


def to_utc(moment: datetime) -> datetime:
	"""The site's time -> UTC, with zone; the earlier of two readings"""
	return moment.replace(tzinfo=ZoneInfo(get_system_timezone())).astimezone(timezone.utc)


# ------------------------------------------------------------------------------------------------ a log as a call


def to_remote(log, manual: bool = False, kind: LogType | None = None) -> RemoteCall | None:
	"""log: a document, or a row of `changed_since`. None if it has no recording, or was entered by hand and `manual` is off"""
	kind = kind or log_type(log.doctype)
	url = (log.get("recording_url") or "").strip()
	if not kind or url in NO_URL:
		return None
	by_hand = medium_of(kind, log) == MANUAL
	if by_hand and not manual:
		return None
	incoming = log.get("type") != "Outgoing"
	ours, theirs = (log.get("to"), log.get("from")) if incoming else (log.get("from"), log.get("to"))
	seconds = flt(log.get("duration")) or None
	return RemoteCall(
		external_id(log.doctype, log.name),
		direction="Inbound" if incoming else "Outbound",
		started_at=started_at(kind, log),
		seconds=seconds,
		agent_number="" if client_of(ours) else ours or "",
		parties=tuple(filter(None, (agent(kind, log, incoming, ours), other_side(theirs)))),
		media=(RemoteMedia(url, seconds=seconds, account="" if by_hand else log.doctype),),
		links=records(kind, log),
	)


def medium_of(kind: LogType, log) -> str:
	"""Manual, Twilio, Exotel or ""; ERPNext's own calls are of Exotel"""
	if kind.medium:
		return log.get(kind.medium) or ""
	return EXOTEL if "exotel" in (log.get("recording_url") or "").lower() else ""


def started_at(kind: LogType, log) -> datetime | None:
	"""The site's time, as Twilio's is converted to; Exotel's is stored as it came."""
	start = log.get("start_time")
	if not start:
		return get_datetime(log.creation).replace(microsecond=0)
	return get_datetime(start).replace(tzinfo=INDIA if medium_of(kind, log) == EXOTEL else None)


def agent(kind: LogType, log, incoming: bool, number: str | None) -> Party:
	user = log.get(kind.receiver if incoming else kind.caller) or client_of(number)
	phone = "" if client_of(number) else number or ""
	if user and frappe.db.exists("User", user, cache=True):
		return Party("agent", user=user, phone=phone)
	return Party("agent", email=user or "", phone=phone)


def other_side(number: str | None) -> Party | None:
	if colleague := client_of(number):
		known = frappe.db.exists("User", colleague, cache=True)
		return Party("agent", user=colleague if known else "", email="" if known else colleague)
	return Party("customer", phone=number) if number else None


def client_of(number: str | None) -> str:
	"""The user of a browser at Twilio: client:anna(at)example.com. "" for a number"""
	kind, _colon, identity = (number or "").strip().partition(":")
	return identity.replace("(at)", "@") if kind.lower() == "client" else ""


def records(kind: LogType, log) -> tuple[tuple[str, str], ...]:
	"""The records that the log names, if calls can belong to such and they exist; the one that it is about comes first"""
	doctype_field, name_field = kind.reference or ("", "")
	named = [
		(log.get(doctype_field), log.get(name_field)),
		*((doctype, log.get(field)) for field, doctype in kind.records),
		*((row.link_doctype, row.link_name) for row in log.get("links") or ()),
	]
	possible = association_doctypes()
	return tuple(
		(doctype, str(name))
		for doctype, name in dict.fromkeys(named)
		if name and doctype in possible and frappe.db.exists(doctype, name)
	)


# ------------------------------------------------------------------------------------------------ credentials


def credentials(doctype: str) -> dict[str, str]:
	"""The accounts with which the logs of this DocType were made: telephony_media's names -> values.

	Those that are switched off have no credentials, but say where they can be switched on ("twilio", "exotel").
	"""
	kind = log_type(doctype)
	if not kind:
		return {}
	found = {**read(kind.twilio, "twilio", ("account_sid", "auth_token", "api_key", "api_secret"))}
	found |= read(kind.exotel, "exotel", ("account_sid", "api_key", "api_token"))
	if kind.exotel:
		found["exotel_host"] = value(frappe.get_single(kind.exotel), "subdomain") or kind.exotel_host
	return found


def read(settings: str, prefix: str, names: tuple[str, ...]) -> dict[str, str]:
	"""{prefix: the name of the settings, prefix_name: value}"""
	if not settings:
		return {}
	doc = frappe.get_single(settings)
	if not cint(doc.get("enabled")):
		return {prefix: settings}
	return {prefix: settings, **{f"{prefix}_{name}": value(doc, name) for name in names}}


def value(doc, name: str) -> str:
	"""Of a field that may be missing, or be a Password in some versions"""
	field = doc.meta.get_field(name)
	if field and field.fieldtype == "Password":
		return doc.get_password(name, raise_exception=False) or ""
	return (field and doc.get(name)) or ""


def accounts() -> list[str]:
	return [log.doctype for log in installed()]


PROVIDER: Provider = CallLogs(Site(poll, accounts, credentials))
