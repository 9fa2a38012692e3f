"""Asks providers for their calls, from a safe point on: a webhook may have been lost, and some providers have none."""

from datetime import datetime, timedelta, timezone

import frappe
from frappe import _

from call_intelligence.core import writing
from call_intelligence.core.times import utc_now
from call_intelligence.integrations.sources.types import Cursor, NotReadyError, RefusedError, SourceError
from call_intelligence.queue import enqueue
from call_intelligence.sources import accounts, deliveries
from call_intelligence.sources.accounts import Account
from call_intelligence.sources.words import words

EVERY = timedelta(minutes=15)
CALLS_A_COMMIT = 50


def queue_due() -> list[str]:
	"""Every minute: queue sources that have not been asked for a while -> their names."""
	due = frappe.get_all(
		accounts.DOCTYPE,
		filters={"enabled": 1, "next_poll_at": ["<=", utc_now()]},
		order_by="name",
		pluck="name",
	)
	for name in due:
		# now, so that the next sweep does not queue it as well
		writing.set_value(accounts.DOCTYPE, name, "next_poll_at", utc_now() + EVERY, update_modified=False)
		enqueue.poll_source(name)
	return due


def poll(source: str) -> None:
	try:
		account = accounts.load(source)
		if not account.doc.enabled or not account.provider.capabilities.poll:
			return
		take_listed(account)
		# a list of the site's own says nothing about the connection
		if account.provider.settings:
			accounts.succeeded(source)
	except NotReadyError as error:
		# the next poll begins where this one has ended
		frappe.logger("call_intelligence").info("%s: %s", source, words(error))
	except (SourceError, RefusedError, frappe.ValidationError) as error:
		frappe.db.rollback()
		accounts.failed(source, words(error))
	except Exception:
		frappe.db.rollback()
		frappe.log_error(
			"Call Intelligence: a source could not be asked for calls",
			reference_doctype=accounts.DOCTYPE,
			reference_name=source,
		)
		accounts.failed(source, _("An unexpected error, which is in the Error Log."))
	frappe.db.commit()


def take_listed(account: Account) -> None:
	"""Store what the provider lists, and commit at its safe points."""
	listed = account.provider.poll(since(account), account.secrets, account.options, account.client())
	for number, found in enumerate(listed, start=1):
		if isinstance(found, Cursor):
			remember(account, found.until)
		else:
			deliveries.add_call(account, found)
		if number % CALLS_A_COMMIT == 0 or isinstance(found, Cursor):
			frappe.db.commit()


def since(account: Account) -> datetime:
	"""In UTC, with zone. Calls that were listed before may be listed again, and are stored once."""
	begin = max(account.calls_from, account.doc.polled_until or account.calls_from)
	return begin.replace(tzinfo=timezone.utc)


def remember(account: Account, until: datetime) -> None:
	"""Unless somebody has asked for earlier calls meanwhile"""
	moment, before = until.astimezone(timezone.utc).replace(tzinfo=None), account.doc.polled_until
	table = frappe.qb.DocType(accounts.DOCTYPE)
	unchanged = table.polled_until == before if before else table.polled_until.isnull()
	frappe.qb.update(table).set(table.polled_until, moment).where(
		(table.name == account.name) & unchanged
	).run()
	account.doc.polled_until = moment


def ask_soon(source: str) -> None:
	"""Let the next sweep queue a request."""
	writing.set_value(accounts.DOCTYPE, source, "next_poll_at", utc_now(), update_modified=False)
