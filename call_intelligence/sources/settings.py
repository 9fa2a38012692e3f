"""The form of a Recording Source: what it shows of its provider, and the rules for what is entered."""

import json

import frappe
from frappe import _
from frappe.utils import get_url

from call_intelligence.core.times import utc_now
from call_intelligence.integrations.sources.http import place_of
from call_intelligence.integrations.sources.types import SourceError
from call_intelligence.permissions import is_desk_user
from call_intelligence.sources import deliveries, polling, receiving
from call_intelligence.sources.accounts import SECRETS, switches_of
from call_intelligence.sources.providers import provider_of, providers
from call_intelligence.sources.words import words

NEW_DAYS = 7
"""calls of the last days that a new source takes"""
MASK = "*"


def describe(doc) -> dict:
	"""-> {"providers": [...], "webhook_url": of this source or None, "refused": requests that were not the provider's, "failed": deliveries}"""
	webhook = not doc.is_new() and providers().get(doc.provider)
	return {
		"providers": [describe_provider(provider) for provider in providers().values()],
		"webhook_url": webhook_url(doc) if webhook and webhook.capabilities.webhook else None,
		"refused": 0 if doc.is_new() else receiving.refused(doc.name),
		"failed": 0 if doc.is_new() else deliveries.count_failed(doc.name),
	}


def describe_provider(provider) -> dict:
	return {
		"key": provider.key,
		"label": _(provider.label),
		"webhook": provider.capabilities.webhook,
		"webhook_help": words(provider.capabilities.webhook_help),
		"settings": [
			{"name": field.name, "label": _(field.label), "help": _(field.help), "required": field.required}
			for field in provider.settings
		],
		"switches": [
			{"name": box.name, "label": _(box.label), "help": _(box.help), "default": box.default}
			for box in provider.switches
		],
	}


def webhook_url(doc) -> str:
	return get_url(f"/api/method/call_intelligence.api.webhooks.receive?source={doc.webhook_key}")


def prepare(doc) -> None:
	doc.webhook_key = frappe.generate_hash(length=40)
	doc.next_poll_at = utc_now()
	doc.calls_from = doc.calls_from or frappe.utils.add_days(frappe.utils.now_datetime(), -NEW_DAYS)


def check(doc) -> None:
	if not doc.enabled and doc.provider not in providers():
		# its app is gone: the source can still be switched off
		return
	provider = provider_of(doc.provider)
	missing = [_(field.label) for field in provider.settings if field.required and not doc.get(field.name)]
	if missing and doc.enabled:
		frappe.throw(
			_("Please fill in: {0}. You can save a source without them if it is not enabled.").format(
				", ".join(missing)
			)
		)
	check_address(doc)
	doc.switches = json.dumps(known_switches(doc, provider))
	for field in ("default_owner", "people_owner"):
		if doc.get(field) and not is_desk_user(doc.get(field)):
			frappe.throw(_("{0} can't use Desk, and so can't own calls or contacts.").format(doc.get(field)))


def known_switches(doc, provider) -> dict[str, bool]:
	try:
		given = switches_of(doc.switches)
	except (ValueError, AttributeError):
		frappe.throw(_("The switches of the source can't be read. Please open its form again."))
	return {box.name: given.get(box.name, box.default) for box in provider.switches}


def check_address(doc) -> None:
	"""The secrets are sent to the address of the service: another address needs them typed again."""
	if doc.base_url:
		try:
			place_of(doc.base_url)
		except SourceError:
			frappe.throw(_("The address of the service must begin with https://"))
	before = doc.get_doc_before_save()
	if not before or (before.base_url or "") == (doc.base_url or ""):
		return
	kept = [field for field in SECRETS if doc.get(field) and set(doc.get(field)) == {MASK}]
	if kept:
		frappe.throw(_("The address of the service has changed. Please type the secrets again."))


def changed(doc) -> None:
	before = doc.get_doc_before_save()
	if not before:
		return
	if any(
		doc.has_value_changed(field) for field in ("enabled", "switches", "calls_from", "shortest_seconds")
	):
		deliveries.forget_ignored(doc.name)
		doc.db_set("polled_until", None, update_modified=False)
	polling.ask_soon(doc.name)
