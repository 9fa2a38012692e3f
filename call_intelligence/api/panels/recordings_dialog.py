"""The dialog with the calls of a CRM record in the front ends of Frappe CRM and Helpdesk, as data and as HTML."""

import json
from urllib.parse import urlencode

from frappe import _
from frappe.utils import format_datetime
from markupsafe import Markup

from call_intelligence.api.media import media_url
from call_intelligence.associations import record_calls
from call_intelligence.core.addresses import path_of_form, path_of_list
from call_intelligence.discussion.mentions import clock
from call_intelligence.queue.stages import READY, is_finished

MOST_CALLS = 20
# front ends have classes of their own, so that the HTML is styled by itself; colours come from the page
LIST = "margin:0;padding:0;list-style:none;display:flex;flex-direction:column;gap:1.25rem"
FACTS = "opacity:.75;font-size:.875em;margin:.125rem 0 .5rem"
PLAYER = "display:block;width:100%;max-height:50vh"
LINK = "font-weight:500;text-decoration:underline"


def describe(doctype: str, name: str) -> dict:
	"""-> {"label": text of a button, "title": of the dialog, "html", "count": the number of calls that the session's user sees,
	"calls": the newest MOST_CALLS of them, [{"name", "title", "start_time", "duration" (s), "status", "kind" of media, "media_url" or None,
	"url"}]}
	"""
	rows, count = record_calls.newest(doctype, name, MOST_CALLS)
	calls = [
		{
			"name": row.name,
			"title": row.title,
			"start_time": row.start_time,
			"duration": row.duration,
			"status": row.status,
			"kind": row.kind,
			"media_url": row.recording and media_url(row.recording),
			"url": path_of_form("Call", row.name),
		}
		for row in rows
	]
	return {
		"label": _("Recordings ({0})").format(count) if count else _("Recordings"),
		"title": _("Call recordings"),
		"html": str(as_html(calls, count, doctype, name)),
		"count": count,
		"calls": calls,
	}


def as_html(calls: list[dict], count: int, doctype: str, name: str) -> Markup:
	if not calls:
		return Markup("<p>{}</p>").format(
			_("There are no recordings yet. Calls that are associated with this record appear here.")
		)
	items = Markup("").join(map(item, calls))
	if count <= len(calls):
		return Markup('<ul style="{}">{}</ul>').format(LIST, items)
	# as JSON, so that Desk compares the whole value, and as text
	filters = {
		"Call Association.link_doctype": json.dumps(["=", doctype]),
		"Call Association.link_name": json.dumps(["=", name]),
	}
	everything = f"{path_of_list('Call')}/view/list?{urlencode(filters)}"
	return Markup('<ul style="{}">{}<li>{}</li></ul>').format(
		LIST, items, link(everything, _("All {0} recordings").format(count))
	)


def item(call: dict) -> Markup:
	facts = [
		call["start_time"] and format_datetime(call["start_time"], "medium"),
		call["duration"] and clock(call["duration"]),
		None if call["status"] == READY else _(call["status"]),
	]
	return Markup(
		'<li><strong dir="auto">{title}</strong><div style="{style}">{facts}</div>{player}{link}</li>'
	).format(
		title=call["title"] or call["name"],
		style=FACTS,
		facts=" · ".join(filter(None, facts)),
		player=player(call),
		link=link(call["url"], _("Open the review")),
	)


def player(call: dict) -> Markup:
	# before that, the length and the playback copy are missing
	if not call["media_url"] or not is_finished(call["status"]) or not call["duration"]:
		return Markup("")
	tag = Markup("video") if call["kind"] == "Video" else Markup("audio")
	return Markup(
		'<{tag} controls preload="none" src="{src}" style="{style}" aria-label="{label}"></{tag}>'
	).format(tag=tag, src=call["media_url"], style=PLAYER, label=call["title"] or call["name"])


def link(address: str, text: str) -> Markup:
	return Markup('<a href="{}" target="_blank" rel="noopener" style="{}">{}</a>').format(address, LINK, text)
