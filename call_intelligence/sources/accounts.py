"""Recording Sources as the other modules of this room need them: with their secrets and switches, and their state."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import frappe
from frappe.utils import cint, get_datetime, now_datetime
from frappe.utils.password import get_decrypted_password

from call_intelligence.core import writing
from call_intelligence.core.times import to_utc
from call_intelligence.integrations.sources.http import Client, name_of, port_of
from call_intelligence.integrations.sources.types import Provider
from call_intelligence.sources.providers import provider_of

DOCTYPE = "Recording Source"
SECRETS = ("client_secret", "secret_token")
FIELDS = ("account_id", "client_id", "base_url")
CONNECTED, FAILING = "Connected", "Failing"
LONGEST_ERROR = 500


@dataclass
class Account:
	"""An enabled or disabled Recording Source; `doc` is its row, without secrets"""

	doc: frappe._dict
	provider: Provider

	@property
	def name(self) -> str:
		return self.doc.name

	@property
	def secrets(self) -> dict[str, str]:
		"""The values of the provider's settings, decrypted; "" for those that are not set"""
		return {setting.name: self.value(setting.name) for setting in self.provider.settings}

	def value(self, name: str) -> str:
		if name in SECRETS:
			return get_decrypted_password(DOCTYPE, self.name, name, raise_exception=False) or ""
		return (self.doc.get(name) if name in FIELDS else None) or ""

	@property
	def options(self) -> dict[str, bool]:
		"""The provider's switches"""
		stored = switches_of(self.doc.switches)
		return {switch.name: stored.get(switch.name, switch.default) for switch in self.provider.switches}

	@property
	def calls_from(self) -> datetime:
		"""UTC, without zone"""
		return to_utc(get_datetime(self.doc.calls_from or self.doc.creation))

	def client(self, beat: Callable[[], None] = lambda: None) -> Client:
		"""beat: called before each request and during downloads"""
		return Client(private=self.own_hosts if cint(self.doc.private_host) else (), beat=beat)

	@property
	def own_hosts(self) -> tuple[str, ...]:
		"""The host of the service with its port, since other services may listen on the same machine"""
		place = urlsplit(self.doc.base_url or "")
		return (f"{name_of(place)}:{port_of(place)}",) if place.hostname else ()


def load(name: str) -> Account:
	"""Raises frappe.DoesNotExistError, or ValidationError for a provider that is gone."""
	found = with_values({"name": name})
	if not found:
		raise frappe.DoesNotExistError
	return found


def with_key(key: str) -> Account | None:
	"""The enabled source with this part of its webhook's address"""
	return with_values({"webhook_key": key, "enabled": 1}) if key else None


def with_values(filters: dict) -> Account | None:
	doc = frappe.db.get_value(DOCTYPE, filters, "*", as_dict=True)
	return Account(doc, provider_of(doc.provider)) if doc else None


def switches_of(stored: str | None) -> dict[str, bool]:
	return {name: bool(value) for name, value in json.loads(stored or "{}").items()}


def succeeded(name: str) -> None:
	values = {"status": CONNECTED, "last_success": now_datetime(), "last_error": None}
	writing.set_value(DOCTYPE, name, values, update_modified=False)


def failed(name: str, error: str) -> None:
	values = {"status": FAILING, "last_error": error[:LONGEST_ERROR]}
	writing.set_value(DOCTYPE, name, values, update_modified=False)
