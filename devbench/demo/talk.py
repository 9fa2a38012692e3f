"""Notes on the demo's first call, and a coach's comments. Runs in the bench's Python."""

import frappe

from call_intelligence.discussion import comments, mentions, notes
from call_intelligence.transcript import recording_of
from devbench.demo.people import PEOPLE

REP, COACH = PEOPLE[0], PEOPLE[1]
NOTES = (
	"<p>Team of fifty, deciding with her manager.</p>"
	"<ul><li>Premium plan, yearly: send the price with the discount</li><li>Call with both on Thursday afternoon</li></ul>"
)


def make_talk(call: str) -> None:
	"""Adds them, unless the call has comments or notes, or is not ready."""
	status, written = frappe.db.get_value("Call", call, ["status", "notes"])
	if status != "Ready" or written or frappe.db.exists("Call Comment", {"call": call}):
		return
	frappe.set_user(REP["email"])
	notes.save(call, NOTES, 0)
	price, question = moment(call, "discount"), moment(call, "how can I help")
	frappe.set_user(COACH["email"])
	comments.add(call, "<p>A friendly opening: name, company and an open question at once.</p>", at=question)
	first = comments.add(
		call,
		f"<p>{mention(call, REP)} here she asks for the price, and hears a condition. What would a number have done?</p>",
		at=price,
	)
	frappe.set_user(REP["email"])
	comments.add(
		call, "<p>I did not know the size of her team yet. Next time I ask that first.</p>", reply_to=first
	)
	frappe.set_user("Administrator")
	frappe.db.commit()


def moment(call: str, words: str) -> float:
	"""Seconds at which the utterance with the words begins; 0 if the transcript differs from the script."""
	found = frappe.get_all(
		"Transcript Segment",
		filters={"recording": recording_of(call), "text": ["like", f"%{words}%"]},
		pluck="start_seconds",
		order_by="position",
		limit=1,
	)
	return found[0] if found else 0.0


def mention(call: str, person: dict) -> str:
	name = mentions.mentionable([person["email"]])[person["email"]]
	return f'<span class="mention" data-id="{person["email"]}" data-value="{name}" data-is-group="false">@{name}</span>'
