"""Turns a call that a provider has described into a Call: decides whether to take it, downloads the recording, creates it."""

import hashlib
import json
from dataclasses import dataclass, replace

import frappe
from frappe import _
from frappe.utils import cint, flt, format_datetime, get_datetime

from call_intelligence.core import storage
from call_intelligence.core.rows import MOST_ROWS_OF_A_CALL
from call_intelligence.core.times import site_time, to_utc
from call_intelligence.ingest.create import create_call, find_existing
from call_intelligence.ingest.details import LONGEST_EXTERNAL_ID, CallDetails, read_details
from call_intelligence.integrations.registry import association_doctypes
from call_intelligence.integrations.sources.http import Client
from call_intelligence.integrations.sources.types import (
	NotReadyError,
	Party,
	RefusedError,
	RemoteCall,
	SourceError,
)
from call_intelligence.sources import changes, deliveries, downloads, newcomers, owners
from call_intelligence.sources.accounts import Account
from call_intelligence.sources.words import words

SIDES = {"agent": "Owner", "customer": "Customer", "unknown": "Unknown"}


@dataclass
class Outcome:
	call: str | None = None
	reason: str = ""
	"""why there is no Call, for people"""


def take(account: Account, call: RemoteCall, delivery: str, http: Client) -> Outcome:
	"""Create the Call, unless it exists or the source doesn't take it. The caller commits.

	Raises NotReadyError (try later), RefusedError, SourceError, frappe.ValidationError (try when somebody has changed something).
	"""
	details = CallDetails(source=account.name, external_id=external_id(call.external_id))
	found = find_existing(details)
	existing = found.call if found else None
	if call.state == "recovered" and not existing:
		# it was deleted there before it came in
		call = replace(call, state="ready")
	if call.state in changes.CHANGES:
		return Outcome(existing, changes.apply(account, call, existing))
	if existing:
		return Outcome(existing)
	if deliveries.was_deleted(account.name, details.external_id or ""):
		return Outcome(reason=_("The call was deleted here."))
	if reason := why_not(account, call):
		return Outcome(reason=reason)
	call = account.provider.refresh(call, account.secrets, account.options, http)
	if call.state == "not_ready":
		raise NotReadyError(call.reason or _("The provider does not have the recording yet."))
	if call.state != "ready" or not call.media:
		return Outcome(reason=words(call.reason) or _("The call has no recording."))
	if reason := why_not(account, call):
		return Outcome(reason=reason)
	return Outcome(create(account, call, details, delivery, http))


def create(account: Account, call: RemoteCall, details: CallDetails, delivery: str, http: Client) -> str:
	owner = owners.owner_of(account, call)
	if not owner:
		raise SourceError(_("No owner found. Set a default owner in the source, or add the person’s number."))
	if len(call.media) > 1:
		raise RefusedError(
			_("The recording has {0} parts, which can't be put together yet.").format(len(call.media))
		)
	path = downloads.download(account, call, delivery, http)
	newcomers.create_unknown(account, call)
	values = described(account, call, details, owner)
	staged = storage.stage_link(path, call.media[0].file_name or call.title or call.external_id)
	try:
		return create_call(staged, values).call
	except BaseException:
		storage.drop_upload(staged.token)
		raise


def described(account: Account, call: RemoteCall, details: CallDetails, owner: str) -> CallDetails:
	values = read_details(
		{
			"title": call.title or title_of(account, call),
			"direction": call.direction,
			"start_time": call.started_at.isoformat() if call.started_at else None,
			"call_owner": owner,
			"language": call.language,
			"owner_channel": call.owner_channel,
			"associations": json.dumps(known_records(call)),
			"participants": json.dumps(participants(call)),
		}
	)
	return replace(values, source=details.source, external_id=details.external_id)


def title_of(account: Account, call: RemoteCall) -> str:
	others = [party.name or party.phone or party.email for party in call.parties if party.side == "customer"]
	when = format_datetime(site_time(call.started_at)) if call.started_at else ""
	return " · ".join(filter(None, [", ".join(filter(None, others[:3])) or account.doc.title, when]))


def known_records(call: RemoteCall) -> list[dict]:
	possible = association_doctypes()
	return [
		{"doctype": doctype, "name": name}
		for doctype, name in call.links
		if doctype in possible and frappe.db.exists(doctype, name)
	]


def participants(call: RemoteCall) -> list[dict]:
	"""Of a large webinar the first MOST_ROWS_OF_A_CALL, our side before others"""
	rows = [participant(party) for party in call.parties]
	known = [row for row in rows if row["display_name"] or row["email"] or row["phone"]]
	return sorted(known, key=lambda row: row["side"] != SIDES["agent"])[:MOST_ROWS_OF_A_CALL]


def participant(party: Party) -> dict:
	"""Our own number serves as a name only. As a phone number it would be matched, and a colleague would become a Contact."""
	ours = party.side == "agent"
	email = party.email or (party.user and frappe.db.get_value("User", party.user, "email")) or ""
	return {
		"display_name": (party.name or ("" if email or not ours else party.phone))[:140],
		"email": frappe.utils.validate_email_address(email) or None,
		"phone": "" if ours else party.phone[:140],
		"side": SIDES[party.side],
	}


def why_not(account: Account, call: RemoteCall) -> str:
	"""Why the source doesn't take the call, for people; "" if it does"""
	if call.state == "no_recording":
		return words(call.reason) or _("The call has no recording.")
	if call.started_at and to_utc(site_time(call.started_at)) < account.calls_from:
		return _("The call was before {0}, from when on the source takes calls.").format(
			format_datetime(get_datetime(account.doc.calls_from))
		)
	shortest = cint(account.doc.shortest_seconds)
	if shortest and call.seconds is not None and flt(call.seconds) < shortest:
		return _("The call is shorter than {0} seconds.").format(shortest)
	return ""


def external_id(given: str) -> str:
	"""Unchanged, or its hash if it is longer than the column"""
	return given if len(given) <= LONGEST_EXTERNAL_ID else hashlib.sha256(given.encode()).hexdigest()
