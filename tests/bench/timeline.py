"""Loads a Contact's timeline with 200 calls of other users, compared with the same Contact without the app's hook. The p95
may be at most 30 ms higher.

Whole requests, from request bytes to response bytes, by Frappe's own WSGI application in this process, since
a running server cannot omit a hook; with and without alternately, so that other load affects both. The reader
has no role of the app and sees the calls only by the Contact. The site has further calls.
"""

import statistics
import time

from site_common import connected, delete, new_user, percentile_95, row

from tests import factories

CALLS = 200
OTHERS = 2000
LOADS = 100
LIMIT = 30  # ms


def other_calls(owner, contact):
	"""Further calls of the site, which only the rule's query reads -> names; the caller commits"""
	import frappe

	names = [f"bench-{frappe.generate_hash(length=12)}" for _number in range(OTHERS)]
	now = frappe.utils.now()
	common = ["name", "creation", "modified", "owner"]
	frappe.db.bulk_insert(
		"Call",
		[*common, "title", "call_owner", "status", "start_time"],
		[[name, now, now, owner, name, owner, "Ready", now] for name in names],
	)
	child = [*common, "parent", "parenttype", "parentfield", "idx"]
	frappe.db.bulk_insert(
		"Call Association",
		[*child, "link_doctype", "link_name"],
		[[name, now, now, owner, name, "Call", "associations", 1, "Contact", contact] for name in names],
	)
	frappe.db.bulk_insert(
		"Call Participant",
		[*child, "speaker_key", "email"],
		[[name, now, now, owner, name, "Call", "participants", 1, "S1", owner] for name in names],
	)
	return names


def delete_others(names):
	import frappe

	for doctype in ("Call Association", "Call Participant", "Call"):
		frappe.db.delete(doctype, {"name": ["in", names]})
	frappe.db.commit()


def measure(bench, authorization, contact):
	"""-> {"with": [ms], "without": [ms]}"""
	import frappe.app
	from frappe.desk.form import load
	from werkzeug.test import Client

	client = Client(frappe.app.application)
	hooked = load.get_additional_timeline_content
	took = {"with": [], "without": []}
	for number in range(LOADS + 5):
		for way, content in (("with", hooked), ("without", lambda *_record: [])):
			load.get_additional_timeline_content = content
			began = time.perf_counter()
			answer = client.get(
				"/api/method/frappe.desk.form.load.get_docinfo",
				query_string={"doctype": "Contact", "name": contact},
				headers={**bench.headers, "Authorization": authorization},
			)
			body = answer.get_data()
			milliseconds = (time.perf_counter() - began) * 1000
			if answer.status_code != 200 or (b"call_timeline_card" in body) != (way == "with"):
				raise SystemExit(f"{answer.status} {way} the hook: {body[:2000]}")
			if number >= 5:  # the first ones fill caches
				took[way].append(milliseconds)
	load.get_additional_timeline_content = hooked
	return took


def main():
	import frappe

	with connected() as bench:
		owner, _authorization = new_user(factories.SEAT)
		reader, authorization = new_user("Sales User")
		contact, elsewhere = factories.contact(), factories.contact()
		frappe.db.commit()
		calls, others = [], []
		try:
			for _number in range(CALLS):
				calls.append(factories.call(owner, associations=[("Contact", contact)]))
			others = other_calls(owner, elsewhere)
			frappe.db.commit()
			took = measure(bench, authorization, contact)
		finally:
			# each request has closed the connection
			frappe.init(site=bench.site, sites_path=".")
			frappe.connect()
			delete_others(others)
			for call in calls:
				if frappe.db.exists("Call", call):
					delete("Call", call)
			for name in (contact, elsewhere):
				delete("Contact", name)
			for name in (owner, reader):
				delete("User", name)
	name = f"docinfo of a Contact with {CALLS} calls"
	for way in took:
		row(f"{name}, {way} the app, median", statistics.median(took[way]), "ms")
		row(f"{name}, {way} the app, p95", percentile_95(took[way]), "ms")
	row(
		f"{name}, what the app adds to the p95",
		percentile_95(took["with"]) - percentile_95(took["without"]),
		"ms",
		LIMIT,
	)


if __name__ == "__main__":
	main()
