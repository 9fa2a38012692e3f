"""The source "Call logs of the CRM": made by itself where an app with such logs is installed, and asked when a log changes."""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from call_intelligence.core.times import utc_now
from call_intelligence.integrations import call_logs
from call_intelligence.integrations.sources.call_logs import KEY, MANUAL
from call_intelligence.queue import enqueue
from call_intelligence.sources.accounts import DOCTYPE, Account

MADE = "call_intelligence_call_logs_source"
"""a default of the site: the source was made once, and may have been deleted since"""
LOOK_AGAIN_DAYS = 90
DOCTYPES = {log.doctype for log in call_logs.KNOWN}


def ensure() -> None:
	"""Make the source for calls from now on, once, where logs are found. Called by install.py, a patch, and when another app is installed."""
	if frappe.db.get_default(MADE) or not call_logs.installed():
		return
	if not frappe.db.exists(DOCTYPE, {"provider": KEY}):
		frappe.get_doc(
			{
				"doctype": DOCTYPE,
				"title": _("Call logs of the CRM"),
				"provider": KEY,
				"calls_from": now_datetime().replace(microsecond=0),
			}
		).insert(ignore_permissions=True)
	frappe.db.set_default(MADE, "1")


def app_installed(app_name: str | None = None) -> None:
	"""Hook after_app_install, also called during the installation of this app"""
	if frappe.db.table_exists(DOCTYPE):
		ensure()


def log_saved(doc, method: str | None = None) -> None:
	"""Hook on_update of every document: ask for the calls of the log's source. Its recording may be written past this hook."""
	if doc.doctype in DOCTYPES and doc.get("recording_url"):
		for source in enabled():
			enqueue.poll_source_quietly(source)


def enabled() -> list[str]:
	return frappe.get_all(DOCTYPE, filters={"provider": KEY, "enabled": 1}, pluck="name")


def look_again() -> None:
	"""Every week: read the logs of the last 90 days again, since some are changed without a new time of change."""
	since = utc_now() - timedelta(days=LOOK_AGAIN_DAYS)
	for source in enabled():
		frappe.db.set_value(DOCTYPE, source, "polled_until", since, update_modified=False)


def count_since(account: Account, moment: datetime) -> int | None:
	"""Calls with a recording since then, site's time; None for other providers, which have to be asked for that"""
	if account.provider.key != KEY:
		return None
	return call_logs.count_since(get_datetime(moment), account.options[MANUAL])
