"""The table of arrivals: a request that a provider has sent, or a call that it has listed.

A row is written before its work is queued, so that nothing is lost with the queue. The same arrival is stored once.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_to_date, now_datetime
from pypika import Order

from call_intelligence.core import writing
from call_intelligence.core.times import utc_now
from call_intelligence.ingest.details import text
from call_intelligence.integrations.sources.types import Delivery, RemoteCall
from call_intelligence.integrations.sources.wire import call_from_json, call_to_json
from call_intelligence.queue import enqueue
from call_intelligence.sources.accounts import Account

DOCTYPE = "Source Delivery"
WEBHOOK, LISTED = "Webhook", "Listed"
# not an arrival: the call has been deleted on this site, and stays away
DELETED = "Deleted"
QUEUED, SUCCEEDED, IGNORED, FAILED = "Queued", "Succeeded", "Ignored", "Failed"
# headers with credentials of the provider or the sender
SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization", "x-forwarded-access-token")
ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
BODY_DAYS = 30
ROW_DAYS = 180
DELETED_AT_ONCE = 5000
REPLAYED_AT_ONCE = 500
AT_ONCE = 50
"""deliveries of lists that wait on the queue"""


def add_request(source: str, delivery: Delivery) -> str | None:
	"""Store an accepted request and queue its work -> its name; None if the same body arrived before, which is counted"""
	return add(
		source,
		digest(delivery.body),
		{
			"arrival": WEBHOOK,
			"url": delivery.url[:1000],
			"headers": json.dumps(redacted(delivery.headers), indent=1),
			"body": without_markup(delivery.body.decode(errors="replace")),
		},
	)


def add_call(account: Account, call: RemoteCall) -> str | None:
	"""Store a call that the provider has listed and queue its work -> its name; None if it was listed before"""
	key = digest(f"{LISTED}:{call.external_id}".encode())
	body = without_markup(call_to_json(call))
	# most have been listed before, and a read is cheaper
	name = name_of(account.name, key)
	known = frappe.db.get_value(DOCTYPE, name, ["status", "body"], as_dict=True)
	if known:
		listed_again(name, known, call, body)
		return None
	values = {"external_id": text(call.external_id, 140) or "", "about": about([call])}
	return add(account.name, key, {"arrival": LISTED, "body": body, **values})


def listed_again(name: str, known: frappe._dict, call: RemoteCall, body: str) -> None:
	"""A failed call whose recording is at another address now was corrected at the provider: try it again."""
	if known.status == FAILED and known.body and places(call) != places(call_from_json(known.body)):
		writing.set_value(DOCTYPE, name, "body", body)
		replay(name)


def places(call: RemoteCall) -> list[str]:
	"""Addresses without their queries, which may be signatures that change each time"""
	return [media.url.partition("?")[0] for media in call.media]


def add(source: str, key: str, values: dict[str, Any]) -> str | None:
	"""Store it and queue its work -> its name; None if it is there already, which is counted"""
	name = name_of(source, key)
	# without a heartbeat the sweep queues it
	later = values["arrival"] == LISTED and many_wait(source)
	if not insert(name, source, values | {"heartbeat": None if later else utc_now()}):
		return None
	if not later:
		enqueue.import_delivery(name)
	return name


def many_wait(source: str) -> bool:
	"""Whether AT_ONCE deliveries wait: further ones are queued bit by bit, so that a long list doesn't keep other jobs waiting."""
	waiting = {"source": source, "status": QUEUED}
	return bool(frappe.get_all(DOCTYPE, filters=waiting, limit_start=AT_ONCE - 1, limit=1))


def due() -> list[str]:
	"""The next ones that the sweep should look at: webhooks before lists, then the newest"""
	table = frappe.qb.DocType(DOCTYPE)
	waits = (table.status == QUEUED) & (table.next_attempt_at.isnull() | (table.next_attempt_at <= utc_now()))
	return (
		frappe.qb.from_(table)
		.select(table.name)
		.where((table.status == "Running") | waits)
		.orderby(table.arrival == LISTED)
		.orderby(table.received_at, order=Order.desc)
		.limit(AT_ONCE)
	).run(pluck=True)


