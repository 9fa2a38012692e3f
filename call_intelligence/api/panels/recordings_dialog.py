"""The dialog with the calls of a CRM record in the front ends of Frappe CRM and Helpdesk, as data and as HTML."""

import json
from urllib.parse import urlencode

from frappe import _
from frappe.utils import format_time, formatdate
from markupsafe import Markup

from call_intelligence.api.media import media_url
from call_intelligence.associations import record_calls
from call_intelligence.core.addresses import path_of_form, path_of_list
from call_intelligence.discussion.mentions import clock
from call_intelligence.queue.stages import READY, is_finished

MOST_CALLS = 20
# players that load the length at once; the others would be as many requests
MOST_LENGTHS = 3
# front ends have classes of their own, so that the HTML is styled by itself. The colours are their variables, since outside their
# classes text stays black in the dark theme, and players stay white
COLOUR = "var(--ink-gray-8,inherit)"
LIST = f"color:{COLOUR};margin:0;padding:0;list-style:none;display:flex;flex-direction:column;gap:1.25rem"
DARK = Markup("<style>[data-theme=dark] .call-recordings :is(audio,video){color-scheme:dark}</style>")
FACTS = "opacity:.75;font-size:.875em;margin:.125rem 0 .5rem"
PLAYER = "display:block;width:100%;max-height:50vh"
LINK = "display:inline-block;margin-top:.375rem;color:inherit;font-weight:500;text-decoration:underline"


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
		return Markup('<p style="color:{}">{}</p>').format(
			COLOUR,
			_("There are no recordings yet. Calls that are associated with this record appear here."),
		)
	items = Markup("").join(item(call, number < MOST_LENGTHS) for number, call in enumerate(calls))
	if count > len(calls):
		items += Markup("<li>{}</li>").format(link_to_all(count, doctype, name))
	return DARK + Markup('<ul class="call-recordings" style="{}">{}</ul>').format(LIST, items)


def link_to_all(count: int, doctype: str, name: str) -> Markup:
	# as JSON, so that Desk compares the whole value, and as text
	filters = {
		"Call Association.link_doctype": json.dumps(["=", doctype]),
		"Call Association.link_name": json.dumps(["=", name]),
	}
	everything = f"{path_of_list('Call')}/view/list?{urlencode(filters)}"
	return link(everything, _("All {0} recordings").format(count))


def item(call: dict, with_length: bool) -> Markup:
	facts = [
		call["start_time"] and to_the_minute(call["start_time"]),
		call["duration"] and clock(call["duration"]),
		None if call["status"] == READY else _(call["status"]),
	]
	return Markup(
		'<li><strong dir="auto">{title}</strong><div style="{style}">{facts}</div>{player}{link}</li>'
	).format(
		title=call["title"] or call["name"],
		style=FACTS,
		facts=" · ".join(filter(None, facts)),
		player=player(call, with_length),
		link=link(call["url"], _("Open the review")),
	)


def to_the_minute(time) -> str:
	return f"{formatdate(time, 'medium')}, {format_time(time, 'short')}"


def player(call: dict, with_length: bool) -> Markup:
	# before that, the length and the playback copy are missing
	if not call["media_url"] or not is_finished(call["status"]) or not call["duration"]:
		return Markup("")
	tag = Markup("video") if call["kind"] == "Video" else Markup("audio")
	return Markup(
		'<{tag} controls preload="{preload}" src="{src}" style="{style}" aria-label="{label}"></{tag}>'
	).format(
		tag=tag,
		preload="metadata" if with_length else "none",
		src=call["media_url"],
		style=PLAYER,
		label=call["title"] or call["name"],
	)


def link(address: str, text: str) -> Markup:
	return Markup('<a href="{}" target="_blank" rel="noopener" style="{}">{}</a>').format(address, LINK, text)
