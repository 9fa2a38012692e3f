"""The providers that a Recording Source can have: ours, and those of other apps."""

import frappe
from frappe import _

from call_intelligence.integrations import call_logs
from call_intelligence.integrations.sources.builtin import PROVIDERS
from call_intelligence.integrations.sources.types import Provider

HOOK = "call_recording_providers"


def providers() -> dict[str, Provider]:
	"""By key. Other apps add theirs by the hook `call_recording_providers`: paths of objects that implement `Provider`."""
	others = [frappe.get_attr(path) for path in frappe.get_hooks(HOOK)]
	return {provider.key: provider for provider in (*PROVIDERS, call_logs.PROVIDER, *others)}


def provider_of(key: str | None) -> Provider:
	"""Raises frappe.ValidationError for a provider of an app that is not installed any more."""
	found = providers().get(key or "")
	if not found:
		frappe.throw(
			_("The app of the provider {0} is not installed. Install it, or switch this source off.").format(
				frappe.utils.escape_html(key or "")
			)
		)
	return found