def insert(name: str, source: str, values: dict[str, Any]) -> bool:
	"""In one statement, since concurrent inserts of the same name in two would deadlock. -> whether it is new"""
	now, user = now_datetime(), frappe.session.user
	row = {
		"name": name, "creation": now, "modified": now, "owner": user, "modified_by": user, "source": source,
		"status": QUEUED, "received_at": now, "copies": 1, **values,
	}  # fmt: skip
	columns = ", ".join(f"`{column}`" for column in row)
	frappe.db.sql(
		f"""insert into `tabSource Delivery` ({columns}) values ({", ".join(["%s"] * len(row))})
		on duplicate key update `copies` = `copies` + 1""",
		tuple(row.values()),
	)
	# MariaDB counts 1 row for an insert and 2 for an update
	return frappe.db._cursor.rowcount == 1


def remember_deleted(recordings: list[str]) -> None:
	"""Before a Call is deleted: its recordings do not come in again. Keeps nothing of the call but hashes of its IDs."""
	rows = frappe.get_all("Call Recording", {"name": ["in", [*recordings, ""]]}, ["source", "external_id"])
	for row in rows:
		if row.external_id and frappe.db.exists("Recording Source", row.source):
			name = name_of(row.source, deleted_key(row.external_id))
			insert(name, row.source, {"arrival": DELETED, "status": IGNORED, "about": _("A deleted call")})


def was_deleted(source: str, external_id: str) -> bool:
	return bool(frappe.db.exists(DOCTYPE, name_of(source, deleted_key(external_id))))


def deleted_key(external_id: str) -> str:
	return digest(f"{DELETED}:{external_id}".encode())


def about(calls: list[RemoteCall]) -> str:
	"""The titles, for lists of deliveries"""
	return text(", ".join(call.title or call.external_id for call in calls), 140) or ""


def name_of(source: str, key: str) -> str:
	return hashlib.sha256(f"{source}\0{key}".encode()).hexdigest()[:32]


def without_markup(body: str) -> str:
	"""The same JSON without characters that a view could take for markup: see core/plain.py. Other bodies stay as they are."""
	return body.translate(ESCAPES) if body.lstrip()[:1] in ("{", "[") else body


def digest(body: bytes) -> str:
	return hashlib.sha256(body).hexdigest()


def redacted(headers: Mapping[str, str]) -> dict[str, str]:
	return {name: "…" if name.lower() in SECRET_HEADERS else value for name, value in headers.items()}


def replay(name: str) -> None:
	"""Queue a delivery again from its beginning."""
	values = {"status": QUEUED, "attempts": 0, "error": None, "next_attempt_at": None, "lease": None}
	writing.set_value(DOCTYPE, name, values)
	enqueue.import_delivery(name)


def count_failed(source: str) -> int:
	return frappe.db.count(DOCTYPE, {"source": source, "status": FAILED})


def replay_failed(source: str) -> int:
	"""Queue the failed deliveries that were tried longest ago of a source again -> their number"""
	failed = {"source": source, "status": FAILED, "body": ["is", "set"]}
	names = frappe.get_all(DOCTYPE, failed, order_by="modified", limit=REPLAYED_AT_ONCE, pluck="name")
	for name in names:
		replay(name)
	return len(names)


def forget_ignored(source: str) -> None:
	"""Take calls that the settings excluded into account when they are listed next time."""
	frappe.db.delete(DOCTYPE, {"source": source, "arrival": LISTED, "status": IGNORED})


def forget_source(source: str) -> None:
	"""With the source; its calls stay"""
	waiting = {"source": source, "status": QUEUED}
	for job in frappe.get_all(DOCTYPE, filters=waiting, pluck="job_id"):
		enqueue.leave_queue(job)
	frappe.db.delete(DOCTYPE, {"source": source})


def remove_old() -> None:
	"""Every day: bodies after 30 days, rows after 180, except those of deleted calls."""
	table = frappe.qb.DocType(DOCTYPE)
	done = table.status.isin([SUCCEEDED, IGNORED, FAILED]) & (table.arrival != DELETED)
	frappe.qb.update(table).set(table.body, None).set(table.headers, None).where(
		done & table.body.isnotnull() & (table.creation < add_to_date(None, days=-BODY_DAYS))
	).run()
	frappe.qb.from_(table).delete().where(done & (table.creation < add_to_date(None, days=-ROW_DAYS))).limit(
		DELETED_AT_ONCE
	).run()
