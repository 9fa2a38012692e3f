"""Background jobs: import what has arrived, and ask providers for their calls."""

from datetime import timedelta

import frappe
from frappe import _

from call_intelligence.core import quota, storage, writing
from call_intelligence.core.times import utc_now
from call_intelligence.core.writing import CONCURRENT_WRITES
from call_intelligence.ingest.create import ClashError
from call_intelligence.integrations.sources.types import (
	Delivery,
	NotReadyError,
	RefusedError,
	RemoteCall,
	SourceError,
)
from call_intelligence.integrations.sources.wire import call_from_json
from call_intelligence.queue import lease, resumable
from call_intelligence.sources import accounts, deliveries, downloads, importing, polling
from call_intelligence.sources.accounts import Account
from call_intelligence.sources.deliveries import DOCTYPE, FAILED, IGNORED, QUEUED, SUCCEEDED
from call_intelligence.sources.words import words

# between attempts while the provider does not have the recording yet
BACKOFF_SECONDS = (120, 600, 1800, 2 * 3600, 6 * 3600, 24 * 3600)
MOST_ATTEMPTS = 2 * len(BACKOFF_SECONDS)
CLASH_SECONDS = 5
BEAT_SECONDS = 5
LONGEST_ERROR = 500


def import_delivery(delivery: str) -> None:
	"""Create the calls of a Source Delivery. Runs as Administrator: nobody on the site has asked for it."""
	frappe.set_user("Administrator")
	resumable.run(delivery, DOCTYPE, work)


def work(mine: lease.Lease) -> None:
	row = frappe.db.get_value(DOCTYPE, mine.run, "*", as_dict=True)
	if row.attempts > MOST_ATTEMPTS:
		# workers that were lost count as well
		return give_up(mine, row.error or _("The worker was lost several times."))
	try:
		account = accounts.load(row.source)
		if not account.doc.enabled:
			return finish(mine, [importing.Outcome(reason=_("The source is switched off."))])
		finish(mine, taken(mine, account, row))
	except lease.LeaseLost:
		raise
	except NotReadyError as error:
		try_later(mine, words(error), error.seconds)
	except (ClashError, *CONCURRENT_WRITES):
		try_later(mine, _("Others were writing to the same records."), clash=True)
	except (storage.NoRoomError, quota.UploadsFullError) as error:
		try_later(mine, words(error))
	except SourceError as error:
		fail(mine, row.source, words(error))
	except (RefusedError, frappe.ValidationError) as error:
		fail(mine, None, words(error))
	except Exception:
		frappe.db.rollback()
		frappe.log_error(
			"Call Intelligence: a call could not be imported",
			reference_doctype=DOCTYPE,
			reference_name=mine.run,
		)
		try_later(mine, _("An unexpected error, which is in the Error Log."))


class Heartbeat:
	"""Renews the lease every few seconds, while the provider is waited for"""

	def __init__(self, mine: lease.Lease):
		self.mine = mine
		self.due = utc_now()

	def __call__(self) -> None:
		if utc_now() < self.due:
			return
		self.mine.renew()
		frappe.db.commit()
		self.due = utc_now() + timedelta(seconds=BEAT_SECONDS)


def taken(mine: lease.Lease, account: Account, row) -> list[importing.Outcome]:
	"""Each is committed, so that a call stays when the next one of the delivery has to wait or fails."""
	outcomes, calls = [], calls_in(account, row)
	writing.set_value(DOCTYPE, row.name, "about", deliveries.about(calls), update_modified=False)
	# further copies of the request wait for this row
	frappe.db.commit()
	http = account.client(Heartbeat(mine))
	refusals: list[RefusedError] = []
	for call in calls:
		try:
			outcomes.append(importing.take(account, call, row.name, http))
		except RefusedError as error:
			refusals.append(error)
		mine.check()
		frappe.db.commit()
	if refusals:
		raise refusals[0]
	return outcomes


def calls_in(account: Account, row) -> list[RemoteCall]:
	if row.arrival == deliveries.LISTED:
		return [call_from_json(row.body)]
	delivery = Delivery("POST", row.url or "", {}, (row.body or "").encode(), row.received_at)
	return list(account.provider.parse(delivery, account.options))


def finish(mine: lease.Lease, outcomes: list[importing.Outcome]) -> None:
	call = next((outcome.call for outcome in outcomes if outcome.call), None)
	reasons = [outcome.reason for outcome in outcomes if outcome.reason]
	mine.release(
		status=SUCCEEDED if call else IGNORED,
		call=call,
		error="\n".join(reasons)[:LONGEST_ERROR] or None,
		heartbeat=None,
	)
	if call:
		accounts.succeeded(frappe.db.get_value(DOCTYPE, mine.run, "source"))
	frappe.db.commit()
	downloads.forget(mine.run)


def try_later(mine: lease.Lease, reason: str, seconds: float | None = None, clash: bool = False) -> None:
	"""seconds: until the next attempt at least, if the provider has said so; clash: with others on this site, who are soon done"""
	frappe.db.rollback()
	attempts = resumable.attempts(mine)
	if attempts > len(BACKOFF_SECONDS):
		return give_up(
			mine,
			_("{0} Given up after {1} attempts. Click Try again when it is fixed.").format(reason, attempts),
		)
	usual = CLASH_SECONDS if clash else BACKOFF_SECONDS[attempts - 1]
	wait = timedelta(seconds=max(seconds or 0, usual))
	mine.release(
		status=QUEUED,
		error=reason[:LONGEST_ERROR],
		next_attempt_at=utc_now() + wait,
		heartbeat=None,
		job_id=None,
	)
	frappe.db.commit()


def fail(mine: lease.Lease, source: str | None, reason: str) -> None:
	"""source: if the reason is not in this one call"""
	frappe.db.rollback()
	frappe.clear_messages()
	give_up(mine, reason)
	if source and frappe.db.exists(accounts.DOCTYPE, source):
		accounts.failed(source, reason)
		frappe.db.commit()


def give_up(mine: lease.Lease, reason: str) -> None:
	mine.release(status=FAILED, error=frappe.utils.strip_html(reason)[:LONGEST_ERROR], heartbeat=None)
	frappe.db.commit()
	downloads.forget(mine.run)


def poll(source: str) -> None:
	"""Ask a provider for its calls; each is stored and queued as a Source Delivery."""
	frappe.set_user("Administrator")
	polling.poll(source)
