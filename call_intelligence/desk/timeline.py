"""Cards of calls on the timeline of every record they are associated with."""

import json

from call_intelligence.api.review import media_url
from call_intelligence.core import live
from call_intelligence.integrations.registry import association_doctypes
from call_intelligence.permissions import visible_calls_of
from call_intelligence.queries import sql
from call_intelligence.queue import wake
from call_intelligence.queue.stages import is_finished
from call_intelligence.transcript import speaker_name

MOST_CARDS = 30
# calls of the timeline's record
BELONGS = """`tabCall`.`name` in (
		select `parent` from `tabCall Association`
		where `parenttype` = 'Call' and `link_doctype` = %(doctype)s and `link_name` = %(docname)s
	)
	and {visible}"""


def get_timeline_cards(doctype: str, docname: str) -> list[dict]:
	"""Hook additional_timeline_content: the newest calls that the session's user sees; one query about calls."""
	if doctype not in association_doctypes():
		return []
	live.watch(doctype, docname)
	record = {"doctype": doctype, "docname": docname}
	visible = {"visible": visible_calls_of(doctype, docname)}
	calls = sql.run(
		f"""
		select `tabCall`.`name`, `tabCall`.`title`, `tabCall`.`call_owner`, owner.`full_name` as call_owner_name,
			`tabCall`.`start_time`, `tabCall`.`duration`, `tabCall`.`direction`, `tabCall`.`status`,
			`tabCall`.`progress`, `tabCall`.`error`, `tabCall`.`warning`, `tabCall`.`next_attempt_at`,
			`tabCall`.`preview`, `tabCall`.`creation`,
			recording.`name` as recording, recording.`kind`
		from `tabCall`
		left join `tabCall Recording` recording on recording.`call` = `tabCall`.`name`
		left join `tabUser` owner on owner.`name` = `tabCall`.`call_owner`
		where {BELONGS}
		order by `tabCall`.`start_time` desc
		limit {MOST_CARDS + 1}
		""",
		record,
		conditions=visible,
		as_dict=True,
	)
	cards = [card(call) for call in calls[:MOST_CARDS]]
	if not all(card["template_data"]["finished"] for card in cards):
		wake.sweep_soon()
	if len(calls) > MOST_CARDS:
		# the oldest card leads to the list of the others
		number = sql.run(f"select count(*) from `tabCall` where {BELONGS}", record, conditions=visible)[0][0]
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
