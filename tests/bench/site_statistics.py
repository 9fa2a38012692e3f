"""A call of four hours, 6,000 utterances of two voices with turns, on a site with 100 tracked terms: measures a change of a voice's
side, from the request until all data derived from the transcript is recomputed and committed, as the request does; and the
figures alone.
"""

import json
import statistics
import time

from site_common import connected, delete, new_user, row

from tests import factories

TIMES = 9
TERMS = 100
LIMIT = 1.0  # s


def long_call(owner):
	"""-> name; the caller commits, and deletes it"""
	import frappe

	from call_intelligence import transcript

	call = factories.long_call(owner, 4 * 3600, 6000)
	recording = transcript.recording_of(call)
	turns = [
		{"start": start, "end": end, "speaker": key}
		for _name, start, end, key, *_text in transcript.segments(recording, with_words=False)
	]
	frappe.db.set_value("Call Recording", recording, "speaker_turns", json.dumps(turns))
	return call


def make_terms():
	"""Two phrases each, every second one for the customer only; two are said every few utterances -> their category"""
	import frappe

	category = factories.term_category()
	words = factories.VOCABULARY.split()
	for number in range(TERMS):
		said = words[number] if number < 2 else f"word{number}"
		factories.term(
			said,
			f"{said} number {number}",
			category=category,
			said_by="Customer" if number % 2 else "Anyone",
		)
	# otherwise the workers search older calls for them meanwhile
	frappe.db.delete("Term Scan")
	return category


def main():
	import frappe

	from call_intelligence.insights import analysis
	from call_intelligence.statistics import describe, store
	from call_intelligence.transcript import recording_of
	from call_intelligence.transcript.reading import read_transcript

	with connected():
		owner, _authorization = new_user(factories.SEAT)
		call, category = long_call(owner), make_terms()
		frappe.db.commit()
		took = {"changed": [], "figures": [], "told": []}
		try:
			for number in range(TIMES):
				for key, side in (("S1", ("Owner", "Customer")), ("S2", ("Customer", "Owner"))):
					frappe.db.set_value(
						"Call Participant", {"parent": call, "speaker_key": key}, "side", side[number % 2]
					)
				began = time.perf_counter()
				analysis.sides_changed(call)
				frappe.db.commit()
				took["changed"].append(time.perf_counter() - began)

				began = time.perf_counter()
				store(read_transcript(call, recording_of(call)))
				took["figures"].append(time.perf_counter() - began)
				frappe.db.commit()

				began = time.perf_counter()
				told = describe(call)
				took["told"].append(time.perf_counter() - began)
				assert all(figure["value"] is not None for figure in told["figures"])
		finally:
			frappe.db.rollback()
			delete("Call", call)
			delete("Tracked Term Category", category)
			frappe.db.delete("Term Scan")
			delete("User", owner)
	name = f"call of 4 h, 6,000 utterances, {TERMS} tracked terms:"
	row(f"{name} sides changed, all told anew, median", statistics.median(took["changed"]), "s", LIMIT)
	row(f"{name} sides changed, all told anew, longest", max(took["changed"]), "s")
	row(f"{name} of that reading, measuring and storing figures", statistics.median(took["figures"]), "s")
	row(f"{name} what a review asks for", statistics.median(took["told"]) * 1000, "ms")


if __name__ == "__main__":
	main()
