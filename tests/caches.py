"""What Frappe keeps of DocTypes in its caches, which takes longer to make than most tests run."""

import pickle

import frappe
import frappe.utils.caching
import redis

# for the server and for the forms of Desk, and the columns of tables
DESCRIPTIONS = ("doctype_meta", "doctype_form_meta", "table_columns")
# what else applies to a DocType
RULES = (
	"assignment_rule_map",
	"document_naming_rule_map",
	"milestone_tracker_map",
	"notifications",
	"workflow",
)
NONE = (pickle.dumps([]), pickle.dumps(""))


def clear() -> None:
	"""Between two tests, once everything is rolled back.

	What describes DocTypes is kept, as Frappe itself has thrown out what the test had changed. That no rule applies to a
	DocType is kept as well: a rule of the test's own would not be there any more.
	"""
	kept = {key: stored(key) for key in DESCRIPTIONS}
	for key in RULES:
		kept[key] = {name: value for name, value in stored(key).items() if value in NONE}
	controllers = dict(frappe.controllers.get(frappe.local.site, {}))
	frappe.clear_cache()
	# what is cleared within a transaction is cleared once more when that is rolled back
	frappe.db.rollback()
	frappe.controllers[frappe.local.site] = controllers
	for key, values in kept.items():
		if values:
			redis.Redis.hset(frappe.cache, frappe.cache.make_key(key), mapping=values)


def clear_of_this_process() -> None:
	"""For tests that commit all that they write: what the site shares is as true after them as it is while people work."""
	frappe.local.cache = {}
	frappe.local.role_permissions = {}
	frappe.local.new_doc_templates = {}
	frappe.db.value_cache.clear()
	frappe.utils.caching._SITE_CACHE.clear()
	for kept in ("system_settings", "website_settings", "request_cache"):
		if hasattr(frappe.local, kept):
			delattr(frappe.local, kept)


def stored(key: str) -> dict:
	"""As Redis has it"""
	return redis.Redis.hgetall(frappe.cache, frappe.cache.make_key(key))
