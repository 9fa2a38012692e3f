"""Loads the demo into a site and waits until its calls are processed.

Runs in the bench's Python, in sites/:

    python -m devbench.demo.load SITE OUTCOME_FILE records|- [AUDIO...]

With "records", missing people, records and calls are created. OUTCOME_FILE gets the text that `./run demo` prints at its end.
Exit status: 0 all processed, 3 a call failed or was refused, anything else: an error.
"""

import sys
from pathlib import Path
from urllib.parse import quote

import frappe

from devbench.demo import calls, people, playlists, talk, telephone, terms
from devbench.files import read_json, write_json

FAILED = 3


def main(site: str, outcome: str, what: str, *audio: str) -> int:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	file = Path(outcome)
	records = read_json(file, {}).get("records")
	if what == "records" or not records:
		people.make_people()
		records = people.make_records()
		frappe.db.commit()
		terms.make_terms()
		calls.make_calls(records)
	refused = sum(not calls.put_file(Path(path), records) for path in audio)
	failed = calls.wait()
	talk.make_talk(calls.named("premium-plan"))
	playlists.make_playlist(calls.named)
	site_url = f"http://127.0.0.1:{read_json(file.parent / 'ports.json', {})['web']}"
	posted = telephone.connect(site_url)
	write_json(file, {"records": records, "posted": posted, **directions(records, bool(audio))})
	frappe.destroy()
	return FAILED if refused or failed else 0


def directions(records: dict, with_audio: bool) -> dict:
	"""Logins, and pages to open."""
	places = [
		("Sarah Miller's timeline: a stereo call", "Contact", records["sarah"]),
		("The deal it belongs to", "CRM Deal", records["deal"]),
		("A support ticket: a mono call", "HD Ticket", records["ticket"]),
	]
	if with_audio:
		places.append(("Your own recordings", "Contact", records["yours"]))
	listed = [
		{"what": "All calls", "path": "/app/call"},
		{"what": "A coach's playlist", "path": "/app/call-playlist"},
		{"what": "Where calls come from (as the coach)", "path": "/app/recording-source"},
	]
	listed += [
		{"what": what, "path": f"/app/{slug(doctype)}/{quote(name)}"} for what, doctype, name in places
	]
	return {
		"password": people.PASSWORD,
		"people": [{"email": person["email"], "is": person["is"]} for person in people.PEOPLE],
		"places": listed,
	}


def slug(doctype: str) -> str:
	return doctype.lower().replace(" ", "-")


if __name__ == "__main__":
	sys.exit(main(*sys.argv[1:]))
