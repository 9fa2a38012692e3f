"""Previews of what unsaved terms would find in the latest calls."""

import time
from collections.abc import Sequence

import frappe
from frappe import _
from frappe.utils import cint

from call_intelligence.engine.spacing import joined
from call_intelligence.engine.types import Segment
from call_intelligence.permissions import visible_calls
from call_intelligence.terms import catalogue, current, mentions, rules
from call_intelligence.transcript.reading import read_segments

CALLS, MOST_CALLS = 20, 50
MOST_TERMS = 50
SECONDS = 4.0
EXCERPTS = 3
AROUND = 6  # words on each side


def preview(entries: list[dict], calls: int = CALLS) -> dict:
	"""entries: terms as for catalogue.save, each with a `key` of the sender's; calls: how many of the latest calls that the
	session's user sees to search, within SECONDS.

	-> {"calls": number searched, "wanted": number to be searched, "terms": [{"key", "mentions", "calls",
	"excerpts": [{"call", "title", "start", "before", "said", "after"}]} or {"key", "error": why the term is invalid}]}
	"""
	until = time.monotonic() + SECONDS
	results, terms = {}, []
	for number, entry in enumerate(entries[:MOST_TERMS]):
		key = str(entry.get("key") or number)
		try:
			term = draft(key, entry)
		except frappe.ValidationError as error:
			frappe.clear_messages()
			results[key] = {"key": key, "error": frappe.utils.strip_html(str(error))}
		else:
			terms.append(term)
			results[key] = {"key": key, "mentions": 0, "calls": 0, "excerpts": []}
	recordings = last_recordings(min(max(cint(calls) or CALLS, 1), MOST_CALLS))
	search, searched = current.Search(terms, keep=False), 0
	if terms:
		for name, title in recordings:
			look(search, name, title, results)
			searched += 1
			if time.monotonic() > until:
				break
	return {"calls": searched, "wanted": len(recordings), "terms": list(results.values())}


def draft(key: str, entry: dict):
	"""An unsaved Tracked Term, with the sender's key as its name. Raises if it is invalid."""
	term = frappe.get_doc({"doctype": catalogue.TERM, **catalogue.values_of(entry)})
	term.title = rules.title_of(term.title or _("Untitled"))
	rules.check_place(term)
	rules.check_phrases(term)
	term.name = key
	return term


def last_recordings(count: int) -> list[tuple[str, str]]:
	"""[(recording, title of its call)] of the newest calls that the session's user sees and that have a transcript"""
	return frappe.db.sql(
		f"""select rec.`name`, `tabCall`.`title` from `tabCall`
		inner join `tabCall Recording` rec on rec.`call` = `tabCall`.`name`
		where `tabCall`.`status` = 'Ready' and {visible_calls()}
		order by `tabCall`.`start_time` desc, `tabCall`.`creation` desc limit {cint(count)}"""
	)  # nosemgrep


def look(search: current.Search, recording: str, title: str, results: dict) -> None:
	about = mentions.facts([recording])[recording]
	segments = read_segments([recording], all_words=True)[recording]
	seen = set()
	for mention in search.mentions(segments, about.sides, about.duration or None, about.language):
		result = results[mention.term]
		result["mentions"] += 1
		if mention.term not in seen:
			seen.add(mention.term)
			result["calls"] += 1
		if len(result["excerpts"]) < EXCERPTS:
			result["excerpts"].append(excerpt(mention, segments, about.call, title))


def excerpt(mention, segments: list[Segment], call: str, title: str) -> dict:
	first, last = (words_of(segments[index]) for index in mention.segments)
	before = first[max(mention.words[0] - AROUND, 0) : mention.words[0]]
	after = last[mention.words[1] + 1 : mention.words[1] + 1 + AROUND]
	return {
		"call": call,
		"title": title,
		"start": mention.start,
		"before": joined(before),
		"said": mention.text,
		"after": joined(after),
	}


def words_of(segment: Segment) -> Sequence[Sequence]:
	return segment.words or [[0, 0, word, 1] for word in segment.text.split()]
