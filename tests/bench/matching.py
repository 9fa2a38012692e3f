"""Finds a phone number or e-mail address among 100,000 Contacts with all spellings of numbers, and matches a new
Contact to 10,000 earlier calls. Written into the test site and rolled back.
"""

import statistics
import time

from site_common import connected, percentile_95, row

CONTACTS = 100_000
CALLS = 10_000
LOOKUPS = 50
LIMIT = 500  # ms, since it runs once for each participant, in a job
SPELLINGS = ("+1206{:07d}", "(206) {:07d}", "+1 206 {:07d}", "001-206-{:07d}")


def spelled(number):
	text = SPELLINGS[number % len(SPELLINGS)].format(2_000_000 + number)
	return f"{text[:-4]}-{text[-4:]}" if number % 3 else text


def fill(frappe):
	now = frappe.utils.now()
	common = ["name", "creation", "modified", "modified_by", "owner"]
	names = [f"bench-{number:06d}" for number in range(CONTACTS)]
	who = [now, now, "Administrator", "Administrator"]
	frappe.db.bulk_insert(
		"Contact", [*common, "first_name"], [[name, *who, name] for name in names], chunk_size=10_000
	)
	child = [*common, "parent", "parenttype", "parentfield", "idx"]
	for doctype, table, field, value in (
		("Contact Phone", "phone_nos", "phone", spelled),
		("Contact Email", "email_ids", "email_id", lambda number: f"person.{number}@bench.example"),
	):
		rows = [[name, *who, name, "Contact", table, 1, value(number)] for number, name in enumerate(names)]
		frappe.db.bulk_insert(doctype, [*child, field], rows, chunk_size=10_000)
	calls = [f"bench-{number:06d}" for number in range(CALLS)]
	frappe.db.bulk_insert("Call", [*common, "title", "call_owner"], [[n, *who, n, who[2]] for n in calls])
	rows = [[n, *who, n, "Call", "participants", 1, spelled(i)] for i, n in enumerate(calls)]
	frappe.db.bulk_insert("Call Participant", [*child, "phone"], rows)


def measure(function, arguments):
	took = []
	for argument in arguments:
		began = time.perf_counter()
		found = function(argument)
		took.append((time.perf_counter() - began) * 1000)
		if len(found) != 1:
			raise SystemExit(f"{argument}: {found}")
	return took


def main():
	import frappe

	with connected():
		from call_intelligence.people.matching import find, later

		frappe.db.set_single_value("System Settings", "country", "United States")
		fill(frappe)
		some = range(0, CALLS, CALLS // LOOKUPS)
		what = f"among {CONTACTS} Contacts"
		# spelled differently from the stored number
		by_phone = measure(lambda n: find.find_people(None, spelled(n).replace("-", " ")), some)
		by_email = measure(lambda n: find.find_people(f"Person.{n}@bench.example", None), some)
		calls = measure(lambda n: later.calls_with_addresses_of("Contact", f"bench-{n:06d}"), some)
		frappe.db.rollback()
	for name, took in (
		(f"a phone number {what}", by_phone),
		(f"an e-mail address {what}", by_email),
		(f"calls of a new Contact among {CALLS}", calls),
	):
		row(f"{name}, median", statistics.median(took), "ms")
		row(f"{name}, p95", percentile_95(took), "ms", LIMIT)


if __name__ == "__main__":
	main()
