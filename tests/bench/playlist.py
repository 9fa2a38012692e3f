"""Opens a playlist of 200 items from 40 calls, on a site with 2,000 further calls: the request of its page, for the owner and for
a user who sees the calls only by their Contacts. Whole requests, by Frappe's own WSGI application in this process; the p95 limit is
one second. Also the number of hidden items per user, for 10 users, as requested by the owner.
"""

import statistics
import time

from site_common import connected, delete, new_user, percentile_95, row
from timeline import delete_others, other_calls

from tests import factories

CALLS = 40
ITEMS = 200
PEOPLE = 10
LOADS = 40
LIMIT = 1000  # ms


def ask(client, bench, authorization, method, playlist):
	"""-> (ms, the answer's bytes)"""
	began = time.perf_counter()
	answer = client.get(
		f"/api/method/call_intelligence.api.playlists.{method}",
		query_string={"playlist": playlist},
		headers={**bench.headers, "Authorization": authorization},
	)
	body = answer.get_data()
	milliseconds = (time.perf_counter() - began) * 1000
	if answer.status_code != 200:
		raise SystemExit(f"{answer.status}: {body[:2000]}")
	return milliseconds, body


def measure(bench, authorization, method, playlist, loads, expected):
	import frappe.app
	from werkzeug.test import Client

	client = Client(frappe.app.application)
	took = []
	for number in range(loads + 3):
		milliseconds, body = ask(client, bench, authorization, method, playlist)
		if body.count(expected[0]) != expected[1]:
			raise SystemExit(f"not the answer that was expected: {body[:2000]}")
		if number >= 3:  # the first ones fill caches
			took.append(milliseconds)
	return took


def main():
	import frappe

	with connected() as bench:
		owner, owners = new_user(factories.SEAT)
		reader, readers = new_user("Sales User")
		users = [owner, reader]
		contact, elsewhere = factories.contact(), factories.contact()
		calls, others, playlist = [], [], None
		frappe.db.commit()
		try:
			users += [factories.user("Blogger") for _number in range(PEOPLE)]
			calls += [factories.call(owner, associations=[("Contact", contact)]) for _number in range(CALLS)]
			others = other_calls(owner, elsewhere)
			playlist = factories.playlist(owner, audience=[("User", user) for user in users])
			for number in range(ITEMS):
				start = number % 10
				factories.playlist_item(
					playlist,
					calls[number % CALLS],
					owner,
					description="Listen to how the price comes up here, and how long it stays quiet.",
					start_seconds=start,
					end_seconds=start + 5,
				)
			frappe.db.commit()
			shown = (b'"added_on"', ITEMS)
			took = {
				"owner": measure(bench, owners, "get", playlist, LOADS, shown),
				"reader of the Contact": measure(bench, readers, "get", playlist, LOADS, shown),
				"hidden": measure(bench, owners, "hidden_for", playlist, 5, (b'"may_share"', PEOPLE)),
			}
		finally:
			# each request has closed the connection
			frappe.init(site=bench.site, sites_path=".")
			frappe.connect()
			delete_others(others)
			for doctype, names in (
				("Call Playlist", [playlist]),
				("Call", calls),
				("Contact", [contact, elsewhere]),
				("User", users),
			):
				for name in names:
					if name and frappe.db.exists(doctype, name):
						delete(doctype, name)
	for who in ("owner", "reader of the Contact"):
		name = f"playlist of {ITEMS} items, opened by the {who}"
		row(f"{name}, median", statistics.median(took[who]), "ms")
		row(f"{name}, p95", percentile_95(took[who]), "ms", LIMIT)
	row(f"items hidden for {PEOPLE} people, median", statistics.median(took["hidden"]), "ms")


if __name__ == "__main__":
	main()
