"""Acknowledges signed webhooks by the running server. The p95 of a request may be at most 100 ms, and 50 at once may take twice as
long as Frappe's smallest request does.

Each has another body, so that each is stored and its work queued. Time is measured by the sender, with its wait for a free
process of the server; "one after another" has no such wait. The source takes no such calls, so that nothing is downloaded.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import requests
from site_common import connected, percentile_95, row

from tests import factories
from tests.telephone import SIGNING_SECRET, signed

REQUESTS = 300
AT_ONCE = 50
LIMIT = 100  # ms
RATIO = 2


def post(bench, key, number):
	"""-> milliseconds"""
	call = {
		"id": f"bench-{number}",
		"direction": "in",
		"from": "+48601222333",
		"started": "2020-01-01T10:00:00+00:00",
	}
	body, headers = signed(call)
	url = f"{bench.bare_url}/api/method/call_intelligence.api.webhooks.receive"
	began = time.perf_counter()
	answer = requests.post(
		url, params={"source": key}, data=body, headers=headers | bench.headers, timeout=60
	)
	assert answer.status_code == 204, answer.text
	return (time.perf_counter() - began) * 1000


def ping(bench):
	"""-> milliseconds of Frappe's smallest request"""
	began = time.perf_counter()
	requests.get(f"{bench.bare_url}/api/method/ping", headers=bench.headers, timeout=60)
	return (time.perf_counter() - began) * 1000


def main():
	import frappe

	with connected() as bench:
		source, _delivery = factories.source_with_delivery(
			enabled=1, base_url="http://127.0.0.1:9", client_secret="none", secret_token=SIGNING_SECRET,
			calls_from="2026-01-01 00:00:00",
		)  # fmt: skip
		frappe.db.commit()
		key = frappe.db.get_value("Recording Source", source, "webhook_key")
		try:
			alone = [post(bench, key, f"alone-{number}") for number in range(40)]
			with ThreadPoolExecutor(AT_ONCE) as threads:
				together = list(threads.map(lambda number: post(bench, key, number), range(REQUESTS)))
				pings = list(threads.map(lambda _number: ping(bench), range(REQUESTS)))
		finally:
			frappe.db.rollback()
			frappe.delete_doc("Recording Source", source, force=True, delete_permanently=True)
			frappe.db.commit()
	row("a webhook is acknowledged, one after another, p95", percentile_95(alone), "ms", LIMIT)
	row(f"a webhook is acknowledged, {AT_ONCE} at once, p95", percentile_95(together), "ms")
	row(f"Frappe's ping, {AT_ONCE} at once, p95", percentile_95(pings), "ms")
	row("a webhook / Frappe's ping", percentile_95(together) / percentile_95(pings), "", RATIO)


if __name__ == "__main__":
	main()
