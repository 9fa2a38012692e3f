"""Requests of providers: verified by their bytes before anything is parsed; the work is queued."""

from collections.abc import Mapping
from datetime import datetime, timezone

import frappe

from call_intelligence.integrations.sources.types import Delivery, Verdict
from call_intelligence.sources import accounts, deliveries

MOST_BYTES = 1024 * 1024
REFUSED = "call_intelligence_refused_deliveries"


def receive(key: str, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Verdict | None:
	"""Store a request and queue its work. None: no source has this key. A refused request is counted, not kept."""
	account = accounts.with_key(key)
	if not account or not account.provider.capabilities.webhook:
		return None
	delivery = Delivery(
		method,
		url,
		{name.lower(): value for name, value in headers.items()},
		body,
		datetime.now(timezone.utc),
	)
	verdict = account.provider.verify(delivery, account.secrets)
	if not verdict.accepted:
		frappe.cache.incr(refused_key(account.name))
	elif verdict.answer is None:
		deliveries.add_request(account.name, delivery)
	return verdict


def refused(source: str) -> int:
	"""How many requests were not the provider's, since Redis was emptied"""
	return int(frappe.cache.get(refused_key(source)) or 0)


def forget_refused(source: str) -> None:
	frappe.cache.delete(refused_key(source))


def refused_key(source: str) -> str:
	return frappe.cache.make_key(f"{REFUSED}:{source}")
