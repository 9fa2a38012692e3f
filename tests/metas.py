"""Frappe's descriptions of DocTypes in the cache, which take longer to make than most tests run."""

import frappe
import redis

# for the server, and for the forms of Desk
CACHES = ("doctype_meta", "doctype_form_meta")


def clear_all_but_metas() -> None:
	"""Between two tests, once everything is rolled back: Frappe itself has thrown out by then what the test had changed."""
	keys = [frappe.cache.make_key(cache) for cache in CACHES]
	# as they are stored
	metas = {key: redis.Redis.hgetall(frappe.cache, key) for key in keys}
	frappe.clear_cache()
	# what is cleared within a transaction is cleared once more when that is rolled back
	frappe.db.rollback()
	for key in keys:
		if metas[key]:
			redis.Redis.hset(frappe.cache, key, mapping=metas[key])
