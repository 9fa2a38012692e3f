"""Cards of calls on the timeline of every record they are associated with."""

import json

from call_intelligence.api.media import media_url
from call_intelligence.associations import record_calls
from call_intelligence.core import live
from call_intelligence.integrations.registry import association_doctypes
from call_intelligence.queue import wake
from call_intelligence.queue.stages import is_finished
from call_intelligence.transcript import speaker_name

MOST_CARDS = 30


def get_timeline_cards(doctype: str, docname: str) -> list[dict]:
	"""Hook additional_timeline_content: the newest calls that the session's user sees; one query about calls."""
	if doctype not in association_doctypes():
		return []
	live.watch(doctype, docname)
	calls, number = record_calls.newest(doctype, docname, MOST_CARDS)
	cards = [card(call) for call in calls]
	if not all(card["template_data"]["finished"] for card in cards):
		wake.sweep_soon()
	if number > len(cards):
		# the oldest card leads to the list of the others
		cards[-1]["template_data"]["more"] = {"doctype": doctype, "name": docname, "count": number}
	return cards


def card(call) -> dict:
	preview = json.loads(call.pop("preview") or "[]")
	return {
		"icon": "call",
		"is_card": True,
		"creation": call.start_time or call.creation,
		"template": "call_timeline_card",
		"template_data": {
			**call,
			"finished": is_finished(call.status),
			"media_url": call.recording and media_url(call.recording),
			"preview": [{**row, "speaker": speaker_name(row["speaker"], row.get("name"))} for row in preview],
		},
	}
