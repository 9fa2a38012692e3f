"""The demo's calls: spoken by two synthetic voices, and recordings given by the user. Runs in the bench's Python."""

import hashlib
import time
from pathlib import Path

import frappe
from frappe.utils import add_to_date, now_datetime

from call_intelligence.core import storage
from call_intelligence.ingest.create import create_call
from call_intelligence.ingest.details import read_details
from call_intelligence.queue import wake
from call_intelligence.queue.stages import DONE, is_finished
from devbench.demo import people
from devbench.demo.people import PEOPLE
from tests.speech import spoken_call

SOURCE = "Demo"


def make_calls(records: dict) -> None:
	"""Queues the demo's own calls, except existing ones."""
	rep = PEOPLE[0]["email"]
	premium, delivery = spoken_call("premium_plan"), spoken_call("late_delivery")
	put(
		premium.stereo,
		external_id="premium-plan",
		title="Premium plan for Blue Harbor",
		direction="Inbound",
		start_time=str(add_to_date(now_datetime(), hours=-3).replace(microsecond=0)),
		call_owner=rep,
		owner_channel="first",
		# her contact and its company are found by the e-mail address
		participants=[{"display_name": "Sarah Miller", "email": "sarah.miller@blueharbor.example"}],
		associations=[{"doctype": "CRM Deal", "name": records["deal"]}],
	)
	put(
		delivery.mono,
		external_id="late-delivery",
		title="Where are the water pumps?",
		direction="Inbound",
		start_time=str(add_to_date(now_datetime(), days=-1).replace(microsecond=0)),
		call_owner=rep,
		# two people have this number, so that both are suggested
		participants=[{"phone": people.FARM}],
		associations=[{"doctype": "HD Ticket", "name": records["ticket"]}],
	)


def put_file(file: Path, records: dict) -> bool:
	"""Queues a recording of the user; the same file again creates no second call. Returns False when it is refused."""
	digest = hashlib.sha256(file.read_bytes()).hexdigest()[:32]
	try:
		put(
			file,
			external_id=digest,
			call_owner=PEOPLE[0]["email"],
			associations=[{"doctype": "Contact", "name": records["yours"]}],
		)
	except frappe.ValidationError as error:
		frappe.db.rollback()
		print(f"  !! {file.name}: {error}", flush=True)
		return False
	return True


def put(file: Path, **details) -> str:
	"""Creates a call as the product does; returns the Call's name."""
	created = create_call(storage.stage_path(str(file)), read_details({"source": SOURCE, **details}))
	frappe.db.commit()
	return created.call


def wait() -> int:
	"""Shows the progress of the demo's unfinished calls until all are done; returns how many failed meanwhile."""
	began: dict[str, float] = {}
	shown: dict[str, tuple] = {}
	failed = 0
	while True:
		# Ends the transaction, whose snapshot would never change.
		frappe.db.rollback()
		rows = frappe.get_all(
			"Call",
			filters={"name": ["in", _demo_calls() or [""]]},
			fields=["name", "title", "status", "progress", "duration", "error"],
			order_by="creation asc",
		)
		now = time.monotonic()
		for row in rows:
			if is_finished(row.status):
				if row.name in began:
					took = now - began.pop(row.name)
					ok = row.status in DONE
					failed += not ok
					text = f"{row.duration or 0:.0f} s of sound" if ok else row.error
					print(f"  {'ok' if ok else '!!'} {row.title:<34} {text:<30} {took:6.1f} s", flush=True)
				continue
			began.setdefault(row.name, now)
			state = (row.status, int((row.progress or 0) // 20))
			if shown.get(row.name) != state:
				shown[row.name] = state
				print(f"  .. {row.title:<34} {row.status} {row.progress or 0:.0f} %", flush=True)
		if not began:
			return failed
		# on a dormant site the scheduler does not run the sweep
		wake.sweep_soon()
		time.sleep(0.5)


def named(external_id: str) -> str:
	"""The Call of one of the demo's own recordings."""
	return frappe.db.get_value("Call Recording", {"source": SOURCE, "external_id": external_id}, "call")


def _demo_calls() -> list[str]:
	return frappe.get_all("Call Recording", filters={"source": SOURCE}, pluck="call")
