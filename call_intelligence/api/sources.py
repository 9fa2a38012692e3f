"""What managers do with Recording Sources in their form."""

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import add_to_date, cint, get_datetime, now_datetime

from call_intelligence.api.arguments import checked
from call_intelligence.permissions import is_manager
from call_intelligence.sources import accounts, call_logs, connection, deliveries, polling, settings
from call_intelligence.sources.providers import providers

MOST_DAYS = 3650


@frappe.whitelist(methods=["POST"])
@checked()
def describe_providers() -> dict:
	"""What a new Recording Source can be. -> {"providers": see sources/settings.py}"""
	check_manager()
	return {"providers": [settings.describe_provider(provider) for provider in providers().values()]}


@frappe.whitelist(methods=["POST"])
@checked()
def test_connection(source: str) -> dict:
	"""Ask the provider whether everything that is needed is there. -> {"findings": [{"ok", "text"}]}"""
	check_manager()
	return {"findings": connection.test(existing(accounts.DOCTYPE, source))}


@frappe.whitelist(methods=["POST"])
@checked()
def ask_now(source: str) -> dict:
	"""Ask the provider for its calls within a minute. -> {"source"}"""
	check_manager()
	polling.ask_soon(existing(accounts.DOCTYPE, source))
	return {"source": source}


@frappe.whitelist(methods=["POST"])
@checked()
def count_earlier(source: str, days: int) -> dict:
	"""How many calls `take_earlier` would bring in. -> {"count": None if only the provider knows}"""
	check_manager()
	account = accounts.load(existing(accounts.DOCTYPE, source))
	return {"count": call_logs.count_since(account, days_ago(days))}


@frappe.whitelist(methods=["POST"])
@checked()
def take_earlier(source: str, days: int) -> dict:
	"""Take the calls of the last days as well. -> {"calls_from"}"""
	check_manager()
	doc = frappe.get_doc(accounts.DOCTYPE, existing(accounts.DOCTYPE, source))
	doc.calls_from = min(days_ago(days), get_datetime(doc.calls_from))
	doc.save()
	return {"calls_from": str(doc.calls_from)}


@frappe.whitelist(methods=["POST"])
@checked()
def replay_failed(source: str) -> dict:
	"""Work again on failed deliveries of a source, at most 500, those first that were tried longest ago. -> {"started": their number}"""
	check_manager()
	return {"started": deliveries.replay_failed(existing(accounts.DOCTYPE, source))}


@frappe.whitelist(methods=["POST"])
@checked()
def replay(delivery: str) -> dict:
	"""Work on a Source Delivery again from its beginning; a call that exists is not created twice. -> {"delivery"}"""
	check_manager()
	name = existing(deliveries.DOCTYPE, delivery)
	if not frappe.db.get_value(deliveries.DOCTYPE, name, "body"):
		frappe.throw(
			_("The request is not kept any more: it is older than {0} days.").format(deliveries.BODY_DAYS)
		)
	deliveries.replay(name)
	return {"delivery": name}


def days_ago(days: int) -> datetime:
	if not 1 <= cint(days) <= MOST_DAYS:
		frappe.throw(_("Choose between 1 and {0} days.").format(MOST_DAYS))
	return add_to_date(now_datetime().replace(microsecond=0), days=-cint(days))


def check_manager() -> None:
	if not is_manager():
		frappe.throw(_("You need the role Call Intelligence Manager for this."), frappe.PermissionError)


def existing(doctype: str, name: str) -> str:
	found = frappe.db.exists(doctype, name)
	if not found:
		frappe.throw(
			_("{0} {1} does not exist, or you may not see it.").format(
				_(doctype), frappe.utils.escape_html(name)
			),
			frappe.DoesNotExistError,
		)
	return str(found)
