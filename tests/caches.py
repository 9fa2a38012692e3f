"""Frappe's caches of DocTypes, which take longer to fill than most tests run."""

import pickle

import frappe
import frappe.utils.caching
import redis

# for the server and Desk's forms, and the columns of tables
DESCRIPTIONS = ("doctype_meta", "doctype_form_meta", "table_columns")
# rules that apply to a DocType
RULES = (
	"assignment_rule_map",
	"document_naming_rule_map",
	"milestone_tracker_map",
	"notifications",
	"workflow",
)
NONE = (pickle.dumps([]), pickle.dumps(""))


def clear() -> None:
	"""Clears caches between two tests, after the rollback.

	Descriptions of DocTypes are kept, since Frappe itself has removed those changed by the test. Cached absence of rules is
	kept too: rules made by the test no longer exist.
	"""
	kept = {key: stored(key) for key in DESCRIPTIONS}
	for key in RULES:
		kept[key] = {name: value for name, value in stored(key).items() if value in NONE}
	controllers = dict(frappe.controllers.get(frappe.local.site, {}))
	frappe.clear_cache()
	# entries cleared within a transaction are cleared again on rollback
	frappe.db.rollback()
	frappe.controllers[frappe.local.site] = controllers
	for key, values in kept.items():
		if values:
			redis.Redis.hset(frappe.cache, frappe.cache.make_key(key), mapping=values)


def clear_of_this_process() -> None:
	"""For tests that commit everything: caches shared by the site stay valid, as in production."""
	frappe.local.cache = {}
	frappe.local.role_permissions = {}
	frappe.local.new_doc_templates = {}
	frappe.db.value_cache.clear()
	frappe.utils.caching._SITE_CACHE.clear()
	for kept in ("system_settings", "website_settings", "request_cache"):
		if hasattr(frappe.local, kept):
			delattr(frappe.local, kept)


def stored(key: str) -> dict:
	"""As stored in Redis"""
	return redis.Redis.hgetall(frappe.cache, frappe.cache.make_key(key))
