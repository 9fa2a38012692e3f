"""Searches older calls for new terms: writes calls of 30 minutes (4,500 words each) into the test site, searches them with the
product's own functions in separate transactions, and extrapolates to 10,000 calls; the time is proportional, as each call
is read, searched and written separately. Reading, matching, writing and committing all count. Wall time, to include the database.
"""

import random
import time

from site_common import connected, delete, new_user, row
from terms import transcript, vocabulary

from tests import factories

CALLS = 40
TERMS = 20
EACH = 5  # phrases of a term
GOAL = 600  # seconds for 10,000 calls


def make_calls(owner, words, rng):
	"""-> {recording: call}; committed"""
	import frappe

	from call_intelligence.jobs import results

	made = {}
	for _number in range(CALLS):
		call = factories.call(
			owner, transcript=[("S1", 0, 1, "First."), ("S2", 1, 2, "Second.")], duration=1800
		)
		recording = frappe.db.get_value("Call Recording", {"call": call})
		frappe.db.set_value("Call Recording", recording, "duration", 1800)
		rows = [
			{
				"start": start,
				"end": end,
				"speaker": speaker,
				"text": text,
				# rounded as by the engine
				"words": [[round(a, 2), round(b, 2), word, p] for a, b, word, p in said],
				"confidence": 0.9,
			}
			for _name, start, end, speaker, text, said in transcript(rng, words, 4500)
		]
		results.replace_segments(call, recording, rows)
		made[recording] = call
	frappe.db.commit()
	return made


def main():
	import frappe

	with connected():
		from call_intelligence.queue import resumable
		from call_intelligence.terms import mentions, scans

		frappe.set_user("Administrator")
		rng = random.Random(7)
		words = vocabulary(rng, "en")
		owner, _authorization = new_user(factories.SEAT)
		made, names, category = {}, [], None
		try:
			made = make_calls(owner, words, rng)
			category = factories.term_category()
			for _number in range(TERMS):
				phrases = {" ".join(rng.choices(words[20:], k=rng.randint(1, 2))) for _ in range(EACH)}
				names.append(factories.term(*phrases, category=category))
			# otherwise the workers search for them as well
			frappe.db.delete("Term Scan")
			frappe.db.commit()
			recordings = sorted(made)
			found, began, used = 0, time.perf_counter(), time.process_time()
			for first in range(0, len(recordings), scans.RECORDINGS_AT_ONCE):
				if first == scans.RECORDINGS_AT_ONCE:
					warm, began, used = time.perf_counter() - began, time.perf_counter(), time.process_time()
				found += mentions.search_again(recordings[first : first + scans.RECORDINGS_AT_ONCE], names)
				frappe.db.commit()
			rest = len(recordings) - scans.RECORDINGS_AT_ONCE
			each, used = (time.perf_counter() - began) / rest, (time.process_time() - used) / rest
			assert found
			what = f"older calls of 30 min searched for {TERMS} new terms"
			row(f"{what}: one call, {found / len(recordings):.0f} mentions", each * 1000, "ms", 60)
			row(f"{what}: of that the worker's own processor time", used * 1000, "ms")
			# each slice of a scan is a new process with empty caches
			slices = each * 10_000 / resumable.SLICE_SECONDS
			total = each * 10_000 + slices * max(warm - each * scans.RECORDINGS_AT_ONCE, 0)
			row(f"{what}: 10,000 calls, extrapolated from {CALLS}", total, "s", GOAL)
		finally:
			if category:
				delete("Tracked Term Category", category)
			frappe.db.delete("Term Scan")
			for call in made.values():
				frappe.delete_doc("Call", call, force=True, ignore_permissions=True, delete_permanently=True)
			frappe.db.commit()
			delete("User", owner)


if __name__ == "__main__":
	main()
